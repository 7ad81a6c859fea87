package dev.tollbridge.bridge.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What an operator takes away stops at every door at once, also when the rest of the same edit is
/// refused (DESIGN 4, 7 and 10).
@DisplayName("DESIGN 14 rule 3: kill switches hold at every door")
class KillSwitchParityTest {

    /// One edit that takes something away, and what callers are told from then on.
    enum Switch {
        ISSUER_DISABLED("issuer_unknown") {
            @Override
            void edit(EditedBridge bridge) throws IOException {
                bridge.write("issuer.yaml", bridge.issuerDocument("  enabled: false\n"));
            }
        },
        ISSUER_DELETED("issuer_unknown") {
            @Override
            void edit(EditedBridge bridge) throws IOException {
                bridge.delete("issuer.yaml");
            }
        },
        SUBJECT_DENIED("subject_disabled") {
            @Override
            void edit(EditedBridge bridge) throws IOException {
                bridge.write("issuer.yaml", bridge.issuerDocument("  denied: [{sub: job-42}]\n"));
            }
        },
        SUBJECT_DENIED_BY_A_CLAIM_THE_RECORD_HAS_NOT("subject_disabled") {
            @Override
            void edit(EditedBridge bridge) throws IOException {
                bridge.write(
                        "issuer.yaml",
                        bridge.issuerDocument(
                                "  denied: [{iss: \"" + EditedBridge.ISSUER + "\"}]\n"));
            }
        },
        GRANT_DISABLED("grant_missing") {
            @Override
            void edit(EditedBridge bridge) throws IOException {
                bridge.write(
                        "grant.yaml",
                        EditedBridge.grantDocument("deploy", "internal-api", "  enabled: false\n"));
            }
        },
        GRANT_DELETED("grant_missing") {
            @Override
            void edit(EditedBridge bridge) throws IOException {
                bridge.delete("grant.yaml");
            }
        },
        TARGET_DISABLED("grant_missing") {
            @Override
            void edit(EditedBridge bridge) throws IOException {
                bridge.write("target.yaml", bridge.targetDocument("  enabled: false\n"));
            }
        },
        TARGET_DELETED("grant_missing") {
            @Override
            void edit(EditedBridge bridge) throws IOException {
                bridge.delete("target.yaml");
            }
        };

        private final String reason;

        Switch(String reason) {
            this.reason = reason;
        }

        abstract void edit(EditedBridge bridge) throws IOException;
    }

    /// What else the same edit does.
    enum Rest {
        NOTHING {
            @Override
            void edit(EditedBridge bridge) {}
        },
        BROKEN_YAML {
            @Override
            void edit(EditedBridge bridge) throws IOException {
                bridge.write("unrelated.yaml", "kind: [Target\n");
            }
        },
        UNKNOWN_FIELD {
            @Override
            void edit(EditedBridge bridge) throws IOException {
                bridge.write("unrelated.yaml", EditedBridge.unrelated() + "  colour: red\n");
            }
        },
        DANGEROUS_GRANT {
            @Override
            void edit(EditedBridge bridge) throws IOException {
                bridge.write(
                        "unrelated.yaml",
                        EditedBridge.grantDocument("everybody", "internal-api", "")
                                .replace("{sub: job-42}", "{}"));
            }
        };

        abstract void edit(EditedBridge bridge) throws IOException;
    }

    @TempDir static Path folder;
    private static @Nullable EditedBridge running;

    @BeforeAll
    static void start() throws Exception {
        running = new EditedBridge(folder);
    }

    @AfterAll
    static void end() {
        bridge().close();
    }

    private static EditedBridge bridge() {
        return java.util.Objects.requireNonNull(running);
    }

    static Stream<Arguments> edits() {
        return Stream.of(Switch.values())
                .flatMap(off -> Stream.of(Rest.values()).map(rest -> Arguments.of(off, rest)));
    }

    @ParameterizedTest(name = "{0} with {1}")
    @MethodSource("edits")
    void stopsAtEveryDoor(Switch off, Rest rest) throws Exception {
        EditedBridge bridge = bridge();
        restored(bridge);
        String credential = bridge.exchange(bridge.token()).path("access_token").asText();
        assertThat(bridge.introspect(credential).path("active").asBoolean()).isTrue();

        // The rest first, so that the switch is never read alone.
        rest.edit(bridge);
        off.edit(bridge);
        await(() -> off.reason.equals(bridge.exchange(bridge.token()).path("reason").asText()));

        assertThat(bridge.bearer(bridge.token()).path("reason").asText()).isEqualTo(off.reason);
        assertThat(bridge.credentials(bridge.token()).path("reason").asText())
                .isEqualTo(off.reason);
        assertThat(bridge.aws(bridge.token()).path("reason").asText()).isEqualTo(off.reason);
        assertThat(bridge.introspect(credential)).hasToString("{\"active\":false}");
        JsonNode explanation = bridge.explain(bridge.token());
        assertThat(explanation.path("decision").asText()).isEqualTo("refused");
        assertThat(explanation.toString()).containsAnyOf(told(off));
    }

    /// The caller is told `grant_missing`, the operator what it was.
    private static String[] told(Switch off) {
        return off.reason.equals("grant_missing")
                ? new String[] {"grant_missing", "target_unknown"}
                : new String[] {off.reason};
    }

