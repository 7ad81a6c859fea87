package dev.tollbridge.webhook.cluster;

import static dev.tollbridge.webhook.cluster.ClusterScene.OWN;
import static dev.tollbridge.webhook.cluster.ClusterScene.POD;
import static dev.tollbridge.webhook.cluster.ClusterScene.SECRET;
import static dev.tollbridge.webhook.cluster.ClusterScene.await;
import static dev.tollbridge.webhook.cluster.ClusterScene.figure;
import static dev.tollbridge.webhook.testing.MarkedWords.LOGIN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.testing.cluster.KubectlResult;
import dev.tollbridge.webhook.admission.Admission.Rules;
import dev.tollbridge.webhook.decide.Mode;
import dev.tollbridge.webhook.decide.Settings;
import dev.tollbridge.webhook.decide.Settings.NamespaceRule;
import dev.tollbridge.webhook.decide.Uninspectable;
import dev.tollbridge.webhook.inject.InjectSettings;
import dev.tollbridge.webhook.serve.Webhook;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// What runs already, before the webhook looks: on a real API server, by two replicas.
class SweepTest {

    private static final ClusterScene scene = new ClusterScene("running", "quiet");

    private static final String OWNER =
            "{apiVersion: apps/v1, kind: ReplicaSet, name: r, uid: %s, controller: true}";

    @AfterAll
    static void end() {
        scene.end();
    }

    private static Rules rules(int evictionsPerSweep) {
        return new Rules(
                new Settings(
                        Mode.AUDIT,
                        List.of(new NamespaceRule("quiet", null, Mode.OFF)),
                        Uninspectable.ALLOW,
                        List.of(),
                        Settings.OF_THE_CLUSTER,
                        List.of("internal-api")),
                new InjectSettings(
                        "https://bridge.acme.example",
                        "https://bridge.acme.example",
                        null,
                        Map.of("internal-api", "jwt"),
                        evictionsPerSweep));
    }

    private static void running(String name, String target, String owner) {
        KubectlResult made =
                scene.apply(
                        """
                        {apiVersion: v1, kind: Pod, metadata: {name: %s, namespace: running, labels: {tollbridge.dev/inject: "true",
                          app: %s}, annotations: {tollbridge.dev/targets: %s}, ownerReferences: [%s]}, spec: {serviceAccountName:
                          default, containers: [{name: app, image: i}]}}
                        """
                                .formatted(name, name, target, owner));
        assertThat(made.succeeded()).as(made.output()).isTrue();
        scene.cluster.kubectl(
                "patch",
                "pod",
                name,
                "-n",
                "running",
                "--subresource=status",
                "-p",
                "{\"status\":{\"phase\":\"Running\"}}");
    }

    private static boolean hasSwept(Webhook webhook) {
        return figure(webhook, "tollbridge_webhook_sweep_ended_seconds") > 0;
    }

    private static boolean exists(String pod) {
        return scene.cluster.kubectl("get", "pod", pod, "-n", "running").succeeded();
    }

    private static String events(String object) {
        return scene.cluster
                .kubectl(
                        "get",
                        "events",
                        "-n",
                        "running",
                        "--field-selector",
                        "involvedObject.name=" + object,
                        "-o",
                        "custom-columns=R:.reason,M:.message")
                .output();
    }

