package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.token.WorkloadIdentity;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What policy looks at of whoever asks. Not shared between threads.
final class Subject {

    private final TrustedIssuer issuer;
    private final Claims claims;
    private final @Nullable Instant expiresAt;
    private final @Nullable String boundKey;
    private @Nullable Map<String, Object> conditionClaims;

    /// @param expiresAt the subject token's end; null when claims without one are explained
    /// @param boundKey thumbprint of the key the subject token is bound to, or null
    Subject(
            TrustedIssuer issuer,
            Claims claims,
            @Nullable Instant expiresAt,
            @Nullable String boundKey) {
        this.issuer = issuer;
        this.claims = claims;
        this.expiresAt = expiresAt;
        this.boundKey = boundKey;
    }

    static Subject of(WorkloadIdentity identity) {
        var token = identity.token();
        return new Subject(token.issuer(), token.claims(), token.expiresAt(), token.boundKey());
    }

    /// From claims whose signature nobody has looked at.
    static Subject unverified(TrustedIssuer issuer, Claims claims) {
        Long exp = claims.integer("exp");
        return new Subject(
                issuer,
                claims,
                exp == null || exp < 0 || exp > 253_402_300_799L
                        ? null
                        : Instant.ofEpochSecond(exp),
                claims.at("/cnf/jkt") instanceof String thumbprint ? thumbprint : null);
    }

    TrustedIssuer issuer() {
        return issuer;
    }

    Claims claims() {
        return claims;
    }

    @Nullable Instant expiresAt() {
        return expiresAt;
    }

    @Nullable String boundKey() {
        return boundKey;
    }

    /// As conditions see the claims: made once, and only when a condition asks.
    Map<String, Object> conditionClaims() {
        Map<String, Object> made = conditionClaims;
        if (made == null) {
            made = ConditionClaims.of(claims);
            conditionClaims = made;
        }
        return made;
    }
}
