package dev.tollbridge.webhook.admission;

import static dev.tollbridge.webhook.admission.AdmissionFixture.SECRET;
import static dev.tollbridge.webhook.testing.MarkedWords.LOGIN;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.webhook.decide.Uninspectable;
import dev.tollbridge.webhook.pod.VolumeKinds;
import dev.tollbridge.webhook.testing.Review;
import dev.tollbridge.webhook.testing.Yaml;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every kind of volume and every way into a container, in every list of containers, for every
/// operation: what carries the login is refused, what nobody can look into is denied where the
/// settings say so, and nothing else is.
class EveryWayTest {

    private static final List<String> LISTS =
            List.of("containers", "initContainers", "ephemeralContainers");

    private static final List<String> WAYS =
            List.of(
                    "env: [{name: A, value: " + LOGIN + "}]",
                    "env: [{name: A, valueFrom: {secretKeyRef: {name: login, key: token}}}]",
                    "env: [{name: A, valueFrom: {configMapKeyRef: {name: login, key: token}}}]",
                    "envFrom: [{secretRef: {name: login}}]",
                    "envFrom: [{configMapRef: {name: login}}]",
                    "command: [run, " + LOGIN + "]",
                    "args: [run, " + LOGIN + "]",
                    "livenessProbe: {exec: {command: [" + LOGIN + "]}}",
                    "readinessProbe: {httpGet: {httpHeaders: [{name: A, value: " + LOGIN + "}]}}",
                    "startupProbe: {exec: {command: [" + LOGIN + "]}}",
                    "lifecycle: {preStop: {exec: {command: [" + LOGIN + "]}}}",
                    "lifecycle: {postStart: {httpGet: {httpHeaders: [{name: A, value: "
                            + LOGIN
                            + "}]}}}");

    private static final List<String> CARRIERS =
            List.of(
                    "secret: {secretName: login}",
                    "configMap: {name: login}",
                    "projected: {sources: [{secret: {name: login}}]}",
                    "projected: {sources: [{configMap: {name: login}}]}",
                    "csi: {driver: d, nodePublishSecretRef: {name: login}}",
                    "flexVolume: {driver: d, secretRef: {name: login}}",
                    "cephfs: {secretRef: {name: login}}",
                    "rbd: {secretRef: {name: login}}",
                    "iscsi: {secretRef: {name: login}}",
                    "scaleIO: {secretRef: {name: login}}",
                    "storageos: {secretRef: {name: login}}",
                    "azureFile: {secretName: login}",
                    "hostPath: {path: /root/.tool}");

    static Stream<String> specs() {
        List<String> specs = new ArrayList<>();
        for (String list : LISTS) {
            for (String way : WAYS) {
                specs.add("{" + list + ": [{name: a, image: i, " + way + "}]}");
            }
        }
        for (String carrier : CARRIERS) {
            specs.add("{volumes: [{name: v, " + carrier + "}]}");
        }
        specs.add("{imagePullSecrets: [{name: login}]}");
        return specs.stream();
    }

    private static ObjectNode pod(String spec, String uid) {
        return Yaml.object(
                "{kind: Pod, metadata: {name: app, namespace: team"
                        + uid
                        + "}, spec: "
                        + spec
                        + "}");
    }

    private static List<Review> reviews(String spec) {
        ObjectNode empty = pod("{}", ", uid: u");
        return List.of(
                Review.create(pod(spec, "")),
                Review.update(empty, pod(spec, ", uid: u")),
                Review.update(empty, pod(spec, ", uid: u")).subResource("ephemeralcontainers"));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void aLoginIsRefusedByWhicheverWayItComes(String spec) {
        AdmissionFixture admission = new AdmissionFixture();
        admission.create(SECRET, "team", LOGIN);
        admission.create(
                SECRET.replace("Secret", "ConfigMap").replace("stringData", "data"), "team", LOGIN);

        for (Review review : reviews(spec)) {
            assertThat(admission.validate(review).allowed())
                    .as(review.request().toString())
                    .isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("volumeKinds")
    void whatNobodyCanLookIntoIsDeniedWhereTheSettingsSaySo(String kind) {
        AdmissionFixture admission = new AdmissionFixture().uninspectable(Uninspectable.DENY);
        boolean fine = VolumeKinds.HARMLESS.contains(kind) || VolumeKinds.STORAGE.containsKey(kind);

        for (Review review : reviews("{volumes: [{name: v, " + kind + ": {}}]}")) {
            assertThat(admission.validate(review).allowed())
                    .isEqualTo(fine || kind.equals("projected"));
        }
    }

    static Stream<String> volumeKinds() {
        return Stream.concat(VolumeKinds.known().stream(), Stream.of("invented"));
    }
}
