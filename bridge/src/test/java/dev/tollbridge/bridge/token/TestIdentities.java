package dev.tollbridge.bridge.token;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import java.time.Instant;
import java.util.Map;

/// Identities without tokens, for tests of what comes after verification.
public final class TestIdentities {

    private TestIdentities() {}

    public static WorkloadIdentity of(TrustedIssuer issuer, Claims claims, Instant expiresAt) {
        return new WorkloadIdentity(
                new VerifiedToken(
                        issuer,
                        claims,
                        "fingerprint",
                        "jti",
                        expiresAt.minusSeconds(300),
                        expiresAt),
                issuer.name() + ":test",
                Map.of());
    }
}