    @Test
    void revokedAndReplayedBehaveAlikeAtEachDoor() throws Exception {
        EditedBridge bridge = bridge();
        restored(bridge);
        String used = bridge.token();
        JsonNode issued = bridge.exchange(used);
        String credential = issued.path("access_token").asText();
        for (JsonNode again :
                List.of(
                        bridge.exchange(used),
                        bridge.bearer(used),
                        bridge.credentials(used),
                        bridge.aws(used))) {
            assertThat(again.path("reason").asText()).isEqualTo("token_replayed");
        }
        assertThat(bridge.introspect(credential).path("active").asBoolean()).isTrue();

        bridge.revoke(issued.path("revocation_handle").asText());
        assertThat(bridge.introspect(credential)).hasToString("{\"active\":false}");
        // A revocation gives no use of the subject token back.
        for (JsonNode again :
                List.of(
                        bridge.exchange(used),
                        bridge.bearer(used),
                        bridge.credentials(used),
                        bridge.aws(used))) {
            assertThat(again.path("reason").asText()).isEqualTo("token_replayed");
        }
    }

    @Test
    void everyDoorIssuesAlike() throws Exception {
        EditedBridge bridge = bridge();
        restored(bridge);
        for (JsonNode issued :
                List.of(
                        bridge.exchange(bridge.token()),
                        bridge.bearer(bridge.token()),
                        bridge.credentials(bridge.token()))) {
            assertThat(
                            bridge.introspect(issued.path("access_token").asText())
                                    .path("active")
                                    .asBoolean())
                    .isTrue();
        }
        assertThat(bridge.explain(bridge.token()).path("decision").asText()).isEqualTo("granted");
        JsonNode keys = bridge.aws(bridge.token());
        assertThat(keys.path("AccessKeyId").asText()).as(keys.toString()).startsWith("ASIA");
    }

    @Test
    void theAwsDoorIsForTargetsOfItsKindOnlyAndDoesNotTellWhichThereAre() throws Exception {
        EditedBridge bridge = bridge();
        restored(bridge);
        for (String other : List.of("internal-api", "unrelated", "nobodys")) {
            JsonNode refused = bridge.aws(bridge.token(), other);
            assertThat(refused.path("reason").asText()).isEqualTo("grant_missing");
            assertThat(refused.path("message").asText())
                    .startsWith("No grant gives this subject that target.");
        }
    }

    @Test
    void aUseAtTheAwsDoorIsAUseEverywhere() throws Exception {
        EditedBridge bridge = bridge();
        restored(bridge);
        String used = bridge.token();
        assertThat(bridge.aws(used).has("AccessKeyId")).isTrue();
        assertThat(bridge.exchange(used).path("reason").asText()).isEqualTo("token_replayed");
        assertThat(bridge.aws(used).path("reason").asText()).isEqualTo("token_replayed");
    }

    @Test
    void aBadEditKeepsTheOldSetAndSaysSo() throws Exception {
        EditedBridge bridge = bridge();
        restored(bridge);
        bridge.write("unrelated.yaml", "kind: [Target\n");
        await(() -> bridge.management("/metrics").body().contains("tollbridge_config_stale 1"));

        assertThat(bridge.exchange(bridge.token()).has("access_token")).isTrue();
        assertThat(bridge.management("/readyz").statusCode()).isEqualTo(200);

        bridge.write("unrelated.yaml", EditedBridge.unrelated());
        await(() -> bridge.management("/metrics").body().contains("tollbridge_config_stale 0"));
    }

    @Test
    void whatABadEditAddsDoesNotCount() throws Exception {
        EditedBridge bridge = bridge();
        restored(bridge);
        bridge.write(
                "grant.yaml",
                EditedBridge.grantDocument("deploy", "internal-api", "")
                        .replace("job-42", "job-43"));
        bridge.write("unrelated.yaml", "kind: [Target\n");
        await(() -> bridge.management("/metrics").body().contains("tollbridge_config_stale 1"));
        assertThat(bridge.exchange(bridge.token()).has("access_token")).isTrue();
    }

    @Test
    @DisplayName("DESIGN 14 rule 3: a switch survives a restart, and so does giving back")
    void holdsOverARestartUntilGivenBack() throws Exception {
        EditedBridge bridge = bridge();
        restored(bridge);
        Switch.TARGET_DISABLED.edit(bridge);
        await(() -> !bridge.exchange(bridge.token()).has("access_token"));
        bridge.restart();
        assertThat(bridge.exchange(bridge.token()).path("reason").asText())
                .isEqualTo("grant_missing");

        Switch.GRANT_DISABLED.edit(bridge);
        await(() -> bridge.management("/metrics").body().contains("tollbridge_config_stale 0"));
        bridge.restartGood();
        assertThat(bridge.exchange(bridge.token()).has("access_token")).isTrue();
    }

    @Test
    void aDeniedValueWithALineBreakDoesNotKeepTheBridgeFromStarting() throws Exception {
        EditedBridge bridge = bridge();
        restored(bridge);
        bridge.write(
                "issuer.yaml",
                bridge.issuerDocument(
                        "  denied: [{sub: \"job-1\\nTARGET internal-api\"}, {sub: job-42}]\n"));
        await(() -> !bridge.exchange(bridge.token()).has("access_token"));
        bridge.restart();
        bridge.good();
        restored(bridge);
    }

    private static void restored(EditedBridge bridge) throws Exception {
        bridge.good();
        await(() ->
                bridge.exchange(bridge.token()).has("access_token")
                        && bridge.management("/metrics")
                                .body()
                                .contains("tollbridge_config_stale 0"));
    }

    @FunctionalInterface
    private interface Condition {
        boolean holds() throws Exception;
    }

    /// The directory is looked at every 100 ms, and a change has to rest.
    private static void await(Condition condition) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }
}
