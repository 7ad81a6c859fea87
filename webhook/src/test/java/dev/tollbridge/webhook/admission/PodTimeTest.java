package dev.tollbridge.webhook.admission;

import static dev.tollbridge.webhook.admission.AdmissionFixture.POD;
import static dev.tollbridge.webhook.admission.AdmissionFixture.SECRET;
import static dev.tollbridge.webhook.testing.MarkedWords.LOGIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.webhook.decide.Exemption;
import dev.tollbridge.webhook.decide.Uninspectable;
import dev.tollbridge.webhook.review.AdmissionAnswer;
import dev.tollbridge.webhook.testing.Review;
import dev.tollbridge.webhook.testing.Yaml;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodTimeTest {

    private final AdmissionFixture admission = new AdmissionFixture();

    private static Exemption exemption(String namespace, String day, Map<String, String> match) {
        return new Exemption(
                "legacy",
                namespace,
                match,
                "SEC-17",
                "security@acme.example",
                LocalDate.parse(day));
    }

    @Test
    void refusesAPodThatMountsASecretThatHoldsALogin() {
        admission.create(SECRET, "team", LOGIN);

        AdmissionAnswer answer = admission.create(POD, "team");

        assertThat(answer.allowed()).isFalse();
        assertThat(answer.message())
                .contains("spec.volumes[0].secret")
                .contains("Secret team/login, key token")
                .doesNotContain(LOGIN);
    }

    @Test
    void saysWhenNothingIsKnownOfASecret() {
        AdmissionAnswer answer = admission.create(POD, "team");
        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings()).hasSize(1).first().asString().contains("no verdict");

        admission.uninspectable(Uninspectable.DENY);
        AdmissionAnswer denied = admission.create(POD, "team");
        assertThat(denied.allowed()).isFalse();
        assertThat(denied.message()).contains("no verdict").contains("match: {secret: login}");
    }

    @Test
    void looksOnlyAtTheKeysThatThePodMounts() {
        admission.create(
                "{kind: Secret, metadata: {name: login, namespace: warn}, stringData: {a: clean, b: "
                        + LOGIN
                        + "}}");
        String pod =
                "{kind: Pod, metadata: {name: app, namespace: warn}, spec: {volumes: [{name: v, secret:"
                        + " {secretName: login, items: [{key: %s, path: p}]}}]}}";

        assertThat(admission.create(pod, "a").warnings()).isEmpty();
        assertThat(admission.create(pod, "b").warnings()).hasSize(1);
    }

    @Test
    void warnsOfTemplatesAndRefusesTheirPods() {
        admission.create(SECRET, "team", LOGIN);
        String spec = "{spec: {volumes: [{name: v, secret: {secretName: login}}]}}";
        for (String object :
                List.of(
                        "{apiVersion: apps/v1, kind: Deployment, %s, spec: {template: %s}}",
                        "{apiVersion: apps/v1, kind: ReplicaSet, %s, spec: {template: %s}}",
                        "{apiVersion: apps/v1, kind: StatefulSet, %s, spec: {template: %s}}",
                        "{apiVersion: apps/v1, kind: DaemonSet, %s, spec: {template: %s}}",
                        "{apiVersion: v1, kind: ReplicationController, %s, spec: {template: %s}}",
                        "{apiVersion: v1, kind: PodTemplate, %s, template: %s}",
                        "{apiVersion: batch/v1, kind: Job, %s, spec: {template: %s}}",
                        "{apiVersion: batch/v1, kind: CronJob, %s, spec: {jobTemplate: {spec: {template: %s}}}}",
                        "{apiVersion: serving.knative.dev/v1, kind: Service, %s, spec: {template: %s}}")) {
            AdmissionAnswer answer =
                    admission.create(object, "metadata: {name: app, namespace: team}", spec);
            assertThat(answer.allowed()).as(object).isTrue();
            assertThat(answer.warnings())
                    .as(object)
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("template.spec.volumes[0].secret");
        }
    }

    @Test
    void anExemptionHoldsInItsNamespaceUntilItsDayAndIsRecorded() {
        admission.create(SECRET, "team", LOGIN);
        Map<String, String> pins = Map.of("secret", "login", "detector", "marked-login");

        admission.exempt(exemption("team", "2026-11-21", pins));
        AdmissionAnswer answer = admission.create(POD, "team");
        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings()).isEmpty();
        assertThat(answer.auditAnnotations())
                .containsEntry("decision", "exempted")
                .containsEntry("exemptions", "legacy (security@acme.example)");
        assertThat(admission.create(SECRET, "team", LOGIN).allowed()).isTrue();

        admission.exempt(exemption("team", "2026-11-20", pins));
        assertThat(admission.create(POD, "team").allowed()).isFalse();
        admission.exempt(exemption("team-b", "2026-12-31", pins));
        assertThat(admission.create(POD, "team").allowed()).isFalse();
        admission.exempt(exemption("team", "2026-12-31", Map.of("secret", "other")));
        assertThat(admission.create(POD, "team").allowed()).isFalse();
        admission.exempt(
                exemption("team", "2026-12-31", Map.of("secret", "login", "detector", "else")));
        assertThat(admission.create(POD, "team").allowed()).isFalse();
        admission.exempt(exemption("team", "2026-12-31", Map.of("pod", "app")));
        assertThat(admission.create(POD, "team").allowed()).isTrue();
        admission.exempt(exemption("team", "2026-12-31", Map.of()));
        assertThat(admission.create(POD, "team").allowed()).isFalse();
        admission.exempt(exemption("team", "2026-12-31", Map.of("everything", "yes")));
        assertThat(admission.create(POD, "team").allowed()).isFalse();
    }

    @Test
    void onlyTheKubeletMakesMirrorPods() {
        admission.create(SECRET, "team", LOGIN);
        String mirror =
                "{kind: Pod, metadata: {name: app, namespace: team, annotations: {kubernetes.io/config.mirror:"
                        + " x}}, spec: {volumes: [{name: v, secret: {secretName: login}}]}}";

        assertThat(admission.create(mirror).allowed()).isFalse();
        assertThat(
                        admission
                                .validate(
                                        Review.create(mirror)
                                                .by("system:node:n1", List.of("system:nodes")))
                                .allowed())
                .isTrue();
        assertThat(
                        admission
                                .validate(Review.create(mirror).by("ann", List.of("system:nodes")))
                                .allowed())
                .isFalse();
    }

    @Test
    void letsAPodFromBeforeBeTouchedAndRefusesWhatIsAddedToIt() {
        admission.create(SECRET, "team", LOGIN);
        String stored =
                "{kind: Pod, metadata: {name: app, namespace: team, uid: u, labels: {n: %s}}, spec: {volumes:"
                        + " [{name: v, secret: {secretName: login}}], ephemeralContainers: [%s]}}";

        AdmissionAnswer touched =
                admission.validate(
                        Review.update(
                                Yaml.object(stored.formatted("a", "")),
                                Yaml.object(stored.formatted("b", ""))));
        assertThat(touched.allowed()).isTrue();
        assertThat(touched.warnings()).isNotEmpty();

        AdmissionAnswer added =
                admission.validate(
                        Review.update(
                                        Yaml.object(stored.formatted("a", "")),
                                        Yaml.object(
                                                stored.formatted(
                                                        "a",
                                                        "{name: d, env: [{name: A, value: "
                                                                + LOGIN
                                                                + "}]}")))
                                .subResource("ephemeralcontainers"));
        assertThat(added.allowed()).isFalse();
        assertThat(added.message()).contains("spec.ephemeralContainers[0].env[0].value");
    }

    @Test
    void whatIsInjectedHasToBeThere() {
        String asks =
                "{kind: Pod, metadata: {name: app, namespace: %s, labels: {tollbridge.dev/inject: 'true'},"
                        + " annotations: {tollbridge.dev/targets: internal-api}}, spec: {containers: [{name: app,"
                        + " image: i}]}}";

        assertThat(admission.create(asks, "team").allowed()).isFalse();
        assertThat(admission.create(asks, "warn").warnings()).hasSize(1);
        AdmissionAnswer injected = admission.mutate(Review.create(asks.formatted("team")));
        assertThat(injected.patch()).isNotNull();
        assertThat(admission.mutate(Review.create(asks.formatted("kube-system"))).patch()).isNull();
    }
}
