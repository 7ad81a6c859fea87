package dev.tollbridge.webhook.admission;

import static dev.tollbridge.webhook.admission.AdmissionFixture.POD;
import static dev.tollbridge.webhook.admission.AdmissionFixture.SECRET;
import static dev.tollbridge.webhook.testing.MarkedWords.DEVICE_FLOW;
import static dev.tollbridge.webhook.testing.MarkedWords.LOGIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.webhook.decide.Exemption;
import dev.tollbridge.webhook.decide.Uninspectable;
import dev.tollbridge.webhook.testing.Review;
import dev.tollbridge.webhook.testing.Yaml;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Ways around admission webhooks that others found, by the numbers of docs/webhook-bypasses.md.
/// Those that are closed outside of a review have their tests where that is, under their numbers:
/// 8, 13, 14 and 20 in RealApiServerTest, 17 in RegistrationTest, 25 in SweepTest. 18 is not
/// closed, by decision; 22 is ArchitectureTest's rule that judging asks nobody.
class BypassesTest {

    private final AdmissionFixture admission = new AdmissionFixture();

    private boolean allowsPod(String namespace, String spec) {
        return admission
                .create(
                        "{kind: Pod, metadata: {name: app, namespace: %s}, spec: {containers: [{name: a, image: i}], %s}}",
                        namespace, spec)
                .allowed();
    }

    private boolean allowsVolume(String volume) {
        return allowsPod("team", "volumes: [{name: v, " + volume + "}]");
    }

    @Test
    void b01_projectedInPlaceOfSecret() {
        admission.create(SECRET, "team", LOGIN);

        assertThat(allowsVolume("projected: {sources: [{secret: {name: login}}]}")).isFalse();
        admission.uninspectable(Uninspectable.DENY);
        assertThat(allowsVolume("projected: {sources: [{novelSecret: {}}]}")).isFalse();
        assertThat(allowsVolume("novelVolume: {}")).isFalse();
    }

    @Test
    void b02_ephemeralContainerThroughItsSubresource() {
        Review review =
                Review.update(
                                Yaml.object(
                                        "{kind: Pod, metadata: {name: a, namespace: team, uid: u}, spec: {}}"),
                                Yaml.object(
                                        "{kind: Pod, metadata: {name: a, namespace: team, uid: u}, spec:"
                                                + " {ephemeralContainers: [{name: d, command: ["
                                                + DEVICE_FLOW
                                                + "]}]}}"))
                        .subResource("ephemeralcontainers");

        assertThat(admission.validate(review).allowed()).isFalse();
    }

    @Test
    void b03_secretCreatedAfterItsPod() {
        admission.uninspectable(Uninspectable.DENY);

        assertThat(allowsVolume("secret: {secretName: later, optional: true}")).isFalse();
        assertThat(admission.create(SECRET, "team", LOGIN).allowed()).isFalse();
    }

    @Test
    void b04_secretUpdatedAfterAdmission() {
        admission.create(SECRET, "team", "clean");
        Review update =
                Review.update(
                        Yaml.object(SECRET.formatted("team", "clean")),
                        Yaml.object(SECRET.formatted("team", LOGIN)));

        assertThat(admission.validate(update).allowed()).isFalse();
    }

    @Test
    void b05_immutableSecretDeletedAndCreatedAgain() {
        String immutable =
                "{kind: Secret, immutable: true, metadata: {name: login, namespace: team}, stringData: {t: %s}}";
        admission.create(immutable, "clean");
        admission.validate(Review.delete(Yaml.object(immutable.formatted("clean"))));

        assertThat(admission.create(immutable, LOGIN).allowed()).isFalse();
    }

    @Test
    void b06_attributesThatLookLikeAnotherDriver() {
        admission.uninspectable(Uninspectable.DENY);

        assertThat(allowsVolume("csi: {driver: csi.spiffe.io}")).isTrue();
        assertThat(
                        allowsVolume(
                                "csi: {driver: x.example, volumeAttributes: {driver: csi.spiffe.io}}"))
                .isFalse();
    }

