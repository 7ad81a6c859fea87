package dev.tollbridge.bridge.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.Problem.Severity;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.KeySource;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.TokenReviewSource;
import dev.tollbridge.bridge.issuer.IssuerDocuments.Written;
import dev.tollbridge.bridge.issuer.TrustedIssuers.Compiled;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedIssuersTest {

    private static final Path DIRECTORY = Path.of("/etc/tollbridge");
    private static final KeySource FILE = new KeySource.File("jwks.json");

    private static Compiled compile(IssuerDocuments documents) {
        return TrustedIssuers.compile(
                documents.documents(),
                PresetCatalogue.shipped(),
                DIRECTORY,
                "https://bridge.acme.example");
    }

    private static Compiled compile(Written written) {
        return compile(new IssuerDocuments().with("it", written));
    }

    private static TrustedIssuer accepted(Written written) {
        Compiled compiled = compile(written);
        assertThat(compiled.problems()).filteredOn(p -> p.severity() == Severity.ERROR).isEmpty();
        return Objects.requireNonNull(compiled.registry().named("it"));
    }

    private static Problem refused(Written written, String rule) {
        Compiled compiled = compile(written);
        assertThat(compiled.registry().named("it")).isNull();
        assertThat(compiled.problems()).extracting(Problem::rule).contains(rule);
        Problem problem =
                compiled.problems().stream()
                        .filter(p -> p.rule().equals(rule))
                        .findFirst()
                        .orElseThrow();
        assertThat(problem.severity()).isEqualTo(Severity.ERROR);
        assertThat(problem.place().file()).isEqualTo("issuers/all.yaml");
        assertThat(problem.path()).startsWith("TrustedIssuer/it spec.");
        return problem;
    }

    private static void warned(Written written, String rule) {
        Compiled compiled = compile(written);
        assertThat(compiled.registry().named("it")).isNotNull();
        assertThat(compiled.problems())
                .filteredOn(p -> p.rule().equals(rule))
                .extracting(Problem::severity)
                .containsExactly(Severity.WARNING);
    }

    @Test
    void completesAPresetsFacts() {
        TrustedIssuer issuer = accepted(Written.preset("github-actions"));
        assertThat(issuer.issuer()).isEqualTo("https://token.actions.githubusercontent.com");
        assertThat(issuer.algorithms()).containsExactly("RS256");
        assertThat(issuer.replay()).isEqualTo(Replay.SINGLE_USE);
        assertThat(issuer.maxTokenLifetime()).isEqualTo(Duration.ofMinutes(15));
        assertThat(issuer.clockSkew()).isEqualTo(Duration.ofSeconds(30));
        assertThat(issuer.mayOutlive()).isTrue();
        assertThat(issuer.cap()).isEqualTo(Duration.ofHours(1));
        assertThat(issuer.requiresJti()).isTrue();
        assertThat(issuer.requirePod()).isFalse();
        assertThat(issuer.stableSubject())
                .isEqualTo("repo:{{repository_owner_id}}:{{repository_id}}");
        assertThat(issuer.directory()).isEqualTo(Path.of("/etc/tollbridge/issuers"));
    }

    @Test
    void takesWhatIsWrittenBeforeThePreset() {
        Written written = Written.preset("gitlab").signedBy("ES384");
        written.replay = Replay.OFF;
        written.maxTokenLifetime = Duration.ofHours(5);
        TrustedIssuer issuer = accepted(written);
        assertThat(issuer.algorithms()).containsExactly("ES384");
        assertThat(issuer.replay()).isEqualTo(Replay.OFF);
        assertThat(issuer.maxTokenLifetime()).isEqualTo(Duration.ofHours(5));
    }

    @Test
    void withoutAPresetKnowsNothingAndAllowsLittle() {
        TrustedIssuer issuer = accepted(Written.issuer("https://ci.acme.example/oidc"));
        assertThat(issuer.preset()).isNull();
        assertThat(issuer.algorithms()).containsExactlyInAnyOrder("RS256", "ES256");
        assertThat(issuer.replay()).isEqualTo(Replay.SINGLE_USE);
        assertThat(issuer.maxTokenLifetime()).isEqualTo(Duration.ofHours(24));
        assertThat(issuer.claimTypes()).isEmpty();
        assertThat(issuer.stableSubject()).isNull();
        assertThat(issuer.mayOutlive()).isFalse();
        assertThat(issuer.requiresJti()).isFalse();
        assertThat(issuer.identifyingClaims()).containsExactly("sub");
    }

    @Test
    void keepsUnknownClaimsAndUncheckableOnesOutOfTheTypes() {
        TrustedIssuer github = accepted(Written.preset("github-actions"));
        assertThat(github.claimTypes()).containsKey("repository_id").containsKey("repo_property_*");
        TrustedIssuer gitlab = accepted(Written.preset("gitlab"));
        assertThat(gitlab.claimTypes()).doesNotContainKey("user_identities");
    }

    @Test
    @DisplayName(
            "DESIGN 14 rule 9: Kubernetes presets require a bound pod unless the issuer says no")
    void rule9_requiresABoundPod() {
        Written written = Written.preset("kubernetes").from("https://cluster-a.acme.example");
        assertThat(accepted(written).requirePod()).isTrue();
        written.requirePod = false;
        assertThat(accepted(written).requirePod()).isFalse();
        assertThat(accepted(written).kubernetes()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://kubernetes.default.svc",
                "https://kubernetes.default.svc.cluster.local",
                "https://kubernetes.default.svc:443",
                "https://kubernetes.default.svc.cluster.local/",
                "https://kubernetes.default"
            })
    @DisplayName("DESIGN 14 rule 9: cluster-local issuer names cannot use discovery")
    void rule9_refusesDiscoveryAtClusterLocalNames(String issuer) {
        refused(Written.preset("k8s").from(issuer), "discovery-cluster-local");
        refused(Written.issuer(issuer), "discovery-cluster-local");
        accepted(Written.preset("k8s").from(issuer).withKeys(FILE));
        accepted(
                Written.preset("k8s")
                        .from(issuer)
                        .withKeys(
                                new KeySource.ApiServer(
                                        "https://10.0.0.1:6443", "ca.pem", "token")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://bridge.acme.example",
                "https://bridge.acme.example/",
                "https://bridge.acme.example/federation",
                "https://bridge.acme.example/federation/",
                "https://BRIDGE.acme.example/federation"
            })
    @DisplayName("DESIGN 14 rule 1: no trusted issuer is the bridge itself")
    void rule1_refusesTheBridgeItself(String issuer) {
        refused(Written.issuer(issuer), "issuer-self");
        refused(Written.preset("gitlab").from(issuer).withKeys(FILE), "issuer-self");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://bridge.acme.example/operators",
                "https://BRIDGE.acme.example/operators/"
            })
    @DisplayName("DESIGN 14 rule 7: what a workload shows is no operator's token")
    void rule7_refusesTheAudienceOfOperators(String audience) {
        refused(
                Written.issuer("https://ci.acme.example").forAudience(audience),
                "audience-operators");
    }

    @Test
    @DisplayName("DESIGN 14 rule 2: a custom resource names no file")
    void rule2_refusesFilesInCustomResources() {
        Written review = Written.preset("k8s").from("https://cluster-a.acme.example");
        review.tokenReview = new TokenReviewSource("kubeconfig", false);
        for (Written written :
                List.of(
                        Written.preset("gitlab").withKeys(FILE),
                        Written.preset("gitlab")
                                .withKeys(
                                        new KeySource.ApiServer(
                                                "https://10.0.0.1:6443", null, "token")),
                        review)) {
            Compiled compiled =
                    TrustedIssuers.compile(
                            new IssuerDocuments().with("it", written).documents(),
                            PresetCatalogue.shipped(),
                            null,
                            null);
            assertThat(compiled.problems()).extracting(Problem::rule).containsExactly("file-path");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "drone, service account",
        "woodpecker, 1126",
        "gitea-actions, 39052",
        "travis, No identity token",
        "kubernetes-legacy, never expire"
    })
    void refusesWhatCannotBeTrustedAndSaysWhyAndWhatToDo(String preset, String why) {
        Problem problem = refused(Written.preset(preset), "preset-refused");
        assertThat(problem.message()).contains(why).contains("preset kubernetes");
    }

    @Test
    void saysWhatWasMeantByAMisspeltPreset() {
        Problem problem = refused(Written.preset("githb-actions"), "preset-unknown");
        assertThat(problem.suggestion()).contains("github-actions");
    }

    @ParameterizedTest
    @MethodSource("multiTenant")
    void needsTheIssuerWhereEveryCustomerHasAnother(String preset) {
        assertThat(refused(Written.preset(preset), "issuer-missing").suggestion())
                .contains("it looks like");
    }

    static List<String> multiTenant() {
        return PresetCatalogueTest.trusted().stream()
                .filter(p -> p.issuer() == null)
                .map(Preset::id)
                .toList();
    }

    @Test
    void needsAPresetOrAnIssuer() {
        refused(new Written(), "issuer-missing");
    }

    @ParameterizedTest
    @CsvSource({
        "circleci, https://oidc.circleci.com/org/acme",
        "circleci, https://oidc.circleci.com.evil.example/org/5e1a3c0e-0000-4000-8000-000000000001",
        "github-actions-enterprise, https://token.actions.githubusercontent.com.evil.example/acme",
        "github-actions-enterprise, https://token.actions.githubusercontent.com/acme/evil",
        "eks, https://oidc.eks.eu-west-1.amazonaws.com/id/*",
        "eks, https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789abcdef0123456789abcdef",
        "aks, https://westeurope.oic.prod-aks.azure.com/x",
        "azure-devops-entra, https://login.microsoftonline.com/common/v2.0",
        "harness, https://app.harness.io",
        "spacelift, https://evil.example/.app.spacelift.io"
    })
    void refusesAnIssuerThatCannotBeThePresets(String preset, String issuer) {
        refused(Written.preset(preset).from(issuer), "issuer-mismatch");
    }

    @Test
    void warnsWhenAFixedIssuerIsReplaced() {
        warned(
                Written.preset("github-actions").from("https://mirror.acme.example"),
                "issuer-unusual");
    }

    @Test
    void comparesTheIssuerOfAksWithAndWithoutSlashAsTwo() {
        String url =
                "https://westeurope.oic.prod-aks.azure.com/aaaaaaaa-0000-4000-8000-0000000000e1"
                        + "/aaaaaaaa-0000-4000-8000-0000000000e3";
        assertThat(accepted(Written.preset("aks").from(url)).issuer()).isEqualTo(url);
        assertThat(accepted(Written.preset("aks").from(url + "/")).issuer()).isEqualTo(url + "/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS512", "ES384", "ES512", "EdDSA"})
    void takesAlgorithmsWithAKeyPair(String algorithm) {
        assertThat(accepted(Written.preset("gitlab").signedBy(algorithm)).algorithms())
                .containsExactly(algorithm);
    }

    @Test
    void refusesTwoIssuersThatCannotBeToldApart() {
        IssuerDocuments documents =
                new IssuerDocuments()
                        .with("a", Written.preset("gitlab"))
                        .with("b", Written.preset("gitlab-com").disabled())
                        .with("c", Written.preset("gitlab").forAudience("https://other.example"));
        Compiled compiled = compile(documents);
        assertThat(compiled.problems())
                .extracting(Problem::rule)
                .containsExactly("issuer-duplicate");
        assertThat(compiled.problems().getFirst().message()).contains("TrustedIssuer/a");
        assertThat(compiled.registry().enabled()).containsOnlyKeys("a", "c");
    }

    @Test
    void warnsOfTheApiServersAudience() {
        String issuer = "https://cluster-a.acme.example";
        warned(Written.preset("k8s").from(issuer).forAudience(issuer), "audience-api-server");
        warned(
                Written.preset("k8s").from(issuer).forAudience("https://kubernetes.default.svc"),
                "audience-api-server");
    }

    @Test
    void warnsOfKubernetesSettingsElsewhere() {
        Written pod = Written.preset("gitlab");
        pod.requirePod = true;
        warned(pod, "kubernetes-only");
        Written review = Written.preset("gitlab");
        review.tokenReview = new TokenReviewSource(null, true);
        warned(review, "kubernetes-only");
    }

    @Test
    void namesAllProblemsAtOnce() {
        Written written =
                Written.preset("k8s")
                        .from("https://kubernetes.default.svc")
                        .forAudience("https://kubernetes.default.svc");
        Compiled compiled = compile(written);
        assertThat(compiled.problems())
                .extracting(Problem::rule)
                .contains("audience-api-server", "discovery-cluster-local");
    }

    @Test
    void knowsOfNoIssuerWhenNothingIsWritten() {
        Compiled compiled = compile(new IssuerDocuments());
        assertThat(compiled.problems()).isEmpty();
        assertThat(compiled.registry().enabled()).isEmpty();
    }
}
