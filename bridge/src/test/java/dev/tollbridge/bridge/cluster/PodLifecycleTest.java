package dev.tollbridge.bridge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.bridge.serve.KeptIn;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.testing.Eventually;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.testing.cluster.ClusterFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was issued to a pod ends with the pod, and nothing is inherited under a name.
class PodLifecycleTest {

    @TempDir private Path folder;
    private final ClusterFixture cluster = Resources.cluster();
    private Workloads workloads;
    private Path config;

    @BeforeEach
    void start() throws IOException {
        workloads = new Workloads(cluster, "lives-" + UUID.randomUUID().toString().substring(0, 8));
        config = Files.createDirectories(folder.resolve("config"));
        grant("\"/kubernetes.io/serviceaccount/name\": " + Workloads.SERVICE_ACCOUNT);
    }

    @AfterEach
    void end() {
        workloads.close();
    }

    private void grant(String match) throws IOException {
        Files.writeString(config.resolve("documents.yaml"), workloads.documents(match));
    }

    private static String issued(JsonNode answer) {
        String token = answer.path("access_token").asText();
        assertThat(token).as(answer.toString()).isNotEmpty();
        return token;
    }

    @Test
    void whatWasIssuedToADeletedPodIsRevoked() {
        try (ServedBridge bridge =
                new ServedBridge(
                        ServeSettings.local(config, folder.resolve("data"))
                                .withRevocationByPods())) {
            String goes =
                    issued(
                            bridge.exchange(
                                    workloads.tokenOf(workloads.createPod("goes")),
                                    "internal-api"));
            String stays =
                    issued(
                            bridge.exchange(
                                    workloads.tokenOf(workloads.createPod("stays")),
                                    "internal-api"));
            assertThat(bridge.introspect(goes).path("active").asBoolean()).isTrue();

            workloads.deletePod("goes");

            Eventually.is(
                    "the deleted pod's credential is revoked",
                    () -> !bridge.introspect(goes).path("active").asBoolean());
            assertThat(bridge.introspect(stays).path("active").asBoolean()).isTrue();
        }
    }

    @Test
    void whatWentWhileNobodyLookedIsRevokedAtTheNextStart() {
        Path data = folder.resolve("data");
        String token;
        try (ServedBridge bridge = new ServedBridge(config, data)) {
            token =
                    issued(
                            bridge.exchange(
                                    workloads.tokenOf(workloads.createPod("goes")),
                                    "internal-api"));
        }
        workloads.deletePod("goes");

        try (ServedBridge bridge =
                new ServedBridge(ServeSettings.local(config, data).withRevocationByPods())) {
            Eventually.is(
                    "it is revoked",
                    () ->
                            bridge.ask(
                                            "GET",
                                            bridge.managementUrl() + "/admin/v1/issuances",
                                            bridge.adminToken(),
                                            null)
                                    .body()
                                    .contains("revoked"));
            assertThat(token).isNotEmpty();
        }
    }

    @Test
    void anotherBridgesIssuancesAreRevokedToo() {
        KeptIn shared = new KeptIn.Cluster(cluster.kubeconfig().toString(), workloads.namespace());
        ServeSettings one = ServeSettings.local(config, folder.resolve("one")).withLedger(shared);
        ServeSettings other =
                ServeSettings.local(config, folder.resolve("other"))
                        .withLedger(shared)
                        .withRevocationByPods();
        try (ServedBridge issuing = new ServedBridge(one);
                ServedBridge watching = new ServedBridge(other)) {
            assertThat(watching.url()).isNotEqualTo(issuing.url());
            JsonNode answer =
                    issuing.exchange(
                            workloads.tokenOf(workloads.createPod("goes")), "internal-api");
            issued(answer);
            String name =
                    answer.path("issuance").asText().toLowerCase(Locale.ROOT).replace('_', '-');
            assertThat(kubectl("get", "issuances")).contains("Issued");

            workloads.deletePod("goes");

            Eventually.is(
                    "the issuance is revoked",
                    () ->
                            kubectl("get", "issuance", name, "-o", "jsonpath={.status.phase}")
                                    .equals("Revoked"));
        }
    }

    private String kubectl(String... arguments) {
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        all[0] = "-n";
        all[1] = workloads.namespace();
        return cluster.kubectl(all).output();
    }

    @Test
    void aServiceAccountThatIsMadeAgainDoesNotInherit() throws IOException {
        String before =
                cluster.kubectl(
                                "get",
                                "serviceaccount",
                                Workloads.SERVICE_ACCOUNT,
                                "-n",
                                workloads.namespace(),
                                "-o",
                                "jsonpath={.metadata.uid}")
                        .output();
        grant("\"/kubernetes.io/serviceaccount/uid\": " + before);
        try (ServedBridge bridge = new ServedBridge(config, folder.resolve("data"))) {
            String old = workloads.tokenOf(workloads.createPod("before"));
            issued(bridge.exchange(old, "internal-api"));

            workloads.deleteServiceAccount();
            workloads.createServiceAccount();

            assertThat(bridge.exchange(old, "internal-api").path("reason").asText())
                    .isEqualTo("subject_gone");
            String fresh = workloads.tokenOf(workloads.createPod("after"));
            assertThat(bridge.exchange(fresh, "internal-api").path("reason").asText())
                    .isEqualTo("grant_missing");
        }
    }
}
