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
            await(
                    "the other takes over and sweeps",
                    () -> figure(follower, "tollbridge_webhook_sweep_ended_seconds") > 0);
            assertThat(figure(follower, "tollbridge_webhook_leads")).isEqualTo(1);
            assertThat(figure(follower, "tollbridge_webhook_evictions_total{outcome=\"evicted\"}"))
                    .isPositive();
        } finally {
            first.close();
        }
    }

    @Test
    void withoutThePermissionToReadSecretsItSweepsTheRest() {
        scene.apply(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: conf, namespace: running}, data: {a: %s}}"
                        .formatted(LOGIN));
        scene.cluster.kubectl("create", "serviceaccount", "sweeper", "-n", OWN);
        scene.cluster.kubectl(
                "create", "clusterrole", "sweeper", "--verb=list", "--resource=configmaps,pods");
        scene.cluster.kubectl(
                "create",
                "clusterrolebinding",
                "sweeper",
                "--clusterrole=sweeper",
                "--serviceaccount=" + OWN + ":sweeper");
        String token =
                scene.cluster.kubectl("create", "token", "sweeper", "-n", OWN).output().strip();
        Path kubeconfig = scene.cluster.kubeconfig("sweeper", token);

        try (Cluster cluster = Cluster.connect(kubeconfig)) {
            Sweep sweep = new Sweep(cluster);
            StringBuilder names = new StringBuilder();
            assertThat(sweep.all("secrets", each -> names.append(each))).isFalse();
            assertThat(names).isEmpty();
            assertThat(
                            sweep.all(
                                    "configmaps",
                                    each ->
                                            names.append(each.at("/metadata/name").asText())
                                                    .append(' ')))
                    .isTrue();
            assertThat(names.toString()).contains("conf ");
        }
    }
}
