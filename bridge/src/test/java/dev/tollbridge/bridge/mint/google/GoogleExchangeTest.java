package dev.tollbridge.bridge.mint.google;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.testing.LeakCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A whole exchange for a Google token")
class GoogleExchangeTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path folder;
    private GoogleWorld world;
    private LeakCheck leaks;

    @BeforeEach
    void start() throws Exception {
        leaks = new LeakCheck();
        world = new GoogleWorld(folder);
    }

    @AfterEach
    void stop() {
        world.close();
        leaks.close();
    }

    private void nothingLeaks() throws IOException {
        world.google.tokens().forEach(token -> leaks.secret("a token of Google's", token));
        try (Stream<Path> files = Files.walk(folder.resolve("data/audit"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                leaks.sink("record " + file.getFileName(), Files.readString(file));
            }
        }
        leaks.sink("metrics", world.bridge.metrics());
        leaks.assertNothingLeaked();
    }

    private List<JsonNode> record() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("data/audit"))) {
            return files.filter(file -> file.toString().endsWith(".jsonl"))
                    .sorted()
                    .flatMap(file -> {
                        try {
                            return Files.readAllLines(file).stream();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .map(GoogleExchangeTest::parsed)
                    .filter(line -> line.path("target").asText().startsWith("gcp-"))
                    .toList();
        }
    }

    private static JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> kinds() throws IOException {
        return record().stream().map(line -> line.path("kind").asText()).toList();
    }

    @Test
    void isRecordedBeforeItLeavesAndSaysWhatItIs() throws Exception {
        String token = world.token();
        leaks.token("subject token", token);
        JsonNode answer = world.bridge.exchange(token, "gcp-deploy");
        assertThat(answer.path("access_token").asText()).isIn(world.google.tokens());
        assertThat(answer.path("token_type").asText()).isEqualTo("Bearer");
        assertThat(answer.path("issued_token_type").asText())
                .isEqualTo("urn:ietf:params:oauth:token-type:access_token");
        assertThat(answer.path("expires_in").isIntegralNumber()).isTrue();
        assertThat(answer.path("expires_in").asInt()).isBetween(580, 620);
        assertThat(answer.path("revocable").asBoolean(true)).isFalse();
        assertThat(List.of(answer.path("scope").asText().split(" ")))
                .as("a grant without scopes gives the target's")
                .containsExactlyInAnyOrderElementsOf(GoogleWorld.DEPLOY);
        assertThat(kinds()).containsExactly("reserved", "issued");
        assertThat(record().getLast().path("target_kind").asText()).isEqualTo("google");
        assertThat(world.bridge.metrics()).contains("tollbridge_mint_duration_seconds");
        nothingLeaks();
    }

    @Test
    void aRefusalOfGooglesGivesTheTokensUseBack() throws Exception {
        String token = world.token();
        leaks.token("subject token", token);
        JsonNode refused = world.bridge.exchange(token, "gcp-stray");
        assertThat(refused.path("reason").asText()).isEqualTo("target_refused");
        assertThat(refused.toString()).doesNotContain("unauthorized_client");
        JsonNode receipt = world.bridge.receipt(refused.path("receipt").asText());
        assertThat(receipt.toString())
                .contains("Security Token Service")
                .contains("unauthorized_client");
        assertThat(kinds()).contains("reserved", "failed");
        assertThat(world.google.tokens()).isEmpty();

        assertThat(world.bridge.exchange(token, "gcp-deploy").has("access_token"))
                .as("the same token, for a target that works")
                .isTrue();
        nothingLeaks();
    }

    @Test
    void anAnswerThatWasLostKeepsTheTokensUse() throws Exception {
        String token = world.token();
        leaks.token("subject token", token);
        world.google.cutNext(1);
        JsonNode lost = world.bridge.exchange(token, "gcp-deploy");
        assertThat(lost.path("reason").asText()).isEqualTo("target_unavailable");
        assertThat(kinds()).startsWith("reserved", "uncertain");
        assertThat(world.bridge.exchange(token, "gcp-deploy").path("reason").asText())
                .isEqualTo("token_replayed");
        nothingLeaks();
    }

    @Test
    void anAudienceThatIsTheProvidersNamesTheTarget() throws Exception {
        JsonNode answer =
                world.bridge.exchange(world.token(), GoogleWorld.POOL + "/providers/gcp-reports");
        assertThat(answer.path("access_token").asText()).startsWith("ya29.dr.");
        assertThat(record().getLast().path("target").asText()).isEqualTo("gcp-reports");
    }
}
