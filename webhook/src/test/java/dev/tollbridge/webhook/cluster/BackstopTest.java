package dev.tollbridge.webhook.cluster;

import static dev.tollbridge.webhook.cluster.ClusterScene.OWN;
import static dev.tollbridge.webhook.cluster.ClusterScene.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.testing.cluster.KubectlResult;
import dev.tollbridge.webhook.admission.Admission;
import dev.tollbridge.webhook.admission.Admission.Rules;
import dev.tollbridge.webhook.decide.Exemption;
import dev.tollbridge.webhook.decide.Mode;
import dev.tollbridge.webhook.decide.Settings;
import dev.tollbridge.webhook.decide.Settings.NamespaceRule;
import dev.tollbridge.webhook.decide.Uninspectable;
import dev.tollbridge.webhook.detect.Fingerprints;
import dev.tollbridge.webhook.detect.engine.StandardDetectors;
import dev.tollbridge.webhook.index.ObjectVerdict;
import dev.tollbridge.webhook.index.Observation;
import dev.tollbridge.webhook.index.VerdictIndex;
import dev.tollbridge.webhook.inject.InjectSettings;
import dev.tollbridge.webhook.registration.Backstop;
import dev.tollbridge.webhook.registration.StructuralRules;
import dev.tollbridge.webhook.review.AdmissionAnswer;
import dev.tollbridge.webhook.stored.StoredKind;
import dev.tollbridge.webhook.stored.StoredName;
import dev.tollbridge.webhook.testing.Review;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The policies that a real API server evaluates say of each pod what the webhook says.
class BackstopTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final ClusterScene scene =
            new ClusterScene("backstopped", "backstop-warned", "backstop-off");

    private static final List<String> VOLUMES =
            List.of(
                    "emptyDir: {}",
                    "secret: {secretName: known}",
                    "configMap: {name: known}",
                    "downwardAPI: {items: [{path: a, fieldRef: {fieldPath: metadata.name}}]}",
                    "projected: {sources: [{serviceAccountToken: {path: t}}, {secret: {name: known}}, {configMap:"
                            + " {name: known}}, {downwardAPI: {items: [{path: a, fieldRef: {fieldPath:"
                            + " metadata.name}}]}}]}",
                    "projected: {sources: [{clusterTrustBundle: {name: b, path: p}}]}",
                    "persistentVolumeClaim: {claimName: c}",
                    "ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests:"
                            + " {storage: 1Gi}}}}}",
                    "ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests:"
                            + " {storage: 1Gi}}, dataSource: {kind: PersistentVolumeClaim, name: other}}}}",
                    "awsElasticBlockStore: {volumeID: v}",
                    "csi: {driver: csi.spiffe.io}",
                    "csi: {driver: secrets-store.csi.k8s.io}",
                    "csi: {driver: x.example, volumeAttributes: {driver: csi.spiffe.io}}",
                    "nfs: {server: s, path: /p}",
                    "image: {reference: i}",
                    "flexVolume: {driver: a/b}",
                    "iscsi: {targetPortal: '1.1.1.1:3260', iqn: 'iqn.2001-04.com.example:s', lun: 0}",
                    "hostPath: {path: /sys}",
                    "hostPath: {path: /sys/fs/cgroup}",
                    "hostPath: {path: /system}",
                    "hostPath: {path: /lib/modules}",
                    "hostPath: {path: /var/log}",
                    "hostPath: {path: /root/.azure}",
                    "hostPath: {path: /root//.azure}",
                    "hostPath: {path: /home/ann/./.config/gcloud}",
                    "hostPath: {path: /home/ann/.config/gh}",
                    "hostPath: {path: /home/ann/.kube/config}",
                    "hostPath: {path: /home/ann}",
                    "hostPath: {path: /homes/ann}",
                    "hostPath: {path: /opt/azure}",
                    "hostPath: {path: /sys/.azure}");

    private static List<String> pods() {
        List<String> pods = new ArrayList<>();
        for (String volume : VOLUMES) {
            pods.add(pod("", "volumes: [{name: v, " + volume + "}]"));
        }
        pods.add(
                pod(
                        "",
                        "volumes: [{name: v, emptyDir: {}}, {name: w, nfs: {server: s, path: /p}}]"));
        pods.add(pod("", "hostNetwork: false"));
        pods.add(
                "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: %s}, spec: {containers: [{name: a, image: i,"
                        + " env: [{name: A, valueFrom: {fieldRef: {fieldPath: metadata.name}}}, {name: B, valueFrom:"
                        + " {secretKeyRef: {name: known, key: k}}}, {name: C, valueFrom: {resourceFieldRef: {resource:"
                        + " limits.cpu}}}], envFrom: [{prefix: P, configMapRef: {name: known}}, {secretRef: {name:"
                        + " known}}]}]}}");
        pods.add(pod("labels: {tollbridge.dev/inject: 'false'},", ""));
        pods.add(
                pod(
                        "labels: {tollbridge.dev/inject: 'true'}, annotations: {tollbridge.dev/targets: internal-api},",
                        ""));
        pods.add(
                pod(
                        "labels: {tollbridge.dev/inject: 'true'}, annotations: {tollbridge.dev/targets: internal-api},",
                        "volumes: [{name: tollbridge-token, projected: {sources: [{serviceAccountToken: {audience:"
                                + " elsewhere, path: token}}]}}]"));
        pods.add(
                pod("", "volumes: [{name: v, nfs: {server: s, path: /p}}]")
                        .replace("name: p,", "name: exempt,"));
        return pods;
    }

    private static String pod(String metadata, String spec) {
        return "{apiVersion: v1, kind: Pod, metadata: {"
                + metadata
                + " name: p, namespace: %s}, spec: {serviceAccountName: default, containers: [{name: a, image: i}], "
                + spec
                + "}}";
    }

    @AfterAll
    static void end() {
        scene.cluster.kubectl(
                "delete", "validatingadmissionpolicies,validatingadmissionpolicybindings", "--all");
        scene.end();
    }

    private static Rules rules(Uninspectable uninspectable) {
        return new Rules(
                new Settings(
                        Mode.ENFORCE,
                        List.of(
                                new NamespaceRule("backstop-warned", null, Mode.WARN),
                                new NamespaceRule(null, "*-off", Mode.OFF)),
                        uninspectable,
                        List.of(
                                new Exemption(
                                        "e",
                                        "backstopped",
                                        Map.of("pod", "exempt"),
                                        "r",
                                        "a",
                                        LocalDate.parse("2026-12-01")),
                                new Exemption(
                                        "over",
                                        "backstopped",
                                        Map.of("pod", "p"),
                                        "r",
                                        "a",
                                        LocalDate.parse("2026-11-20"))),
                        Settings.OF_THE_CLUSTER,
                        List.of("internal-api")),
                new InjectSettings(
                        "https://bridge.acme.example",
                        "https://bridge.acme.example",
                        null,
                        Map.of("internal-api", "jwt")));
    }

    private static AdmissionAnswer webhook(Rules rules, String pod) {
        VerdictIndex index = new VerdictIndex();
        for (StoredKind kind : StoredKind.values()) {
            for (String namespace : List.of("backstopped", "backstop-warned")) {
                index.saw(
                        new StoredName(kind, namespace, "known"),
                        new Observation.Stored(ObjectVerdict.CLEAN, "1"));
            }
        }
        return new Admission(
                        () -> rules,
                        StandardDetectors.shipped(Fingerprints.keyed(new byte[16])),
                        index,
                        false,
                        _ -> {},
                        (_, _) -> {},
                        () -> NOW)
                .validate(Review.create(pod).request());
    }

    @ParameterizedTest
    @EnumSource(Uninspectable.class)
    void saysOfEachPodWhatTheWebhookSays(Uninspectable uninspectable) {
        Rules rules = rules(uninspectable);
        KubectlResult applied =
                scene.apply(
                        new Backstop(
                                        rules.settings(),
                                        new StructuralRules(rules.settings(), rules.inject(), NOW),
                                        List.of(OWN))
                                .list()
                                .toString());
        assertThat(applied.succeeded()).as(applied.output()).isTrue();
        // Taken up by the API server when its watch tells it.
        String probe = pod("", "volumes: [{name: v, nfs: {server: s, path: /p}}]");
        await(
                "the policies are in force",
                () -> {
                    KubectlResult said = rehearse(probe.formatted("backstopped"));
                    return switch (uninspectable) {
                        case DENY -> !said.succeeded();
                        case WARN -> said.succeeded() && said.output().contains("Warning");
                        case ALLOW ->
                                !said.output().contains("Warning")
                                        && !rehearse(
                                                        pod(
                                                                        "",
                                                                        "volumes: [{name: v, hostPath: {path: /root/.azure}}]")
                                                                .formatted("backstopped"))
                                                .succeeded();
                    };
                });

        List<String> differ = new ArrayList<>();
        for (String namespace : List.of("backstopped", "backstop-warned", "backstop-off")) {
            for (String template : pods()) {
                String pod = template.formatted(namespace);
                AdmissionAnswer webhook = webhook(rules, pod);
                KubectlResult policy = rehearse(pod);
                if (policy.succeeded() != webhook.allowed()
                        || policy.output().contains("Warning: Validation failed")
                                == webhook.warnings().isEmpty()) {
                    differ.add(
                            pod
                                    + "\nwebhook: "
                                    + webhook.message()
                                    + webhook.warnings()
                                    + "\npolicy: "
                                    + policy.output());
                }
            }
        }
        assertThat(differ).isEmpty();
    }

    private static KubectlResult rehearse(String pod) {
        return scene.run(pod, "create", "--dry-run=server");
    }
}
