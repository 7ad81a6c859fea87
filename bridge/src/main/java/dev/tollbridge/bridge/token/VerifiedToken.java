package dev.tollbridge.bridge.token;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A token whose signature, times and audience hold and whose claims have the types its issuer
/// gives them. Only the {@link TokenVerifier} makes one.
public final class VerifiedToken {

    private final TrustedIssuer issuer;
    private final Claims claims;
    private final String fingerprint;
    private final String jtiHash;
    private final Instant issuedAt;
    private final Instant expiresAt;

    /// @param jtiHash what replay is judged by, in hexadecimal: 128 bits of the SHA-256 of issuer,
    ///   audience and `jti`; for a token without `jti`, of issuer, audience and the signed bytes
    VerifiedToken(
            TrustedIssuer issuer,
            Claims claims,
            String fingerprint,
            String jtiHash,
            Instant issuedAt,
            Instant expiresAt) {
        this.issuer = issuer;
        this.claims = claims;
        this.fingerprint = fingerprint;
        this.jtiHash = jtiHash;
        this.issuedAt = issuedAt;
        this.expiresAt = expiresAt;
    }

    public TrustedIssuer issuer() {
        return issuer;
    }

    public Claims claims() {
        return claims;
    }

    public String fingerprint() {
        return fingerprint;
    }

    public String jtiHash() {
        return jtiHash;
    }

    public Instant issuedAt() {
        return issuedAt;
    }

    /// The token's own `exp`; the clock skew is not added.
    public Instant expiresAt() {
        return expiresAt;
    }

    /// The thumbprint of the key the token is bound to (`cnf.jkt`, RFC 9449 section 6.1), or null.
    public @Nullable String boundKey() {
        return claims.at("/cnf/jkt") instanceof String thumbprint ? thumbprint : null;
    }

    @Override
    public String toString() {
        return "VerifiedToken[" + issuer.name() + " " + fingerprint + "]";
    }
}
