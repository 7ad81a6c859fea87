package dev.tollbridge.webhook.admission;

import static dev.tollbridge.webhook.admission.AdmissionFixture.SECRET;
import static dev.tollbridge.webhook.testing.MarkedWords.FAULT;
import static dev.tollbridge.webhook.testing.MarkedWords.LOGIN;
import static dev.tollbridge.webhook.testing.MarkedWords.SEALED;
import static dev.tollbridge.webhook.testing.MarkedWords.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.webhook.decide.Uninspectable;
import dev.tollbridge.webhook.review.AdmissionAnswer;
import dev.tollbridge.webhook.testing.Review;
import dev.tollbridge.webhook.testing.Yaml;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WriteTimeTest {

    private final AdmissionFixture admission = new AdmissionFixture();

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static final String HEAD = "metadata: {name: login, namespace: team}";

    private static List<String> places() {
        String encoded = base64("x " + LOGIN);
        return List.of(
                "{kind: Secret, " + HEAD + ", data: {token: " + encoded + "}}",
                "{kind: Secret, " + HEAD + ", stringData: {token: " + LOGIN + "}}",
                "{kind: Secret, type: kubernetes.io/dockerconfigjson, "
                        + HEAD
                        + ", data: {.dockerconfigjson: "
                        + encoded
                        + "}}",
                "{kind: ConfigMap, " + HEAD + ", data: {token: " + LOGIN + "}}",
                "{kind: ConfigMap, " + HEAD + ", binaryData: {token: " + encoded + "}}",
                "{kind: Secret, metadata: {name: login, namespace: team, annotations: {a: "
                        + LOGIN
                        + "}}}",
                "{kind: Secret, metadata: {name: login, namespace: team, annotations:"
                        + " {kubectl.kubernetes.io/last-applied-configuration: '{\"data\":{\"token\":\""
                        + encoded
                        + "\"}}'}}}",
                "{kind: ConfigMap, metadata: {name: login, namespace: team, annotations:"
                        + " {kubectl.kubernetes.io/last-applied-configuration: '{\"data\":{\"token\":\""
                        + LOGIN
                        + "\"}}'}}}");
    }

    @Test
    void refusesALoginWhereverAnObjectCanHoldIt() {
        for (String object : places()) {
            AdmissionAnswer created = admission.create(object);
            assertThat(created.allowed()).as(object).isFalse();
            assertThat(created.code()).isEqualTo(403);
            AdmissionAnswer updated =
                    admission.validate(
                            Review.update(
                                    Yaml.object("{kind: Secret, " + HEAD + "}"),
                                    Yaml.object(object)));
            assertThat(updated.allowed()).as("update to " + object).isFalse();
        }
    }

    @Test
    void saysDetectorPlaceKeyProvenanceFixAndWayOutOnOneScreenAndNoValue() {
        AdmissionAnswer answer = admission.create(SECRET, "team", LOGIN);

        assertThat(answer.message())
                .contains("Secret team/login")
                .contains("stringData[token]")
                .contains("marked-login")
                .contains("the tool has no other login")
                .contains("tollbridge.dev/inject: \"true\"")
                .contains("tollbridge.dev/targets: \"internal-api\"")
                .contains("tollbridge advise --runtime pod")
                .contains("Exemption")
                .contains("match: {secret: login, detector: marked-login, fingerprint: \"")
                .doesNotContain(LOGIN);
        assertThat(answer.message().lines().count()).isLessThanOrEqualTo(24);
        assertThat(answer.message().lines().mapToInt(String::length).max().orElse(0))
                .isLessThanOrEqualTo(256);
        assertThat(answer.auditAnnotations())
                .containsEntry("mode", "enforce")
                .containsEntry("decision", "refused");
        assertThat(answer.auditAnnotations().get("findings")).contains("marked-login");
    }

    @Test
    void manyFindingsFitOnOneScreenToo() {
        StringBuilder variables = new StringBuilder();
        for (int i = 0; i < 40; i++) {
            variables.append("{name: A").append(i).append(", value: ");
            variables.append(LOGIN).append(i).append("}, ");
        }
        AdmissionAnswer answer =
                admission.create(
                        "{kind: Pod, metadata: {name: app, namespace: team}, spec: {containers: [{name: a, image: i,"
                                + " env: [%s]}]}}",
                        variables.toString());

        assertThat(answer.message().lines().count()).isLessThanOrEqualTo(24);
        assertThat(answer.message())
                .contains("40 findings.", "more.", "tollbridge.dev/inject", "Exemption")
                .doesNotContain(LOGIN);
    }

    @Test
    void aRefusedPodIsToldHowToShowWhatIsStoredNow() {
        admission.create(SECRET, "team", LOGIN);
        AdmissionAnswer pod = admission.create(AdmissionFixture.POD, "team");

        assertThat(pod.message()).contains("kubectl annotate --overwrite secret login");
        assertThat(pod.message().lines().count()).isLessThanOrEqualTo(24);
    }

    @Test
    void doesByModeWhatTheModeSays() {
        AdmissionAnswer warned = admission.create(SECRET, "warn", LOGIN);
        assertThat(warned.allowed()).isTrue();
        assertThat(warned.warnings()).hasSize(1).first().asString().contains("marked-login");
        assertThat(warned.auditAnnotations()).containsEntry("under-enforce", "refused");

        AdmissionAnswer audited = admission.create(SECRET, "audit", LOGIN);
        assertThat(audited.allowed()).isTrue();
        assertThat(audited.warnings()).isEmpty();
        assertThat(audited.auditAnnotations())
                .containsEntry("decision", "recorded")
                .containsEntry("under-enforce", "refused");

        AdmissionAnswer off = admission.create(SECRET, "off", LOGIN);
        assertThat(off.allowed()).isTrue();
        assertThat(off.auditAnnotations()).isEmpty();
        assertThat(admission.create(SECRET, "team-b", LOGIN).allowed()).isFalse();
        assertThat(admission.create(SECRET, "elsewhere", LOGIN).allowed()).isTrue();
    }

    @Test
    void neverRefusesWhatTheClusterDependsOn() {
        AdmissionAnswer answer = admission.create(SECRET, "kube-system", LOGIN);

        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings()).isNotEmpty();
    }

    @Test
    void warnsOfATokenThatMayBeAWorkloads() {
        AdmissionAnswer answer = admission.create(SECRET, "team", TOKEN);

        assertThat(answer.allowed()).isTrue();
        assertThat(answer.warnings()).hasSize(1);
    }

    @Test
    void handlesWhatCannotBeInspectedAsTheSettingsSay() {
        assertThat(admission.create(SECRET, "team", SEALED).warnings()).hasSize(1);
        admission.uninspectable(Uninspectable.DENY);
        assertThat(admission.create(SECRET, "team", SEALED).allowed()).isFalse();
        assertThat(admission.create(SECRET, "warn", SEALED).allowed()).isTrue();
        admission.uninspectable(Uninspectable.ALLOW);
        AdmissionAnswer allowed = admission.create(SECRET, "team", SEALED);
        assertThat(allowed.warnings()).isEmpty();
        assertThat(allowed.auditAnnotations().get("uninspectable")).contains("encrypted");
    }

    @Test
    void recordsAHelmReleaseAndSparesItOnlyWhereItDecodes() throws IOException {
        String release =
                "{\"name\":\"shop\",\"version\":1,\"info\":{},\"chart\":{\"metadata\":{}},\"manifest\":\"LOGIN\"}"
                        .replace("LOGIN", LOGIN);
        AdmissionAnswer spared = admission.create(helm("release", packed(release) + LOGIN));
        assertThat(spared.allowed()).as("text after the gzip is no release").isFalse();

        // The detectors of the tests do not look into gzip: a release beside a login shows the
        // rest.
        AdmissionAnswer recorded = admission.create(helm("release", packed(release)));
        assertThat(recorded.allowed()).isTrue();

        assertThat(admission.create(helm("release", LOGIN)).allowed()).isFalse();
        assertThat(admission.create(helm("other", LOGIN)).allowed()).isFalse();
    }

    private static String helm(String key, String value) {
        return "{kind: Secret, type: helm.sh/release.v1, metadata: {name: sh.helm.release.v1.shop.v1, namespace:"
                + " team}, data: {"
                + key
                + ": "
                + base64(value)
                + "}}";
    }

    private static String packed(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    @Test
    void letsControllersTouchWhatWasStoredBeforeAndRefusesWhatIsNew() {
        String stored =
                "{kind: Secret, metadata: {name: login, namespace: team, uid: u, resourceVersion: '7',"
                        + " labels: {n: %s}}, stringData: {token: %s}}";
        AdmissionAnswer touched =
                admission.validate(
                        Review.update(
                                Yaml.object(stored.formatted("a", LOGIN)),
                                Yaml.object(stored.formatted("b", LOGIN))));
        assertThat(touched.allowed()).isTrue();
        assertThat(touched.warnings()).hasSize(1);

        AdmissionAnswer rotated =
                admission.validate(
                        Review.update(
                                Yaml.object(stored.formatted("a", LOGIN)),
                                Yaml.object(stored.formatted("b", "'" + LOGIN + " renewed'"))));
        assertThat(rotated.allowed()).isFalse();
    }

    @Test
    void believesNoOldObjectThatWasNeverStored() {
        String made = SECRET.formatted("team", LOGIN);

        AdmissionAnswer answer =
                admission.validate(Review.update(Yaml.object(made), Yaml.object(made)));

        assertThat(answer.allowed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"team", "warn", "audit"})
    void refusesWhereItEnforcesWhenJudgingFailsAndTellsNobodyTheContent(String namespace) {
        AdmissionAnswer answer = admission.create(SECRET, namespace, FAULT);

        assertThat(answer.allowed()).isEqualTo(!namespace.equals("team"));
        assertThat(answer.message() + answer.warnings()).doesNotContain(FAULT);
        assertThat(answer.auditAnnotations()).containsEntry("decision", "internal-error");
        assertThat(admission.faults).hasSize(1);
        assertThat(admission.faults.getFirst().toString()).doesNotContain(FAULT);
    }

    @Test
    void refusesAReviewWithoutItsObjectWhereItEnforces() {
        Review without = Review.delete(Yaml.object("{kind: Secret, " + HEAD + "}")).as("UPDATE");

        assertThat(admission.validate(without).allowed()).isFalse();
    }

    @Test
    void letsEverythingBeDeleted() {
        Review delete =
                Review.delete(
                        Yaml.object(
                                "{kind: Secret, " + HEAD + ", stringData: {t: " + LOGIN + "}}"));

        assertThat(admission.validate(delete).allowed()).isTrue();
    }

    @Test
    void aDryRunLeavesNothingBehind() {
        AdmissionAnswer answer =
                admission.validate(Review.create(SECRET.formatted("warn", LOGIN)).dryRun());

        assertThat(answer.warnings()).hasSize(1);
        assertThat(admission.seen).isEmpty();
        assertThat(admission.index.size()).isZero();
    }
}
