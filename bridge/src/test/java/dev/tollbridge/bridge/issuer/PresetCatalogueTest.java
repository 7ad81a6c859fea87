package dev.tollbridge.bridge.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.claims.Template;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import dev.tollbridge.bridge.issuer.Dangers.Guard;
import dev.tollbridge.bridge.issuer.Dangers.Pin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PresetCatalogueTest {

    private static final PresetCatalogue PRESETS = PresetCatalogue.shipped();

    static List<Preset> trusted() {
        return PRESETS.all().stream().filter(p -> p.refused() == null).toList();
    }

    static Preset preset(String name) {
        return Objects.requireNonNull(PRESETS.find(name), name);
    }

    @Test
    void holdsThirtyTwoPresetsAndFiveRefusals() {
        assertThat(trusted()).hasSize(32);
        assertThat(PRESETS.all().stream().filter(p -> p.refused() != null).map(Preset::id))
                .containsExactlyInAnyOrder(
                        "drone", "woodpecker", "gitea-actions", "travis", "kubernetes-legacy");
    }

    @Test
    void listsEveryFileOfTheFolder() throws IOException {
        try (Stream<Path> files =
                Files.list(Path.of("src/main/resources/dev/tollbridge/bridge/issuer/presets"))) {
            assertThat(
                            files.map(f -> f.getFileName().toString())
                                    .filter(f -> !f.equals("index.yaml")))
                    .containsExactlyInAnyOrderElementsOf(
                            PRESETS.all().stream().map(p -> p.id() + ".yaml").toList());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "github, github-actions",
        "gitlab, gitlab-com",
        "k8s, kubernetes",
        "circleci, circleci",
        "terraform, hcp-terraform",
        "spiffe, spiffe-jwt-svid",
        "jenkins, jenkins-oidc-provider"
    })
    void findsPresetsByShortName(String name, String id) {
        assertThat(preset(name).id()).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({
        "gitlab, https://gitlab.com, gitlab-com",
        "gitlab, https://git.acme.example, gitlab-self-managed",
        "gitlab-com, https://git.acme.example, gitlab-self-managed",
        "github, https://token.actions.githubusercontent.com/acme, github-actions-enterprise",
        "github-actions, https://token.actions.acme.ghe.com, github-ghe-com",
        "github, https://ghes.acme.example/_services/token, github-ghes",
        "circleci, https://oidc.circleci.com, circleci-root",
        "terraform, https://tfe.acme.example, terraform-enterprise",
        "kubernetes, https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF,"
                + " kubernetes"
    })
    void picksTheMemberOfTheFamilyThatTheIssuerFits(String name, String issuer, String id) {
        assertThat(PRESETS.find(name, issuer)).isNotNull().extracting(Preset::id).isEqualTo(id);
    }

    @ParameterizedTest
    @CsvSource({
        "githb, github",
        "git-lab, gitlab",
        "kubernets, kubernetes",
        "cirlceci, circleci",
        "azure-devop, azure-devops"
    })
    void suggestsWhatWasMeant(String typed, String meant) {
        assertThat(PRESETS.find(typed)).isNull();
        assertThat(PRESETS.similarTo(typed)).contains(meant);
    }

    @Test
    void suggestsNothingForSomethingElse() {
        assertThat(PRESETS.similarTo("x".repeat(40))).isEmpty();
    }

    @Test
    void givesNoNameTwiceButWithinAFamily() {
        Set<String> ids = new HashSet<>();
        PRESETS.all().forEach(p -> assertThat(ids.add(p.id())).as(p.id()).isTrue());
        for (Preset preset : PRESETS.all()) {
            for (String alias : preset.aliases()) {
                assertThat(ids).as(preset.id()).doesNotContain(alias);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("trusted")
    void statesFactsThatAgree(Preset preset) {
        assertThat(preset.algorithms()).isNotEmpty().doesNotContain("none", "HS256");
        assertThat(preset.tokenLifetime()).isPositive().isLessThanOrEqualTo(Duration.ofHours(24));
        assertThat(preset.cap()).isEqualTo(Duration.ofHours(1));
        assertThat(preset.recommended()).isNotEmpty();
        assertThat(preset.dangerous()).hasSizeGreaterThanOrEqualTo(2);
        List<String> references = new ArrayList<>(preset.identifyingClaims());
        references.addAll(preset.immutableIds());
        references.addAll(Template.parse(preset.stableSubject()).claims());
        Dangers dangers = preset.dangers();
        references.addAll(dangers.names().keySet());
        dangers.names().values().forEach(references::addAll);
        references.addAll(dangers.wholeOnly());
        dangers.anchors().forEach(references::addAll);
        for (Guard guard : dangers.guards()) {
            if (guard.when() != null) {
                references.add(guard.when());
            }
            for (List<Pin> way : guard.anyOf()) {
                way.forEach(pin -> references.add(pin.claim()));
            }
        }
        preset.recommended().forEach(g -> references.addAll(g.match().keySet()));
        preset.dangerous().forEach(g -> references.addAll(g.match().keySet()));
        for (String reference : references) {
            assertThat(preset.fact(reference)).as("%s: %s", preset.id(), reference).isNotNull();
        }
        assertThat(dangers.anchors()).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("trusted")
    void namesTheSubjectByWhatLasts(Preset preset) {
        for (String claim : Template.parse(preset.stableSubject()).claims()) {
            assertThat(preset.fact(claim)).isNotNull();
        }
        if (!preset.immutableIds().isEmpty()) {
            assertThat(Template.parse(preset.stableSubject()).claims())
                    .containsAnyElementsOf(preset.immutableIds());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kubernetes",
                "eks",
                "gke",
                "aks",
                "k3s",
                "openshift",
                "argo-workflows",
                "tekton"
            })
    void letsNothingOutliveAPod(String name) {
        Preset preset = preset(name);
        assertThat(preset.kubernetes()).isTrue();
        assertThat(preset.mayOutlive()).isFalse();
        assertThat(preset.replay()).isEqualTo(Replay.RECORD);
        assertThat(preset.stableSubject())
                .isEqualTo(
                        "serviceaccount:{{/kubernetes.io/namespace}}"
                                + ":{{/kubernetes.io/serviceaccount/name}}"
                                + ":{{/kubernetes.io/serviceaccount/uid}}");
    }

    @Test
    void countsATokenThatAJobCanAskForAgainOnce() {
        assertThat(preset("github-actions").replay()).isEqualTo(Replay.SINGLE_USE);
        assertThat(preset("gitlab").replay()).isEqualTo(Replay.PER_TARGET);
        assertThat(preset("github-actions").mayOutlive()).isTrue();
        assertThat(preset("gitlab").mayOutlive()).isTrue();
    }

    @Test
    void knowsTypesAsThePlatformsSendThem() {
        assertThat(fact("github-actions", "repository_id").type()).isEqualTo(ClaimFact.Type.STRING);
        assertThat(fact("github-actions", "ref_protected").type()).isEqualTo(ClaimFact.Type.STRING);
        assertThat(fact("gitlab", "project_id").type()).isEqualTo(ClaimFact.Type.STRING);
        assertThat(fact("gitlab", "runner_id").type()).isEqualTo(ClaimFact.Type.INTEGER);
        assertThat(fact("circleci", "oidc.circleci.com/ssh-rerun").type())
                .isEqualTo(ClaimFact.Type.BOOLEAN);
        assertThat(fact("github-actions", "repo_property_pci").name()).isEqualTo("repo_property_*");
    }

    private static ClaimFact fact(String preset, String claim) {
        return Objects.requireNonNull(preset(preset).fact(claim), claim);
    }
}
