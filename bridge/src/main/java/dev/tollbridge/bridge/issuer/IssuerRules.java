package dev.tollbridge.bridge.issuer;

import dev.tollbridge.bridge.config.Document;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.TrustedIssuerSpec;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.KeySource;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.TokenReviewSource;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is refused, or warned of, in one TrustedIssuer document. The rule ids have a page each.
final class IssuerRules {

    /// RFC 7518 section 3.1 and RFC 8037: signatures with a key pair. Nothing symmetric: whoever
    /// can verify such a token can forge it.
    private static final Set<String> ASYMMETRIC =
            Set.of(
                    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
                    "EdDSA");

    private static final int LONGEST_URL = 512;

    private final PresetCatalogue presets;

    /// As `cluster.KubernetesOperators` says.
    private static final String OPERATORS = "/operators";

    private final @Nullable String externalUrl;
    private final boolean filesAllowed;

    /// @param externalUrl the bridge's own issuer name, or null
    /// @param filesAllowed whether documents may name files
    IssuerRules(PresetCatalogue presets, @Nullable String externalUrl, boolean filesAllowed) {
        this.presets = presets;
        this.externalUrl = externalUrl == null ? null : withoutSlash(externalUrl);
        this.filesAllowed = filesAllowed;
    }

    List<Problem> check(Document<TrustedIssuerSpec> document, @Nullable Preset preset) {
        Findings findings = new Findings(document);
        TrustedIssuerSpec spec = document.spec();
        String issuer = spec.issuer();
        if (spec.preset() != null && preset == null) {
            unknownPreset(findings, spec.preset());
            return findings.problems;
        }
        if (preset != null && preset.refused() != null) {
            findings.error(
                    "preset-refused",
                    "spec.preset",
                    preset.name() + " cannot be trusted: " + preset.refused(),
                    null);
            return findings.problems;
        }
        if (issuer == null) {
            issuer = preset == null ? null : preset.issuer();
            if (issuer == null) {
                missingIssuer(findings, preset);
                return findings.problems;
            }
        } else {
            url(findings, issuer);
            if (preset != null) {
                presetsUrl(findings, issuer, preset);
            }
        }
        self(findings, issuer);
        audience(findings, spec, issuer, preset);
        algorithms(findings, spec.algorithms());
        keys(findings, spec, issuer);
        files(findings, spec);
        bounds(findings, spec);
        cluster(findings, spec, preset);
        return findings.problems;
    }

    static Problem duplicate(Document<TrustedIssuerSpec> document, String other) {
        Findings findings = new Findings(document);
        findings.error(
                "issuer-duplicate",
                "spec.audience",
                "TrustedIssuer/" + other + " has the same issuer and audience",
                "issuers that share a URL are told apart by their audience: give each its own");
        return findings.problems.getFirst();
    }

    private void unknownPreset(Findings findings, String name) {
        List<String> similar = presets.similarTo(name);
        findings.error(
                "preset-unknown",
                "spec.preset",
                "there is no preset '" + shortened(name) + "'",
                similar.isEmpty()
                        ? "docs/presets.md lists them; without one, write the issuer's URL and leave"
                                + " preset out"
                        : "did you mean " + String.join(" or ", similar) + "?");
    }

    private static void missingIssuer(Findings findings, @Nullable Preset preset) {
        if (preset == null) {
            findings.error(
                    "issuer-missing",
                    "spec.issuer",
                    "neither preset nor issuer says who signs the tokens",
                    null);
        } else {
            findings.error(
                    "issuer-missing",
                    "spec.issuer",
                    "preset " + preset.id() + " needs the issuer's URL: every customer has another",
                    "it looks like " + preset.guide().issuerForm());
        }
    }

    /// OpenID Connect Discovery 1.0 section 2 (no query, no fragment), and nothing that two readers
    /// could understand differently.
    private static void url(Findings findings, String issuer) {
        String wrong = wrongWith(issuer);
        if (wrong != null) {
            findings.error(
                    "issuer-url",
                    "spec.issuer",
                    "'" + shortened(issuer) + "' " + wrong,
                    "write it exactly as the iss claim has it");
        }
    }

