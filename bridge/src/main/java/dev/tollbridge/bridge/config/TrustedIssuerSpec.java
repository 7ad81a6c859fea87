package dev.tollbridge.bridge.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A trusted issuer as written. Null means "not written": the preset or the default decides.
///
/// @param preset id or alias of a shipped preset
/// @param issuer exact issuer URL
/// @param audience the one audience its tokens must have; mandatory
/// @param algorithms JWS algorithm names
/// @param maxTokenAge bound on now minus `iat`
/// @param maxTokenLifetime bound on `exp` minus `iat`
/// @param clockSkew default 30 s, at most 2 min
/// @param denied subjects that are refused: each entry is a match over claims
public record TrustedIssuerSpec(
        @Nullable String preset,
        @Nullable String issuer,
        String audience,
        KeySource keys,
        @Nullable List<String> algorithms,
        @Nullable Replay replay,
        @Nullable Duration maxTokenAge,
        @Nullable Duration maxTokenLifetime,
        Duration clockSkew,
        @Nullable TokenReviewSource tokenReview,
        Network network,
        @Nullable Boolean requirePod,
        List<Map<String, MatchForm>> denied,
        boolean enabled)
        implements Spec {

    public static final Duration DEFAULT_CLOCK_SKEW = Duration.ofSeconds(30);

    /// How often one subject token may be used.
    public enum Replay {
        SINGLE_USE,
        PER_TARGET,
        RECORD,
        OFF
    }

    /// Where the issuer's public keys come from.
    public sealed interface KeySource {
        /// OpenID Connect discovery at the issuer's URL.
        record Discovery() implements KeySource {}

        /// A key set at a URL.
        record Url(String url) implements KeySource {}

        /// A key set written in the document, as JSON text.
        record Inline(String jwks) implements KeySource {}

        /// A key set in a file, relative to the document's directory.
        record File(String path) implements KeySource {}

        /// The key set a Kubernetes API server publishes.
        ///
        /// @param tokenFile the bearer token to ask with; null: anonymous
        record ApiServer(String url, @Nullable String caFile, @Nullable String tokenFile)
                implements KeySource {}
    }

    /// Where TokenReview is asked: exactly one of the two.
    ///
    /// @param kubeconfig a kubeconfig file; null: the cluster the bridge runs in
    public record TokenReviewSource(@Nullable String kubeconfig, boolean inCluster) {}

    /// @param allowPrivate whether loopback, private and link-local addresses may be connected to
    /// @param caFile PEM certificates to trust instead of the system's
    public record Network(boolean allowPrivate, @Nullable String caFile) {
        public static final Network DEFAULT = new Network(false, null);
    }
}
