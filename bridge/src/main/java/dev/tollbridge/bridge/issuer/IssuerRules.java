package dev.tollbridge.bridge.issuer;

import dev.tollbridge.bridge.config.Document;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.TrustedIssuerSpec;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.KeySource;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.TokenReviewSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is refused, or warned of, in one TrustedIssuer document. Its form has been looked at
/// before: URLs, algorithms and durations are sound.
final class IssuerRules {

    /// As `cluster.KubernetesOperators` says.
    private static final String OPERATORS = "/operators";

    private final PresetCatalogue presets;
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
            findings.add(
                    IssuerRule.PRESET_REFUSED,
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
        } else if (preset != null) {
            presetsUrl(findings, issuer, preset);
        }
        self(findings, issuer);
        audience(findings, spec, issuer, preset);
        keys(findings, spec, issuer);
        files(findings, spec);
        cluster(findings, spec, preset);
        return findings.problems;
    }

    static Problem duplicate(Document<TrustedIssuerSpec> document, String other) {
        Findings findings = new Findings(document);
        findings.add(
                IssuerRule.ISSUER_DUPLICATE,
                "spec.audience",
                "TrustedIssuer/" + other + " has the same issuer and audience",
                "issuers that share a URL are told apart by their audience: give each its own");
        return findings.problems.getFirst();
    }

    private void unknownPreset(Findings findings, String name) {
        List<String> similar = presets.similarTo(name);
        findings.add(
                IssuerRule.PRESET_UNKNOWN,
                "spec.preset",
                "there is no preset '" + shortened(name) + "'",
                similar.isEmpty()
                        ? "docs/presets.md lists them; without one, write the issuer's URL and leave"
                                + " preset out"
                        : "did you mean " + String.join(" or ", similar) + "?");
    }

    private static void missingIssuer(Findings findings, @Nullable Preset preset) {
        if (preset == null) {
            findings.add(
                    IssuerRule.ISSUER_MISSING,
                    "spec.issuer",
                    "neither preset nor issuer says who signs the tokens",
                    null);
        } else {
            findings.add(
                    IssuerRule.ISSUER_MISSING,
                    "spec.issuer",
                    "preset " + preset.id() + " needs the issuer's URL: every customer has another",
                    "it looks like " + preset.guide().issuerForm());
        }
    }

    private static void presetsUrl(Findings findings, String issuer, Preset preset) {
        if (preset.fits(issuer)) {
            return;
        }
        if (preset.issuer() != null) {
            findings.add(
                    IssuerRule.ISSUER_UNUSUAL,
                    "spec.issuer",
                    "preset " + preset.id() + " describes tokens of " + preset.issuer(),
                    "its facts are applied to this issuer's tokens all the same");
        } else {
            findings.add(
                    IssuerRule.ISSUER_MISMATCH,
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
            findings.add(
                    IssuerRule.ISSUER_SELF,
                    "spec.issuer",
                    "the bridge does not trust its own tokens: an identity could renew itself",
                    null);
        }
    }

    private void audience(
            Findings findings, TrustedIssuerSpec spec, String issuer, @Nullable Preset preset) {
        String audience = spec.audience();
        if (externalUrl != null
                && withoutSlash(audience).equalsIgnoreCase(externalUrl + OPERATORS)) {
            // DESIGN 14, rule 7: what a workload shows to be issued something must open nothing.
            findings.add(
                    IssuerRule.AUDIENCE_OPERATORS,
                    "spec.audience",
                    "this is the audience of the bridge's operators",
                    "use the bridge's own URL: " + externalUrl);
        } else if (preset != null
                && preset.kubernetes()
                && (audience.equals(issuer) || clusterLocal(audience))) {
            findings.add(
                    IssuerRule.AUDIENCE_API_SERVER,
                    "spec.audience",
                    "'" + shortened(audience) + "' is the audience of the API server itself",
                    "give the bridge an audience of its own: a token that opens the cluster should"
                            + " not be sent elsewhere");
        }
    }

    /// DESIGN 14, rule 9: inside a cluster the name is every cluster's own, outside it does not
    /// resolve, or to somebody else's.
    private static void keys(Findings findings, TrustedIssuerSpec spec, String issuer) {
        if (spec.keys() instanceof KeySource.Discovery && clusterLocal(issuer)) {
            findings.add(
                    IssuerRule.DISCOVERY_CLUSTER_LOCAL,
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

    private static void cluster(
            Findings findings, TrustedIssuerSpec spec, @Nullable Preset preset) {
        if (preset != null && preset.kubernetes()) {
            return;
        }
        if (spec.requirePod() != null) {
            findings.add(
                    IssuerRule.KUBERNETES_ONLY,
                    "spec.requirePod",
                    "only tokens of a Kubernetes preset are bound to a pod",
                    "did you mean preset: kubernetes?");
        }
        if (spec.tokenReview() != null) {
            findings.add(
                    IssuerRule.KUBERNETES_ONLY,
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

        void file(String path) {
            add(IssuerRule.FILE_PATH, path, "a custom resource names no files", null);
        }

        void add(IssuerRule rule, String path, String message, @Nullable String suggestion) {
            problems.add(rule.brokenBy(document, path, message, suggestion));
        }
    }
}