    private static @Nullable String wrongWith(String issuer) {
        if (issuer.length() > LONGEST_URL) {
            return "is longer than " + LONGEST_URL + " characters";
        }
        URI uri;
        try {
            uri = new URI(issuer);
        } catch (URISyntaxException e) {
            return "is not a URL";
        }
        if (!issuer.startsWith("https://") || uri.getHost() == null) {
            return "is not an https URL";
        }
        if (uri.getRawUserInfo() != null) {
            return "has a user name in it";
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            return "has a query or a fragment";
        }
        return null;
    }

    private static void presetsUrl(Findings findings, String issuer, Preset preset) {
        if (preset.fits(issuer)) {
            return;
        }
        if (preset.issuer() != null) {
            findings.warning(
                    "issuer-unusual",
                    "spec.issuer",
                    "preset " + preset.id() + " describes tokens of " + preset.issuer(),
                    "its facts are applied to this issuer's tokens all the same");
        } else {
            findings.error(
                    "issuer-mismatch",
                    "spec.issuer",
                    "'" + shortened(issuer) + "' is not an issuer of preset " + preset.id(),
                    "it looks like " + preset.guide().issuerForm());
        }
    }

    /// DESIGN 14, rule 1: an identity cannot renew itself.
    private void self(Findings findings, String issuer) {
        String plain = withoutSlash(issuer);
        if (externalUrl != null
                && (plain.equalsIgnoreCase(externalUrl)
                        || plain.equalsIgnoreCase(externalUrl + "/federation"))) {
            findings.error(
                    "issuer-self",
                    "spec.issuer",
                    "the bridge does not trust its own tokens: an identity could renew itself",
                    null);
        }
    }

    private void audience(
            Findings findings, TrustedIssuerSpec spec, String issuer, @Nullable Preset preset) {
        String audience = spec.audience();
        if (audience.isBlank()) {
            findings.error("audience-empty", "spec.audience", "the audience is empty", null);
        } else if (externalUrl != null
                && withoutSlash(audience).equalsIgnoreCase(externalUrl + OPERATORS)) {
            // DESIGN 14, rule 7: what a workload shows to be issued something must open nothing.
            findings.error(
                    "audience-operators",
                    "spec.audience",
                    "this is the audience of the bridge's operators",
                    "use the bridge's own URL: " + externalUrl);
        } else if (preset != null
                && preset.kubernetes()
                && (audience.equals(issuer) || clusterLocal(audience))) {
            findings.warning(
                    "audience-api-server",
                    "spec.audience",
                    "'" + shortened(audience) + "' is the audience of the API server itself",
                    "give the bridge an audience of its own: a token that opens the cluster should"
                            + " not be sent elsewhere");
        }
    }

    private static void algorithms(Findings findings, @Nullable List<String> algorithms) {
        if (algorithms == null) {
            return;
        }
        if (algorithms.isEmpty()) {
            findings.error("algorithm-refused", "spec.algorithms", "no algorithm is left", null);
        }
        for (int i = 0; i < algorithms.size(); i++) {
            String algorithm = algorithms.get(i);
            if (!ASYMMETRIC.contains(algorithm)) {
                findings.error(
                        "algorithm-refused",
                        "spec.algorithms[" + i + "]",
                        "'" + shortened(algorithm) + "' is not an algorithm with a key pair",
                        nearestAlgorithm(algorithm));
            }
        }
    }

    private static String nearestAlgorithm(String algorithm) {
        for (String known : ASYMMETRIC) {
            if (known.equalsIgnoreCase(algorithm)) {
                return "did you mean " + known + "?";
            }
        }
        return "there are RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 and EdDSA";
    }