    @Test
    void b25_reportsWhatRunsEvictsWithinTheBudgetAndIsTakenOver() {
        scene.apply(SECRET.formatted("old", "running", LOGIN));
        scene.apply(SECRET.formatted("old", "quiet", LOGIN));
        scene.apply(POD.formatted("mounts", "running", "old"));
        running("bare", "internal-api", "");
        running("refused", "nothing-known", OWNER.formatted("u1"));
        running("held", "internal-api", OWNER.formatted("u2"));
        scene.cluster.kubectl(
                "create",
                "pdb",
                "held",
                "-n",
                "running",
                "--selector=app=held",
                "--min-available=1");
        for (int i = 0; i < 3; i++) {
            running("missed-" + i, "internal-api", OWNER.formatted("u3"));
        }

        Webhook first = Webhook.start(scene.options(Duration.ofHours(1)), rules(2));
        try (Webhook second = Webhook.start(scene.options(Duration.ofHours(1)), rules(2))) {
            scene.untilReady(first);
            scene.untilReady(second);
            await("one of them sweeps", () -> hasSwept(first) || hasSwept(second));
            Webhook leader = figure(first, "tollbridge_webhook_leads") == 1 ? first : second;
            Webhook follower = leader == first ? second : first;
            assertThat(figure(follower, "tollbridge_webhook_leads")).isZero();
            assertThat(figure(follower, "tollbridge_webhook_sweep_ended_seconds")).isZero();

            assertThat(figure(leader, "tollbridge_webhook_sweep_stored_findings")).isEqualTo(1);
            assertThat(figure(leader, "tollbridge_webhook_sweep_pods_findings")).isEqualTo(1);
            assertThat(figure(leader, "tollbridge_webhook_sweep_pods_uninjected")).isEqualTo(6);
            assertThat(figure(leader, "tollbridge_webhook_evictions_total{outcome=\"evicted\"}"))
                    .isEqualTo(2);
            assertThat(figure(leader, "tollbridge_webhook_evictions_total{outcome=\"held\"}"))
                    .isEqualTo(1);

            assertThat(events("old"))
                    .contains("InteractiveLogin", "marked-login")
                    .doesNotContain(LOGIN);
            assertThat(events("mounts")).contains("InteractiveLogin", "Secret running/old");
            assertThat(events("bare")).contains("InjectionMissed", "nothing would make it again");
            assertThat(events("refused")).contains("InjectionMissed", "would be refused");
            assertThat(events("held")).contains("InjectionMissed", "disruption budget");
            assertThat(events("missed-0")).contains("EvictedForInjection");
            assertThat(events("missed-2")).contains("InjectionMissed", "no more in this sweep");
            assertThat(exists("bare") && exists("refused") && exists("held")).isTrue();
            assertThat(exists("missed-2")).isTrue();

            leader.close();
            await("the other takes over and sweeps", () -> hasSwept(follower));
            assertThat(figure(follower, "tollbridge_webhook_leads")).isEqualTo(1);
            assertThat(figure(follower, "tollbridge_webhook_evictions_total{outcome=\"evicted\"}"))
                    .isPositive();
        } finally {
            first.close();
        }
    }

    @Test
    void needsTheDocumentedPermissionsOnlyAndSweepsTheRestWithoutSecrets() {
        KubectlResult granted =
                scene.cluster.kubectl("apply", "-f", "../examples/admission/rbac.yaml");
        assertThat(granted.succeeded()).as(granted.output()).isTrue();
        scene.cluster.kubectl("delete", "clusterrolebinding", "tollbridge-webhook-sweep-secrets");
        scene.apply(SECRET.formatted("unread", "running", LOGIN));
        scene.apply(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: read, namespace: running}, data: {a: %s}}"
                        .formatted(LOGIN));
        running("missed-later", "internal-api", OWNER.formatted("u9"));
        String token =
                scene.cluster
                        .kubectl("create", "token", "tollbridge-webhook", "-n", OWN)
                        .output()
                        .strip();
        Path kubeconfig = scene.cluster.kubeconfig("tollbridge-webhook", token);

        try (Webhook webhook =
                Webhook.start(scene.options(Duration.ofHours(1), kubeconfig), rules(9))) {
            scene.untilReady(webhook);
            await("it sweeps", () -> hasSwept(webhook));
            assertThat(figure(webhook, "tollbridge_webhook_leads")).isEqualTo(1);
            assertThat(events("read")).contains("InteractiveLogin");
            assertThat(events("unread")).doesNotContain("InteractiveLogin");
            assertThat(events("missed-later")).contains("EvictedForInjection");
            assertThat(figure(webhook, "tollbridge_webhook_evictions_total{outcome=\"failed\"}"))
                    .isZero();
            await(
                    "verdicts are shared",
                    () -> figure(webhook, "tollbridge_webhook_verdicts_unshared") == 0);
            assertThat(scene.cluster.kubectl("get", "validatingwebhookconfigurations").output())
                    .contains("tollbridge-webhook");
        }
    }
}
