package dev.tollbridge.bridge.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.bridge.cluster.Resources;
import dev.tollbridge.testing.cluster.ClusterFixture;
import dev.tollbridge.testing.cluster.KubectlResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The chart and a real API server: what it renders is taken by a strict dry run, and Helm
/// installs, upgrades and uninstalls it. There is no node here: no pod of it runs.
class ChartInClusterTest {

    /// Their definitions belong to other products, and are not in this cluster.
    private static final Set<String> OF_OTHERS =
            Set.of("ServiceMonitor", "PrometheusRule", "Certificate");

    private static final String ACCOUNT = "system:serviceaccount:" + Helm.NAMESPACE + ":";

    private static final List<String> ON_DISK =
            Variants.of("bridge.replicas=1", "bridge.ledger=file", "bridge.keys=file");

    private final ClusterFixture cluster = Resources.cluster();

    @BeforeAll
    static void makeNamespace() {
        ClusterFixture cluster = Resources.cluster();
        if (!cluster.kubectl("get", "namespace", Helm.NAMESPACE).succeeded()) {
            Resources.succeed(cluster.kubectl("create", "namespace", Helm.NAMESPACE));
        }
        Resources.succeed(
                cluster.kubectl(
                        "label",
                        "--overwrite",
                        "namespace",
                        Helm.NAMESPACE,
                        "pod-security.kubernetes.io/warn=restricted",
                        "pod-security.kubernetes.io/enforce=restricted"));
    }

    @Test
    void everyVariantPassesAStrictDryRunAndPodSecurityRestricted() {
        for (Map.Entry<String, List<String>> variant : Variants.all().entrySet()) {
            Rendering rendering = Rendering.of(variant.getValue());
            List<JsonNode> known =
                    rendering.objects().stream()
                            .filter(object -> !OF_OTHERS.contains(object.path("kind").asText()))
                            .toList();
            KubectlResult result =
                    Resources.kubectl(
                            new Rendering(known).yaml(),
                            "apply",
                            "--dry-run=server",
                            "--validate=strict");
            assertThat(result.succeeded()).as(variant.getKey() + "\n" + result.output()).isTrue();
            if (!variant.getKey().equals("node network")) {
                assertThat(result.output()).as(variant.getKey()).doesNotContain("Warning");
            }
        }
    }

    @Test
    void isInstalledUpgradedAndUninstalled() {
        var kubeconfig = cluster.kubeconfig();
        // Hooks are jobs, and nobody runs jobs here.
        Helm.run(
                        kubeconfig,
                        Helm.with(
                                ON_DISK,
                                "install",
                                "tollbridge",
                                Helm.CHART.toString(),
                                "--no-hooks",
                                "--skip-crds"))
                .succeeded();
        // Again the same, as GitOps does; then one that moves its keys, the default, and more pods.
        for (List<String> values :
                List.of(
                        ON_DISK,
                        Variants.of("bridge.replicas=1"),
                        Variants.of(),
                        Variants.of(
                                "bridge.replicas=3",
                                "webhook.sweep.minutes=30",
                                "webhook.replicas=3"))) {
            Helm.run(
                            kubeconfig,
                            Helm.with(
                                    values,
                                    "upgrade",
                                    "tollbridge",
                                    Helm.CHART.toString(),
                                    "--no-hooks"))
                    .succeeded();
        }
        rightsAreThoseOfThePage();
        Helm.run(kubeconfig, Helm.with(List.of(), "uninstall", "tollbridge", "--no-hooks"))
                .succeeded();
        KubectlResult left =
                cluster.kubectl(
                        "get",
                        "deployments,services,serviceaccounts,roles,rolebindings,clusterroles,clusterrolebindings,networkpolicies,poddisruptionbudgets,configmaps",
                        "--all-namespaces",
                        "--selector=app.kubernetes.io/part-of=tollbridge",
                        "--output=name");
        assertThat(left.output().replace("No resources found", "")).isBlank();
        // Keys and record outlive it.
        Resources.succeed(
                cluster.kubectl(
                        "delete",
                        "pvc",
                        "tollbridge-bridge",
                        "--wait=false",
                        "-n",
                        Helm.NAMESPACE));
        cluster.kubectl(
                "patch",
                "pvc",
                "tollbridge-bridge",
                "-n",
                Helm.NAMESPACE,
                "--patch={\"metadata\":{\"finalizers\":null}}");
    }

