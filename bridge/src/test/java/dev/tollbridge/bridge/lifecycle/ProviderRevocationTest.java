package dev.tollbridge.bridge.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.bridge.ledger.IssuanceState;
import dev.tollbridge.bridge.lifecycle.FakeProvider.Mood;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What was minted elsewhere is ended there")
class ProviderRevocationTest {

    @TempDir Path data;
    private final FakeProvider provider = new FakeProvider();
    private Instant now = Instant.parse("2026-11-21T12:00:00Z");

    /// Background questions wait until the test lets one through.
    private final LinkedBlockingQueue<CountDownLatch> waiting = new LinkedBlockingQueue<>();

    private RevocableBridge bridge() {
        return bridge(ProviderEnding.Limits.DEFAULT);
    }

    private RevocableBridge bridge(ProviderEnding.Limits limits) {
        return new RevocableBridge(
                data,
                provider,
                () -> now,
                _ -> {
                    CountDownLatch mine = new CountDownLatch(1);
                    waiting.add(mine);
                    mine.await();
                },
                limits);
    }

    /// The record of what is told to the provider is written behind, so it is read when the bridge
    /// has ended.
    private List<String> endsAfter(String issuance, Consumer<RevocableBridge> does) {
        RevocableBridge bridge = bridge();
        try (bridge) {
            does.accept(bridge);
        }
        return bridge.ends(issuance);
    }

    private static String handle(JsonNode issued) {
        return issued.path("revocation_handle").asText();
    }

    private static String id(JsonNode issued) {
        return issued.path("issuance").asText();
    }

    @Test
    void aHandleEndsItsCredentialAtItsProvider() {
        RevocableBridge bridge = bridge();
        String id;
        try (bridge) {
            JsonNode issued = bridge.issue();
            id = id(issued);
            assertThat(issued.has("revocable")).isFalse();
            assertThat(handle(issued))
                    .matches("rvk_[0-9A-Z]{26}_[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]+");
            assertThat(bridge.revoke(handle(issued)).statusCode()).isEqualTo(200);
            assertThat(provider.ended).containsExactly(id);
            assertThat(bridge.ledger.find(id).orElseThrow().status())
                    .isEqualTo(IssuanceState.Status.REVOKED);
            // Known to have ended: nobody is asked a second time.
            assertThat(bridge.revoke(handle(issued)).statusCode()).isEqualTo(200);
            assertThat(provider.asked).hasSize(1);
        }
        assertThat(bridge.ends(id))
                .containsExactly("by holder at 127.0.0.1", "ended at the provider");
    }

    @Test
    @DisplayName("DESIGN 14 rule 8: the credential itself ends its issuance")
    void rule8_theCredentialItselfEndsItsIssuance() {
        try (RevocableBridge bridge = bridge()) {
            JsonNode issued = bridge.issue();
            bridge.issue();
            assertThat(bridge.revoke(issued.path("access_token").asText()).statusCode())
                    .isEqualTo(200);
            assertThat(provider.ended).containsExactly(id(issued));
        }
    }

    @Test
    void anOperatorEndsItWhileTheProcessLives() {
        try (RevocableBridge bridge = bridge()) {
            String id = id(bridge.issue());
            assertThat(bridge.revocation.revokeIssuance(id, "operator").provider())
                    .isEqualTo(AtProvider.ENDED);
            assertThat(provider.ended).containsExactly(id);
        }
    }

    @Test
    void aHandleStillWorksAfterARestart() {
        JsonNode issued;
        try (RevocableBridge before = bridge()) {
            issued = before.issue();
        }
        try (RevocableBridge after = bridge()) {
            assertThat(after.revoke(handle(issued)).statusCode()).isEqualTo(200);
            assertThat(provider.ended).containsExactly(id(issued));
        }
    }

