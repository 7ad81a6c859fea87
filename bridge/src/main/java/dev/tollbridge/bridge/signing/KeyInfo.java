package dev.tollbridge.bridge.signing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What may be told about a signing key.
///
/// @param kid its RFC 7638 SHA-256 thumbprint
/// @param createdAt when it was made, which is when it was published
/// @param leavesAt when a retired or revoked key is forgotten; null while it is next or active
public record KeyInfo(
        String kid,
        OwnIssuer issuer,
        SigningAlgorithm algorithm,
        KeyState state,
        Instant createdAt,
        @Nullable Instant activatedAt,
        @Nullable Instant endedAt,
        @Nullable Instant leavesAt) {}
