package dev.tollbridge.bridge.issuer;

import dev.tollbridge.bridge.config.Document;
import dev.tollbridge.bridge.config.Document.Place;
import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.TrustedIssuerSpec;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.KeySource;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Network;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.TokenReviewSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// TrustedIssuer documents as a test needs them, without YAML.
final class IssuerDocuments {

    private final TreeMap<String, Document<TrustedIssuerSpec>> issuers = new TreeMap<>();

    /// What a user can write; everything else is as if nothing was written.
    static final class Written {
        @Nullable String preset;
        @Nullable String issuer;
        String audience = "https://tollbridge.acme.example";
        KeySource keys = new KeySource.Discovery();
        @Nullable List<String> algorithms;
        @Nullable Replay replay;
        @Nullable Duration maxTokenLifetime;
        @Nullable TokenReviewSource tokenReview;
        @Nullable Boolean requirePod;
        boolean enabled = true;

        static Written preset(String preset) {
            Written written = new Written();
            written.preset = preset;
            return written;
        }

        static Written issuer(String issuer) {
            Written written = new Written();
            written.issuer = issuer;
            return written;
        }

        Written from(String url) {
            issuer = url;
            return this;
        }

        Written forAudience(String text) {
            audience = text;
            return this;
        }

        Written withKeys(KeySource source) {
            keys = source;
            return this;
        }

        Written signedBy(String... names) {
            algorithms = List.of(names);
            return this;
        }

        Written disabled() {
            enabled = false;
            return this;
        }
    }

    IssuerDocuments with(String name, Written written) {
        issuers.put(
                name,
                new Document<>(
                        name,
                        Map.of(),
                        Map.of(),
                        new TrustedIssuerSpec(
                                written.preset,
                                written.issuer,
                                written.audience,
                                written.keys,
                                written.algorithms,
                                written.replay,
                                null,
                                written.maxTokenLifetime,
                                TrustedIssuerSpec.DEFAULT_CLOCK_SKEW,
                                written.tokenReview,
                                Network.DEFAULT,
                                written.requirePod,
                                List.of(),
                                written.enabled),
                        new Place("issuers/all.yaml", 1)));
        return this;
    }

    Documents documents() {
        return new Documents(
                issuers, new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
    }
}
