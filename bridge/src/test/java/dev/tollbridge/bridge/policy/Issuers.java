package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.config.TrustedIssuerSpec.KeySource;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Network;
import dev.tollbridge.bridge.issuer.Preset;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import java.time.Duration;
import java.util.Set;

/// Trusted issuers of a preset, whatever its URLs have to look like.
final class Issuers {

    private Issuers() {}

    static TrustedIssuer of(Preset preset) {
        return new TrustedIssuer(
                "ci",
                "https://ci.example",
                PolicyFixture.AUDIENCE,
                preset,
                new KeySource.Discovery(),
                null,
                Set.of("RS256"),
                preset.claims(),
                preset.identifyingClaims(),
                preset.stableSubject(),
                preset.replay(),
                null,
                preset.tokenLifetime(),
                Duration.ofSeconds(30),
                preset.requiresJti(),
                preset.kubernetes(),
                preset.kubernetes(),
                null,
                Network.DEFAULT,
                preset.mayOutlive(),
                preset.cap());
    }
}
