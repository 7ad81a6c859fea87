package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.TrustedIssuerSpec.KeySource;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Network;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.TokenReviewSource;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// From the fields of a trusted issuer to its record.
final class IssuerFields {

    private IssuerFields() {}

    static TrustedIssuerSpec spec(Values spec) {
        List<String> algorithms = spec.texts("algorithms");
        Duration skew = spec.span("clockSkew");
        return new TrustedIssuerSpec(
                spec.text("preset"),
                spec.text("issuer"),
                spec.needText("audience"),
                keys(spec.nested("keys")),
                algorithms.isEmpty() ? null : algorithms,
                replay(spec.text("replay")),
                spec.span("maxTokenAge"),
                spec.span("maxTokenLifetime"),
                skew == null ? TrustedIssuerSpec.DEFAULT_CLOCK_SKEW : skew,
                tokenReview(spec.nested("tokenReview")),
                network(spec.nested("network")),
                spec.flag("requirePod"),
                spec.matches("denied"),
                spec.flag("enabled", true));
    }

    private static KeySource keys(@Nullable Values keys) {
        if (keys == null || keys.isWritten("discovery")) {
            return new KeySource.Discovery();
        }
        String url = keys.text("url");
        if (url != null) {
            return new KeySource.Url(url);
        }
        String inline = keys.text("inline");
        if (inline != null) {
            return new KeySource.Inline(inline);
        }
        String file = keys.content("file", "secretRef");
        if (file != null) {
            return new KeySource.File(file);
        }
        Values server = keys.needNested("apiServer");
        return new KeySource.ApiServer(
                server.needText("url"),
                server.content("caFile", "caSecretRef"),
                server.content("tokenFile", "tokenSecretRef"));
    }

    private static @Nullable Replay replay(@Nullable String written) {
        return switch (written) {
            case null -> null;
            case "single-use" -> Replay.SINGLE_USE;
            case "per-target" -> Replay.PER_TARGET;
            case "record" -> Replay.RECORD;
            default -> Replay.OFF;
        };
    }

    private static @Nullable TokenReviewSource tokenReview(@Nullable Values review) {
        return review == null
                ? null
                : new TokenReviewSource(
                        review.content("kubeconfig", "kubeconfigSecretRef"),
                        review.flag("inCluster", false));
    }

    private static Network network(@Nullable Values network) {
        return network == null
                ? Network.DEFAULT
                : new Network(
                        network.flag("allowPrivate", false),
                        network.content("caFile", "caSecretRef"));
    }
}