    @Test
    void b07_sameSecretUnderAnotherVolumesName() {
        admission.create(SECRET, "team", LOGIN);

        assertThat(
                        allowsPod(
                                "team",
                                "volumes: [{name: other, emptyDir: {}}, {name: fine, secret: {secretName: login}}]"))
                .isFalse();
    }

    @Test
    void b09_labelsAndAnnotationsOfTheAuthor() {
        admission.create(SECRET, "team", LOGIN);
        String pod =
                "{kind: Pod, metadata: {name: app, namespace: team, labels: {tollbridge.dev/ignore: 'true',"
                        + " tollbridge.dev/mode: 'off'}, annotations: {tollbridge.dev/mode: 'off',"
                        + " tollbridge.dev/injected: v1}}, spec: {volumes: [{name: v, secret: {secretName: login}}]}}";

        assertThat(admission.create(pod).allowed()).isFalse();
    }

    @Test
    void b10_exemptionOfAnotherNamespace() {
        admission.exempt(
                new Exemption(
                        "e",
                        "warn",
                        Map.of("secret", "login"),
                        "r",
                        "a",
                        LocalDate.parse("2026-12-01")));

        assertThat(admission.create(SECRET, "team", LOGIN).allowed()).isFalse();
    }

    @Test
    void b11_failingOpenOnAnInternalError() {
        assertThat(admission.create(SECRET, "team", "makes-judging-fail").allowed()).isFalse();
    }

    @Test
    void b12_groupsOfTheRequester() {
        for (String group :
                List.of("system:masters", "system:serviceaccounts:kube-system", "system:nodes")) {
            Review review =
                    Review.create(SECRET.formatted("team", LOGIN))
                            .by("system:serviceaccount:kube-system:x", List.of(group));
            assertThat(admission.validate(review).allowed()).as(group).isFalse();
        }
    }

    @Test
    void b15_mutationAfterOurs() {
        String asks =
                "{kind: Pod, metadata: {name: app, namespace: team, labels: {tollbridge.dev/inject: 'true'},"
                        + " annotations: {tollbridge.dev/targets: internal-api, tollbridge.dev/injected: v1-0}},"
                        + " spec: {containers: [{name: app, image: i}]}}";

        assertThat(admission.create(asks).allowed()).isFalse();
    }

    @Test
    void b16_dryRunLeavesNothingBehind() {
        admission.validate(Review.create(SECRET.formatted("warn", LOGIN)).dryRun());
        admission.validate(
                Review.update(
                                Yaml.object(SECRET.formatted("warn", "clean")),
                                Yaml.object(SECRET.formatted("warn", LOGIN)))
                        .dryRun());

        assertThat(admission.index.size()).isZero();
        assertThat(admission.seen).isEmpty();
    }

    @Test
    void b19_objectsThatAreBeingDeleted() {
        String dying =
                "{kind: Secret, metadata: {name: login, namespace: team, deletionTimestamp: '2026-11-21T00:00:00Z',"
                        + " finalizers: [a]}, stringData: {t: "
                        + LOGIN
                        + "}}";

        assertThat(admission.create(dying).allowed()).isFalse();
    }

    @Test
    void b21_whoeverAsksLearnsNoValue() {
        assertThat(admission.create(SECRET, "team", LOGIN).toString()).doesNotContain(LOGIN);
        assertThat(admission.create(POD, "team").toString()).doesNotContain(LOGIN);
    }

    @Test
    void b23_podsThatLiveShortly() {
        admission.create(SECRET, "team", LOGIN);
        int before = admission.seen.size();

        assertThat(allowsVolume("secret: {secretName: login}")).isFalse();
        assertThat(admission.seen).hasSize(before + 1);
    }

    @Test
    void b24_aValueCutInTwoThatKubernetesPutsTogether() {
        String pod =
                "{kind: Pod, metadata: {name: app, namespace: team}, spec: {containers: [{name: a, image: i, env:"
                        + " [{name: A, value: login-of-}, {name: B, value: a-person}, {name: C, value: $(A)$(B)}]}]}}";

        assertThat(admission.create(pod).allowed()).isFalse();
    }
}