    /// DESIGN 14, rule 9: inside a cluster the name is every cluster's own, outside it does not
    /// resolve, or to somebody else's.
    private static void keys(Findings findings, TrustedIssuerSpec spec, String issuer) {
        if (spec.keys() instanceof KeySource.Discovery && clusterLocal(issuer)) {
            findings.error(
                    "discovery-cluster-local",
                    "spec.keys",
                    "'"
                            + shortened(issuer)
                            + "' is a name inside a cluster and cannot be asked for"
                            + " keys",
                    "write keys: {apiServer: {url: ..., caFile: ..., tokenFile: ...}} or {file: ...}");
        }
    }

    private static boolean clusterLocal(String url) {
        String rest = url.startsWith("https://") ? url.substring(8) : url;
        int end = 0;
        while (end < rest.length() && rest.charAt(end) != '/' && rest.charAt(end) != ':') {
            end++;
        }
        String host = rest.substring(0, end);
        return host.equals("kubernetes")
                || host.equals("kubernetes.default")
                || host.equals("kubernetes.default.svc")
                || host.startsWith("kubernetes.default.svc.")
                || host.endsWith(".svc")
                || host.endsWith(".svc.cluster.local");
    }

    /// DESIGN 14, rule 2.
    private void files(Findings findings, TrustedIssuerSpec spec) {
        if (filesAllowed) {
            return;
        }
        if (spec.keys() instanceof KeySource.File) {
            findings.file("spec.keys.file");
        }
        if (spec.keys() instanceof KeySource.ApiServer server) {
            if (server.caFile() != null) {
                findings.file("spec.keys.apiServer.caFile");
            }
            if (server.tokenFile() != null) {
                findings.file("spec.keys.apiServer.tokenFile");
            }
        }
        if (spec.network().caFile() != null) {
            findings.file("spec.network.caFile");
        }
        TokenReviewSource review = spec.tokenReview();
        if (review != null && review.kubeconfig() != null) {
            findings.file("spec.tokenReview.kubeconfig");
        }
    }

    private static void bounds(Findings findings, TrustedIssuerSpec spec) {
        positive(findings, "spec.maxTokenAge", spec.maxTokenAge());
        positive(findings, "spec.maxTokenLifetime", spec.maxTokenLifetime());
    }

    private static void positive(Findings findings, String path, @Nullable Duration duration) {
        if (duration != null && !duration.isPositive()) {
            findings.error("out-of-range", path, "no token is that young", null);
        }
    }

    private static void cluster(
            Findings findings, TrustedIssuerSpec spec, @Nullable Preset preset) {
        if (preset != null && preset.kubernetes()) {
            return;
        }
        if (spec.requirePod() != null) {
            findings.warning(
                    "kubernetes-only",
                    "spec.requirePod",
                    "only tokens of a Kubernetes preset are bound to a pod",
                    "did you mean preset: kubernetes?");
        }
        if (spec.tokenReview() != null) {
            findings.warning(
                    "kubernetes-only",
                    "spec.tokenReview",
                    "only tokens of a Kubernetes preset can be reviewed",
                    "did you mean preset: kubernetes?");
        }
    }

    private static String withoutSlash(String url) {
        return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 77) + "...";
    }

    /// Problems of one document.
    private static final class Findings {
        private final Document<TrustedIssuerSpec> document;
        private final List<Problem> problems = new ArrayList<>();

        Findings(Document<TrustedIssuerSpec> document) {
            this.document = document;
        }

        void error(String rule, String path, String message, @Nullable String suggestion) {
            add(Problem.Severity.ERROR, rule, path, message, suggestion);
        }

        void warning(String rule, String path, String message, @Nullable String suggestion) {
            add(Problem.Severity.WARNING, rule, path, message, suggestion);
        }

        void file(String path) {
            error("file-path", path, "a custom resource names no files", null);
        }

        private void add(
                Problem.Severity severity,
                String rule,
                String path,
                String message,
                @Nullable String suggestion) {
            problems.add(
                    new Problem(
                            severity,
                            rule,
                            document.place(),
                            "TrustedIssuer/" + document.name() + " " + path,
                            message,
                            suggestion));
        }
    }
}