    @Test
    void afterARestartAnOperatorIsToldThatTheProviderCannotBeToldAnyMore() {
        JsonNode issued;
        try (RevocableBridge before = bridge()) {
            issued = before.issue();
        }
        List<String> ends =
                endsAfter(
                        id(issued),
                        bridge -> {
                            Revoked revoked =
                                    bridge.revocation.revokeIssuance(id(issued), "operator");
                            assertThat(revoked.now()).isTrue();
                            assertThat(revoked.provider()).isEqualTo(AtProvider.CANNOT_END);
                            assertThat(revoked.ends()).isEqualTo(now.plusSeconds(600));
                        });
        assertThat(provider.ended).isEmpty();
        assertThat(ends)
                .containsExactly(
                        "by operator",
                        "the provider cannot end it: it ends by itself at 2026-11-21T12:10:00Z");
        // The holder's handle knows more than the operator did.
        try (RevocableBridge bridge = bridge()) {
            assertThat(bridge.revoke(handle(issued)).statusCode()).isEqualTo(200);
            assertThat(provider.ended).containsExactly(id(issued));
        }
    }

    @Test
    @DisplayName("DESIGN 14 rule 8: nothing that the bridge did not issue is relayed to a provider")
    void rule8_relaysNothingItDidNotIssue() {
        try (RevocableBridge bridge = bridge()) {
            JsonNode one = bridge.issue();
            JsonNode other = bridge.issue();
            String[] mine = handle(one).split("\\.");
            String[] others = handle(other).split("\\.");
            char last = mine[1].charAt(mine[1].length() - 20);
            String tampered =
                    mine[1].substring(0, mine[1].length() - 20)
                            + (last == 'A' ? 'B' : 'A')
                            + mine[1].substring(mine[1].length() - 19);
            for (String token :
                    List.of(
                            "opaque-credential-of-somebody-else",
                            FakeProvider.SHOWN + id(one),
                            mine[0] + "." + others[1],
                            mine[0] + "." + tampered,
                            mine[0] + "." + mine[1] + "A",
                            mine[0] + "." + mine[1] + "=",
                            mine[0] + ".",
                            mine[0] + "." + mine[1].substring(0, 20),
                            mine[0] + "." + "A".repeat(12_000),
                            mine[0] + "x" + mine[1],
                            mine[0] + "." + mine[1] + "." + mine[1],
                            "rvk_" + one.path("access_token").asText())) {
                HttpResponse<String> answer = bridge.revoke(token);
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.body()).isEmpty();
            }
            assertThat(provider.asked).isEmpty();
            assertThat(bridge.ledger.find(id(one)).orElseThrow().status())
                    .isEqualTo(IssuanceState.Status.ISSUED);
        }
    }

    @Test
    void aProviderThatIsAwayIsAskedAgainAndTheCallerIsToldSo() throws Exception {
        RevocableBridge bridge = bridge();
        String id;
        try (bridge) {
            JsonNode issued = bridge.issue();
            id = id(issued);
            provider.mood = Mood.AWAY;
            HttpResponse<String> answer = bridge.revoke(handle(issued));
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("retry-after")).contains("9");
            assertThat(answer.body()).contains("temporarily_unavailable");
            // At the bridge it is over all the same.
            assertThat(bridge.ledger.find(id).orElseThrow().status())
                    .isEqualTo(IssuanceState.Status.REVOKED);

            provider.mood = Mood.WILLING;
            waiting.take().countDown();
            while (provider.ended.isEmpty()) {
                Thread.onSpinWait();
            }
            assertThat(bridge.revoke(handle(issued)).statusCode()).isEqualTo(200);
        }
        assertThat(bridge.ends(id))
                .containsExactly(
                        "by holder at 127.0.0.1",
                        "the provider could not be told (no answer); the bridge goes on asking:"
                                + " it ends by itself at 2026-11-21T12:10:00Z",
                        "ended at the provider");
    }

    @Test
    void repeatingTheRequestAsksTheProviderAgain() {
        try (RevocableBridge bridge = bridge()) {
            JsonNode issued = bridge.issue();
            provider.mood = Mood.AWAY;
            assertThat(bridge.revoke(handle(issued)).statusCode()).isEqualTo(503);
            assertThat(bridge.revoke(handle(issued)).statusCode()).isEqualTo(503);
            provider.mood = Mood.WILLING;
            assertThat(bridge.revoke(handle(issued)).statusCode()).isEqualTo(200);
            assertThat(provider.ended).containsExactly(id(issued));
        }
    }

    @Test
    void whatCouldNotBeReachedIsRecordedWithTheTimeAtWhichItEndsByItself() throws Exception {
        RevocableBridge bridge = bridge();
        String id;
        try (bridge) {
            provider.mood = Mood.AWAY;
            JsonNode issued = bridge.issue();
            id = id(issued);
            bridge.revoke(handle(issued));
            int questions = ProviderEnding.Limits.DEFAULT.pauses().size();
            for (int i = 0; i < questions; i++) {
                waiting.take().countDown();
            }
            while (provider.asked.size() <= questions) {
                Thread.onSpinWait();
            }
            // The last line is written behind the last question.
            while (!bridge.written().contains("could not be reached")) {
                Thread.onSpinWait();
            }
        }
        assertThat(bridge.ends(id).getLast())
                .isEqualTo(
                        "the provider could not be reached: it ends by itself at"
                                + " 2026-11-21T12:10:00Z");
    }

    @Test
    void aSilentProviderIsGivenUpAfterTheDeadline() {
        ProviderEnding.Limits impatient =
                new ProviderEnding.Limits(Duration.ofMillis(50), 1, 1, List.of());
        try (RevocableBridge bridge = bridge(impatient)) {
            JsonNode issued = bridge.issue();
            provider.mood = Mood.SILENT;
            assertThat(bridge.revoke(handle(issued)).statusCode()).isEqualTo(503);
            provider.mood = Mood.WILLING;
            JsonNode other = bridge.issue();
            // The lane is free again: a silent provider holds it no longer than its deadline.
            while (bridge.revoke(handle(other)).statusCode() != 200) {
                Thread.onSpinWait();
            }
            assertThat(provider.ended).containsExactly(id(other));
        }
    }

    @Test
    void sayingThatItCannotIsAnAnswer() {
        provider.mood = Mood.UNABLE;
        try (RevocableBridge bridge = bridge()) {
            JsonNode issued = bridge.issue();
            assertThat(bridge.revoke(handle(issued)).statusCode()).isEqualTo(200);
        }
        assertThat(waiting).isEmpty();
    }

    @Test
    void aTargetThatIsConfiguredNoMoreIsToldAsLongAsItIsKnown() {
        JsonNode later;
        try (RevocableBridge bridge = bridge()) {
            JsonNode issued = bridge.issue();
            later = bridge.issue();
            bridge.configured.clear();
            assertThat(bridge.revoke(handle(issued)).statusCode()).isEqualTo(200);
            assertThat(provider.ended).containsExactly(id(issued));
        }
        List<String> ends =
                endsAfter(
                        id(later),
                        bridge -> {
                            bridge.configured.clear();
                            assertThat(bridge.revoke(handle(later)).statusCode()).isEqualTo(200);
                        });
        assertThat(ends.getLast())
                .isEqualTo(
                        "the provider cannot end it (its target is configured no more): it ends by"
                                + " itself at 2026-11-21T12:10:00Z");
    }

    @Test
    void whatHasEndedByItselfIsNobodysBusiness() {
        try (RevocableBridge bridge = bridge()) {
            JsonNode issued = bridge.issue();
            now = now.plusSeconds(600);
            assertThat(bridge.revoke(handle(issued)).statusCode()).isEqualTo(200);
            assertThat(provider.asked).isEmpty();
        }
    }

    @Test
    void nothingThatEndsACredentialIsWrittenDown() {
        RevocableBridge bridge = bridge();
        JsonNode issued;
        try (bridge) {
            issued = bridge.issue();
            bridge.revoke(handle(issued));
        }
        String written = bridge.written();
        assertThat(written)
                .contains("serial " + id(issued).substring(20))
                .doesNotContain(FakeProvider.SHOWN, "opaque-credential", "rvk_");
    }
}