    private void rightsAreThoseOfThePage() {
        may("tollbridge-bridge", true, "create", "issuances.tollbridge.dev");
        may("tollbridge-bridge", true, "update", "leases/tollbridge-ledger");
        may("tollbridge-bridge", false, "update", "leases/tollbridge-webhook");
        may("tollbridge-bridge", true, "create", "secrets");
        may("tollbridge-bridge", true, "patch", "secrets/tollbridge-signing-keys");
        may("tollbridge-bridge", false, "patch", "secrets/of-others");
        may("tollbridge-bridge", false, "delete", "secrets/tollbridge-signing-keys");
        may("tollbridge-bridge", false, "update", "grants.tollbridge.dev");
        may("tollbridge-webhook", true, "get", "secrets/tollbridge-webhook-tls");
        may("tollbridge-webhook", false, "get", "secrets/tollbridge-bridge-tls");
        may("tollbridge-webhook", false, "list", "secrets");
        may("tollbridge-webhook", true, "list", "pods");
        may("tollbridge-webhook", false, "create", "issuances.tollbridge.dev");
        may(
                "tollbridge-webhook",
                true,
                "patch",
                "validatingwebhookconfigurations/tollbridge-webhook");
        may("tollbridge-webhook", false, "patch", "validatingwebhookconfigurations/of-others");
    }

    private void may(String account, boolean expected, String verb, String what) {
        KubectlResult result =
                cluster.kubectl(
                        "auth",
                        "can-i",
                        verb,
                        what,
                        "--as",
                        ACCOUNT + account,
                        "-n",
                        Helm.NAMESPACE);
        assertThat(result.output().lines().anyMatch("yes"::equals))
                .as(account + " " + verb + " " + what + ": " + result.output())
                .isEqualTo(expected);
    }

    /// The job's own commands, with the job's own rights.
    @Test
    void theHookTakesRegistrationAndLeasesAwayAndStopsThePodsFirst() {
        Rendering rendering = Rendering.of(List.of(Helm.IMAGE, "bridge.enabled=false"));
        List<JsonNode> hook =
                rendering.objects().stream()
                        .filter(object ->
                                object.at("/metadata/annotations/helm.sh~1hook")
                                                .asText()
                                                .equals("pre-delete")
                                        && !object.path("kind").asText().equals("Job"))
                        .toList();
        List<JsonNode> installed = new ArrayList<>(hook);
        installed.add(rendering.one("Deployment", "tollbridge-webhook"));
        installed.add(
                Rendering.read(
                                """
                                apiVersion: admissionregistration.k8s.io/v1
                                kind: ValidatingWebhookConfiguration
                                metadata: {name: tollbridge-webhook}
                                """)
                        .objects()
                        .getFirst());
        installed.add(
                Rendering.read(
                                """
                                apiVersion: coordination.k8s.io/v1
                                kind: Lease
                                metadata: {name: tollbridge-webhook, namespace: %s}
                                """
                                        .formatted(Helm.NAMESPACE))
                        .objects()
                        .getFirst());
        String yaml = new Rendering(installed).yaml();
        Resources.succeed(Resources.kubectl(yaml, "apply"));
        try {
            JsonNode pod = rendering.one("Job", "tollbridge-cleanup").at("/spec/template/spec");
            for (String list : List.of("initContainers", "containers")) {
                for (JsonNode container : pod.path(list)) {
                    List<String> arguments = new ArrayList<>();
                    container.path("args").forEach(word -> arguments.add(word.asText()));
                    arguments.add("--as=" + ACCOUNT + "tollbridge-cleanup");
                    KubectlResult result = cluster.kubectl(arguments.toArray(String[]::new));
                    assertThat(result.succeeded()).as(arguments + "\n" + result.output()).isTrue();
                }
            }
            assertThat(
                            cluster.kubectl(
                                            "get",
                                            "validatingwebhookconfiguration",
                                            "tollbridge-webhook")
                                    .output())
                    .contains("NotFound");
            assertThat(
                            cluster.kubectl(
                                            "get",
                                            "lease",
                                            "tollbridge-webhook",
                                            "--namespace",
                                            Helm.NAMESPACE)
                                    .output())
                    .contains("NotFound");
            assertThat(
                            cluster.kubectl(
                                            "get",
                                            "deployment",
                                            "tollbridge-webhook",
                                            "--namespace",
                                            Helm.NAMESPACE,
                                            "--output=jsonpath={.spec.replicas}")
                                    .output())
                    .isEqualTo("0");
        } finally {
            Resources.kubectl(yaml, "delete", "--ignore-not-found");
        }
    }
}
