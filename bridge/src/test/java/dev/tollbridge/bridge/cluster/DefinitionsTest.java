package dev.tollbridge.bridge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.testing.cluster.ClusterFixture;
import dev.tollbridge.testing.cluster.KubectlResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A real API server takes the documents of the documentation as custom resources, and refuses what
/// it can tell to be wrong.
class DefinitionsTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern YAML_BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    /// What a resource says otherwise than a file. Not where another tool's document names a kind
    /// of ours.
    private static final Pattern OURS =
            Pattern.compile("^apiVersion: tollbridge.dev/v1alpha1", Pattern.MULTILINE);

    private static final Pattern NAMES_A_FILE =
            Pattern.compile("\\b(file|caFile|tokenFile|kubeconfig|privateKey): ");

    @Test
    void everyDocumentOfTheDocumentationIsAccepted() throws IOException {
        List<String> documents = documents();

        KubectlResult result = Resources.rehearse(String.join("\n---\n", documents));

        assertThat(documents).hasSizeGreaterThan(100);
        assertThat(result.succeeded()).as(result.output()).isTrue();
    }

    private static List<String> documents() throws IOException {
        List<String> texts = new ArrayList<>();
        for (String folder : List.of("docs", "examples")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    read(file, texts);
                }
            }
        }
        List<String> documents = new ArrayList<>();
        for (String text : texts) {
            for (String document : text.split("(?m)^---\\s*$")) {
                if (OURS.matcher(document).find()
                        && document.contains("kind: ")
                        && document.contains("spec:")
                        && !NAMES_A_FILE.matcher(document).find()) {
                    documents.add(document);
                }
            }
        }
        return documents;
    }

    private static void read(Path file, List<String> texts) throws IOException {
        if (file.toString().endsWith(".yaml")) {
            texts.add(Files.readString(file));
        } else if (file.toString().endsWith(".md")) {
            Matcher block = YAML_BLOCK.matcher(Files.readString(file));
            while (block.find()) {
                texts.add(block.group(1));
            }
        }
    }

    @Test
    void contentOutsideIsInSecrets() {
        KubectlResult result =
                Resources.rehearse(
                        """
                        apiVersion: tollbridge.dev/v1alpha1
                        kind: TrustedIssuer
                        metadata: {name: cluster}
                        spec:
                          preset: kubernetes
                          issuer: https://kubernetes.default.svc.cluster.local
                          audience: https://tollbridge.acme.example
                          keys:
                            apiServer:
                              url: https://10.0.0.1:6443
                              caSecretRef: {name: cluster-a, key: ca.crt}
                              tokenSecretRef: {name: cluster-a, key: token}
                          tokenReview:
                            kubeconfigSecretRef: {name: cluster-a, key: kubeconfig}
                        ---
                        apiVersion: tollbridge.dev/v1alpha1
                        kind: TrustedIssuer
                        metadata: {name: idp}
                        spec:
                          issuer: https://idp.acme.example
                          audience: https://tollbridge.acme.example
                          keys: {secretRef: {name: idp, key: jwks.json}}
                          network: {allowPrivate: true, caSecretRef: {name: idp, key: ca.pem}}
                        ---
                        apiVersion: tollbridge.dev/v1alpha1
                        kind: Target
                        metadata: {name: other-cluster}
                        spec:
                          owner: team-payments@acme.example
                          kubernetes:
                            kubeconfigSecretRef: {name: cluster-b, key: kubeconfig}
                            namespace: payments
                            serviceAccount: deployer
                        ---
                        apiVersion: tollbridge.dev/v1alpha1
                        kind: Target
                        metadata: {name: app}
                        spec:
                          owner: team-payments@acme.example
                          github:
                            appId: 12345
                            privateKeySecretRef: {name: app, key: private-key.pem}
                            owner: acme
                            repositories: [payments]
                            permissions: {contents: read}
                        """);

        assertThat(result.succeeded()).as(result.output()).isTrue();
    }

    @DisplayName("DESIGN 14 rule 2: a custom resource names no file path")
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TrustedIssuer | {issuer: https://ci.acme.example, audience: a, keys: {file: jwks.json}}"
                        + " | unknown field \"spec.keys.file\"",
                "TrustedIssuer | {issuer: https://ci.acme.example, audience: a, network: {caFile: ca.pem}}"
                        + " | unknown field \"spec.network.caFile\"",
                "TrustedIssuer | {preset: gke, audience: a, tokenReview: {kubeconfig: k}}"
                        + " | unknown field \"spec.tokenReview.kubeconfig\"",
                "Target | {owner: o, kubernetes: {kubeconfig: k, namespace: n, serviceAccount: s}}"
                        + " | unknown field \"spec.kubernetes.kubeconfig\"",
                "Target | {owner: o, github: {appId: '1', privateKey: k.pem, owner: a, repositories: [a],"
                        + " permissions: {contents: read}}} | unknown field \"spec.github.privateKey\""
            })
    void rule2_aResourceNamesNoFile(String kind, String spec, String said) {
        refuses(kind, spec, said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TrustedIssuer | {preset: github-actions} | spec.audience: Required value",
                "TrustedIssuer | {audience: a} | at least one of preset, issuer must be written",
                "TrustedIssuer | {preset: gitlab, audience: [a, b]} | audience",
                "TrustedIssuer | {preset: gitlab, audience: a, keys: {discovery: true, inline: {keys: []}}}"
                        + " | exactly one of discovery, url, inline, secretRef, apiServer must be written",
                "TrustedIssuer | {preset: gitlab, audience: a, algorithms: [none]} | Unsupported value: \"none\"",
                "TrustedIssuer | {preset: gitlab, audience: a, algorithms: [RS256, RS256]} | Duplicate value",
                "TrustedIssuer | {preset: gitlab, audience: a, clockSkew: 30} | clockSkew",
                "TrustedIssuer | {preset: gitlab, audience: a, replays: off} | unknown field \"spec.replays\"",
                "Target | {owner: o} | exactly one of jwt, aws, google, kubernetes, azure, github, oauth must be written",
                "Target | {jwt: {audience: a}} | spec.owner: Required value",
                "Target | {owner: o, jwt: {audience: a}, maxTtl: 1 hour} | spec.maxTtl",
                "Grant | {owner: o, issuer: i, match: {sub: a}, allow: []} | spec.allow",
                "Grant | {owner: o, issuer: i, match: {}, allow: [{target: t}]} | spec.match",
                "Grant | {owner: o, issuer: i, allow: [{target: t}]} | spec.match: Required value",
                "Grant | {owner: o, issuer: i, match: {sub: a}, allow: [{target: t}, {target: t}]} | Duplicate value",
                "Grant | {owner: o, issuer: i, match: {sub: a}, allow: [{target: t}], mode: maybe} | Unsupported value: \"maybe\"",
                "Grant | {owner: o, issuer: I, match: {sub: a}, allow: [{target: t}]} | spec.issuer",
                "Exemption | {namespace: payments, match: {secret: s}, reason: r, approvedBy: a} | spec.expires: Required value",
                "Exemption | {namespace: payments, match: {}, reason: r, approvedBy: a, expires: '2026-12-01'} | at least one of secret",
                "AdmissionSettings | {namespaces: [{name: a, glob: b, mode: warn}]} | exactly one of name, glob must be written",
                "AdmissionSettings | {default: block} | Unsupported value: \"block\""
            })
    void refusesWhatTheApiServerCanTell(String kind, String spec, String said) {
        refuses(kind, spec, said);
    }

    private static void refuses(String kind, String spec, String said) {
        KubectlResult result =
                Resources.rehearse(
                        "apiVersion: tollbridge.dev/v1alpha1\nkind: %s\nmetadata: {name: bad}\nspec: %s\n"
                                .formatted(kind, spec));

        assertThat(result.succeeded()).as(result.output()).isFalse();
        assertThat(result.output()).contains(said);
    }

    @Test
    void takesTheWordsThatYamlWouldMakeBooleansOf() {
        KubectlResult result =
                Resources.rehearse(
                        """
                        apiVersion: tollbridge.dev/v1alpha1
                        kind: AdmissionSettings
                        metadata: {name: cluster}
                        spec: {default: "off"}
                        ---
                        apiVersion: tollbridge.dev/v1alpha1
                        kind: TrustedIssuer
                        metadata: {name: ci}
                        spec: {preset: gitlab, audience: a, replay: "off"}
                        """);

        assertThat(result.succeeded()).as(result.output()).isTrue();
    }

    @Test
    void explainsEveryField() {
        ClusterFixture cluster = Resources.cluster();

        String text =
                Resources.succeed(cluster.kubectl("explain", "grants.spec.allow.ttl")).output();

        assertThat(text).contains("The longest life of a credential");
    }

    @Test
    void theFiveKindsAreOneCategory() {
        ClusterFixture cluster = Resources.cluster();

        assertThat(
                        Resources.succeed(
                                        cluster.kubectl(
                                                "api-resources",
                                                "--categories=tollbridge",
                                                "--namespaced=false",
                                                "-o",
                                                "name"))
                                .output()
                                .lines())
                .containsExactlyInAnyOrder(
                        "admissionsettings.tollbridge.dev",
                        "exemptions.tollbridge.dev",
                        "grants.tollbridge.dev",
                        "targets.tollbridge.dev",
                        "trustedissuers.tollbridge.dev");
    }
}
