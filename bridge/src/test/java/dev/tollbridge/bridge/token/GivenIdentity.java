package dev.tollbridge.bridge.token;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.KeySource;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Network;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// For tests of what comes after verification: an identity that nobody verified.
public final class GivenIdentity {

    private GivenIdentity() {}

    public static WorkloadIdentity of(String subject, Claims claims, Instant issuedAt) {
        TrustedIssuer issuer =
                new TrustedIssuer(
                        "github",
                        "https://issuer.example",
                        "https://tollbridge.example",
                        null,
                        new KeySource.Discovery(),
                        null,
                        Set.of("RS256"),
                        Map.of(),
                        List.of(),
                        null,
                        Replay.SINGLE_USE,
                        null,
                        Duration.ofHours(1),
                        Duration.ofSeconds(30),
                        true,
                        false,
                        false,
                        null,
                        Network.DEFAULT,
                        true,
                        Duration.ofHours(1));
        return new WorkloadIdentity(
                new VerifiedToken(
                        issuer, claims, "f00d", "cafe", issuedAt, issuedAt.plusSeconds(300)),
                subject,
                Map.of());
    }
}
