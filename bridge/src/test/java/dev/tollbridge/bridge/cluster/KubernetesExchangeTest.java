package dev.tollbridge.bridge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.testing.cluster.ClusterFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Exchanges of real pods' tokens: keys from the API server, TokenReview by the API server, the
/// bridge as `serve` runs it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KubernetesExchangeTest {

    private Workloads workloads;
    private ServedBridge bridge;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        ClusterFixture cluster = ClusterFixture.shared();
        workloads = new Workloads(cluster, "exchanging");
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(
                config.resolve("documents.yaml"),
                workloads.documents(
                        "\"/kubernetes.io/serviceaccount/name\": " + Workloads.SERVICE_ACCOUNT));
        bridge = new ServedBridge(config, folder.resolve("data"));
    }

    @AfterAll
    void stop() {
        if (bridge != null) {
            bridge.close();
        }
        if (workloads != null) {
            workloads.close();
        }
    }

    @Test
    void aPodExchangesItsTokenAsOftenAsItLikesUntilItIsDeleted() {
        String token = workloads.tokenOf(workloads.createPod("lives"));

        assertIssued(bridge.exchange(token, "internal-api"));
        assertIssued(bridge.exchange(token, "internal-api"));

        workloads.deletePod("lives");
        assertRefused(
                "subject_gone",
                "is gone, says TokenReview",
                bridge.exchange(token, "internal-api"));
    }

    @Test
    void aTokenThatIsBoundToNoPodIsRefused() {
        assertRefused(
                "claim_malformed",
                "pod",
                bridge.exchange(workloads.unboundToken(), "internal-api"));
    }

    @Test
    void aTokenForTheApiServerIsRefused() {
        String token = workloads.tokenOf(workloads.createPod("api-server"), ClusterFixture.ISSUER);

        assertRefused("audience_mismatch", "", bridge.exchange(token, "internal-api"));
    }

    @Test
    void aSignatureThatTheClusterDidNotMakeIsRefused() {
        String token = workloads.tokenOf(workloads.createPod("forged"));
        String signature = token.substring(token.lastIndexOf('.') + 1);
        String other = (signature.charAt(0) == 'A' ? "B" : "A") + signature.substring(1);

        assertRefused(
                "signature_invalid",
                "",
                bridge.exchange(token.replace(signature, other), "internal-api"));
    }

    private static void assertIssued(JsonNode answer) {
        assertThat(answer.path("access_token").asText()).as(answer.toString()).isNotEmpty();
        assertThat(answer.path("issuance").asText()).startsWith("iss_");
    }

    private void assertRefused(String reason, String detail, JsonNode answer) {
        assertThat(answer.path("reason").asText()).as(answer.toString()).isEqualTo(reason);
        assertThat(bridge.receipt(answer.path("receipt").asText()).toString())
                .contains("\"reason\":\"" + reason + "\"")
                .contains(detail);
    }
}
