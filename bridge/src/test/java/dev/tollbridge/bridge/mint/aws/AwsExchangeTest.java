package dev.tollbridge.bridge.mint.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.signing.CryptoProvider;
import dev.tollbridge.bridge.testing.LeakCheck;
import dev.tollbridge.bridge.testing.PlainJobs;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.aws.AwsEmulator;
import dev.tollbridge.bridge.testing.aws.AwsEmulator.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whole exchanges over HTTP with an STS that verifies: what the record says, what a token is still
/// worth afterwards, and that nothing is written down that is a secret.
class AwsExchangeTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROLE = "arn:aws:iam::111122223333:role/deploy";

    private final PlainJobs jobs = new PlainJobs();
    @TempDir private Path folder;
    private AwsEmulator aws;
    private ServedBridge bridge;

    @BeforeEach
    void start() throws Exception {
        CryptoProvider.install();
        aws = new AwsEmulator();
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(
                config.resolve("documents.yaml"),
                jobs.trusted()
                        + """
                        apiVersion: tollbridge.dev/v1alpha1
                        kind: Target
                        metadata: {name: deploy}
                        spec:
                          owner: team@acme.example
                          aws: {roleArn: "%s", region: eu-west-1, stsEndpoint: "%s"}
                        ---
                        apiVersion: tollbridge.dev/v1alpha1
                        kind: Target
                        metadata: {name: internal-api}
                        spec: {owner: team@acme.example, jwt: {audience: "https://api.acme.example"}}
                        ---
                        apiVersion: tollbridge.dev/v1alpha1
                        kind: Grant
                        metadata: {name: deploy}
                        spec:
                          owner: team@acme.example
                          issuer: ci
                          match: {sub: job-42}
                          allow: [{target: deploy, ttl: 15m}, {target: internal-api, ttl: 15m}]
                        """
                                .formatted(ROLE, aws.url()));
        bridge =
                new ServedBridge(
                        ServeSettings.local(config, folder.resolve("data"))
                                .withEndpoints(AllowedEndpoints.of(List.of(aws.url()), null)));
        aws.trust(bridge.url() + "/federation").with(Role.trusting(ROLE, "target:aws:deploy"));
    }

    @AfterEach
    void stop() {
        bridge.close();
        aws.close();
    }

    private String token() {
        return jobs.token(Duration.ofHours(1));
    }

    /// The kinds of records of issuances, oldest first.
    private List<String> kinds() throws IOException {
        List<String> kinds = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder.resolve("data/audit"))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList()) {
                for (String line : Files.readAllLines(file)) {
                    String kind = JSON.readTree(line).path("kind").asText();
                    if (List.of("reserved", "issued", "failed", "uncertain").contains(kind)) {
                        kinds.add(kind);
                    }
                }
            }
        }
        return kinds;
    }

    @Test
    void recordsBeforeAndAfterAndWritesNoSecretAnywhere() throws Exception {
        try (LeakCheck leaks = new LeakCheck()) {
            String token = token();
            JsonNode answer = bridge.exchange(token, "deploy");
            assertThat(answer.path("token_type").asText()).as(answer.toString()).isEqualTo("N_A");
            leaks.token("subject token", token);
            leaks.token("federation token", aws.tokens().getFirst());
            leaks.secret("secret key", aws.sessions().getFirst().secretKey());
            leaks.secret("session token", aws.sessions().getFirst().token());
            leaks.sink("metrics", bridge.metrics());
            assertThat(kinds()).containsExactly("reserved", "issued");
            leaks.files(folder.resolve("data"));
            leaks.assertNothingLeaked();
        }
    }

    @Test
    void aTokenThatGotNothingForCertainCanBeUsedAgain() throws Exception {
        String token = token();
        aws.failing(403);
        JsonNode refused = bridge.exchange(token, "deploy");
        assertThat(refused.path("reason").asText()).isEqualTo("target_refused");
        assertThat(kinds()).containsExactly("reserved", "failed");
        aws.failing(0);
        assertThat(bridge.exchange(token, "deploy").has("access_token")).isTrue();
    }

    @Test
    void aTokenForWhichKeysMayExistCannotBeUsedAgain() throws Exception {
        String token = token();
        aws.failing(500);
        JsonNode failed = bridge.exchange(token, "deploy");
        assertThat(failed.path("reason").asText()).isEqualTo("target_unavailable");
        assertThat(kinds()).containsExactly("reserved", "uncertain");
        aws.failing(0);
        assertThat(bridge.exchange(token, "deploy").path("reason").asText())
                .isEqualTo("token_replayed");
    }

    @Test
    void anotherTargetDoesNotWaitForAnStsThatIsSilent() throws Exception {
        aws.slow(Duration.ofHours(1));
        CompletableFuture<JsonNode> waiting =
                CompletableFuture.supplyAsync(() -> bridge.exchange(token(), "deploy"));
        assertThat(bridge.exchange(token(), "internal-api").has("access_token")).isTrue();
        JsonNode silent = waiting.join();
        assertThat(silent.path("reason").asText()).isEqualTo("target_unavailable");
        assertThat(kinds()).contains("uncertain");
    }
}
