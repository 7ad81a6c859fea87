package dev.tollbridge.bridge.testing;

import dev.tollbridge.bridge.config.TrustedIssuerSpec.KeySource;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Network;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.TokenReviewSource;
import dev.tollbridge.bridge.issuer.ClaimFact;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Builds trusted issuers without going through documents; set what a test is about, build the rest
/// as defaults. An issuer's name is `ci` unless set.
public final class Issuers {

    public static final String URL = "https://issuer.example";
    public static final String AUDIENCE = "https://tollbridge.acme.example";

    public String name = "ci";
    public String issuer = URL;
    public String audience = AUDIENCE;
    public Set<String> algorithms = Set.of("RS256", "ES256");
    public Map<String, ClaimFact> claimTypes = new LinkedHashMap<>();
    public List<String> identifyingClaims = List.of("sub");
    public @Nullable String stableSubject;
    public @Nullable Duration maxTokenAge;
    public Duration maxTokenLifetime = Duration.ofHours(24);
    public Duration clockSkew = Duration.ofSeconds(30);
    public boolean requiresJti;
    public boolean kubernetes;
    public boolean requirePod;
    public @Nullable TokenReviewSource tokenReview;

    public Issuers type(String claim, ClaimFact.Type type) {
        claimTypes.put(
                claim, new ClaimFact(claim, type, false, false, ClaimFact.Controller.PLATFORM, ""));
        return this;
    }

    public TrustedIssuer build() {
        return new TrustedIssuer(
                name,
                issuer,
                audience,
                null,
                new KeySource.Discovery(),
                null,
                algorithms,
                claimTypes,
                identifyingClaims,
                stableSubject,
                Replay.SINGLE_USE,
                maxTokenAge,
                maxTokenLifetime,
                clockSkew,
                requiresJti,
                kubernetes,
                requirePod,
                tokenReview,
                Network.DEFAULT,
                true,
                Duration.ofHours(1));
    }
}
