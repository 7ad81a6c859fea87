package dev.tollbridge.bridge.mint;

import dev.tollbridge.bridge.secret.Secret;
import java.time.Instant;

/// A credential that exists, and that nobody has been given yet.
///
/// @param value the token, or the JSON text in the form its ecosystem's tools read
/// @param tokenType `Bearer`, `DPoP` or `N_A` (RFC 8693 section 2.2.1)
/// @param issuedTokenType URN
/// @param expiresAt whole seconds
/// @param revocable whether the bridge can end it early
public record MintedCredential(
        Secret value,
        String tokenType,
        String issuedTokenType,
        Instant expiresAt,
        boolean revocable) {}
