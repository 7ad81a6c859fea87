package dev.tollbridge.bridge.mint;

import dev.tollbridge.bridge.secret.Secret;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A credential that exists, and that nobody has been given yet.
///
/// @param value the token, or the JSON text in the form its ecosystem's tools read
/// @param tokenType `Bearer`, `DPoP` or `N_A` (RFC 8693 section 2.2.1)
/// @param issuedTokenType one of {@link IssuedTokenType}
/// @param expiresAt whole seconds
/// @param revocable whether the bridge can end it early
/// @param endedBy what the provider has to be shown to end it, such as the token itself or the
///   object it is bound to; null when nothing is needed, or it cannot be ended
/// @param knownAs what the provider calls this credential in its own log, for the record, so that
///   the two logs can be laid side by side; bounded, one line, never a secret; null: nothing
public record MintedCredential(
        Secret value,
        String tokenType,
        String issuedTokenType,
        Instant expiresAt,
        boolean revocable,
        @Nullable Secret endedBy,
        @Nullable String knownAs) {

    public MintedCredential(
            Secret value,
            String tokenType,
            String issuedTokenType,
            Instant expiresAt,
            boolean revocable,
            @Nullable Secret endedBy) {
        this(value, tokenType, issuedTokenType, expiresAt, revocable, endedBy, null);
    }

    /// One that nobody else has to be told about to end it.
    public MintedCredential(
            Secret value,
            String tokenType,
            String issuedTokenType,
            Instant expiresAt,
            boolean revocable) {
        this(value, tokenType, issuedTokenType, expiresAt, revocable, null, null);
    }
}
