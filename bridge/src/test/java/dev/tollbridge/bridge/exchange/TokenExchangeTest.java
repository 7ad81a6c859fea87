package dev.tollbridge.bridge.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.exchange.ExchangeOutcome.Issued;
import dev.tollbridge.bridge.exchange.ExchangeOutcome.Refused;
import dev.tollbridge.bridge.ledger.IssuanceState;
import dev.tollbridge.bridge.ledger.IssuanceState.Status;
import dev.tollbridge.bridge.ledger.Ledger.Query;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.testing.LeakCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What becomes of a reservation, whatever the minter or the disk does.
class TokenExchangeTest {

    @TempDir Path folder;
    private ExchangeFixture fixture;

    @BeforeEach
    void start() throws IOException {
        fixture = new ExchangeFixture(folder);
    }

    @AfterEach
    void end() {
        fixture.close();
    }

    private static RefusalReason reason(ExchangeOutcome outcome) {
        return ((Refused) outcome).reason();
    }

    private List<Status> states() {
        return fixture.ledger().list(new Query(null, null, null, 100)).stream()
                .map(IssuanceState::status)
                .toList();
    }

    @Test
    void whatIsIssuedIsInTheLedgerBeforeItLeaves() {
        ExchangeOutcome outcome = fixture.exchange(fixture.token("a"), "api").getFirst();
        Issued issued = (Issued) outcome;
        assertThat(fixture.ledger().find(issued.issuance()).orElseThrow().status())
                .isEqualTo(Status.ISSUED);
    }

    @Test
    void aCertainFailureGivesTheTokenBack() {
        String token = fixture.token("a");
        fixture.minting(
                true,
                _ -> {
                    throw new MintFailure(RefusalReason.TARGET_REFUSED, "no", true, null);
                });
        assertThat(reason(fixture.exchange(token, "api").getFirst()))
                .isEqualTo(RefusalReason.TARGET_REFUSED);
        fixture.minting(true, _ -> {});
        assertThat(fixture.exchange(token, "api").getFirst()).isInstanceOf(Issued.class);
    }

    @Test
    void anUncertainFailureKeepsTheTokensUse() {
        String token = fixture.token("a");
        fixture.minting(
                false,
                _ -> {
                    throw new MintFailure(
                            RefusalReason.TARGET_UNAVAILABLE,
                            "no answer",
                            false,
                            Duration.ofSeconds(3));
                });
        Refused refused = (Refused) fixture.exchange(token, "api").getFirst();
        assertThat(refused.reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
        assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(3));
        fixture.minting(false, _ -> {});
        assertThat(reason(fixture.exchange(token, "api").getFirst()))
                .isEqualTo(RefusalReason.TOKEN_REPLAYED);
        assertThat(states()).containsOnly(Status.UNCERTAIN);
    }

    @Test
    void aMinterOfThisProcessThatThrowsGivesTheTokenBack() {
        String token = fixture.token("a");
        fixture.minting(
                true,
                _ -> {
                    throw new IllegalStateException("unexpected");
                });
        assertThat(reason(fixture.exchange(token, "api").getFirst()))
                .isEqualTo(RefusalReason.INTERNAL);
        fixture.minting(true, _ -> {});
        assertThat(fixture.exchange(token, "api").getFirst()).isInstanceOf(Issued.class);
    }

    @Test
    void aProvidersMinterThatThrowsCountsAsUncertain() {
        String token = fixture.token("a");
        fixture.minting(
                false,
                _ -> {
                    throw new IllegalStateException("unexpected");
                });
        assertThat(reason(fixture.exchange(token, "api").getFirst()))
                .isEqualTo(RefusalReason.INTERNAL);
        fixture.minting(false, _ -> {});
        assertThat(reason(fixture.exchange(token, "api").getFirst()))
                .isEqualTo(RefusalReason.TOKEN_REPLAYED);
    }

    @Test
    void anErrorOfTheMinterEndsTheReservationToo() {
        String token = fixture.token("a");
        fixture.minting(
                false,
                _ -> {
                    throw new StackOverflowError();
                });
        assertThat(reason(fixture.exchange(token, "api").getFirst()))
                .isEqualTo(RefusalReason.INTERNAL);
        assertThat(states()).containsOnly(Status.UNCERTAIN);
    }

    @Test
    void anInternalErrorHasAReceiptAndTellsNobodyItsMessage() {
        String token = fixture.token("a");
        try (LeakCheck leaks = new LeakCheck()) {
            leaks.token("subject token", token);
            leaks.secret("message", "the message of an exception");
            fixture.minting(
                    true,
                    _ -> {
                        throw new IllegalStateException("the message of an exception " + token);
                    });
            Refused refused = (Refused) fixture.exchange(token, "api").getFirst();
            AuditRecord record = fixture.ledger().receipt(refused.receipt()).orElseThrow();
            assertThat(record.reason()).isEqualTo("internal");
            assertThat(record.detail()).isEqualTo("unexpected IllegalStateException");
            assertThat(leaks.logged()).contains(refused.receipt()).contains("ExchangeFixture");
            leaks.sink("outcome", refused.toString());
            leaks.sink("record", record.toString());
            leaks.assertNothingLeaked();
        }
    }

    @Test
    void oneTargetThatFailsDoesNotSpoilTheOthers() {
        fixture.minting(
                true,
                decision -> {
                    if (decision.target().name().equals("api")) {
                        throw new MintFailure(RefusalReason.TARGET_REFUSED, "no", true, null);
                    }
                });
        List<ExchangeOutcome> outcomes =
                fixture.exchange(fixture.token("a"), "nowhere", "other", "api");
        assertThat(reason(outcomes.get(0))).isEqualTo(RefusalReason.TARGET_UNKNOWN);
        assertThat(outcomes.get(1)).isInstanceOf(Issued.class);
        assertThat(reason(outcomes.get(2))).isEqualTo(RefusalReason.TARGET_REFUSED);
    }

    @Test
    void severalTargetsTakeOneUseOfTheToken() {
        String token = fixture.token("a");
        assertThat(fixture.exchange(token, "api", "other"))
                .hasSize(2)
                .allMatch(Issued.class::isInstance);
        assertThat(fixture.exchange(token, "api", "other"))
                .allMatch(outcome -> reason(outcome) == RefusalReason.TOKEN_REPLAYED);
    }

    @Test
    void aRefusedTokenIsRefusedForEveryTargetWithOneReceipt() {
        List<ExchangeOutcome> outcomes = fixture.exchange("no token", "api", "other");
        assertThat(outcomes).hasSize(2);
        assertThat(outcomes.get(0)).isEqualTo(outcomes.get(1));
        assertThat(reason(outcomes.get(0))).isEqualTo(RefusalReason.TOKEN_MALFORMED);
    }

    @Test
    @DisplayName("DESIGN 3.8: what cannot be recorded in time is not given to anybody")
    void nothingLeavesThatIsNotRecordedInTime() {
        fixture.diskHangs();
        try {
            Refused refused = (Refused) fixture.exchange(fixture.token("a"), "api").getFirst();
            assertThat(refused.reason()).isEqualTo(RefusalReason.LEDGER_UNAVAILABLE);
            assertThat(refused.retryAfter()).isNotNull();
            assertThat(fixture.minted()).isEqualTo(1);
        } finally {
            fixture.diskGoesOn();
        }
    }

    @Test
    void aRefusalThatAnybodyCanCauseWaitsForNoDisk() {
        fixture.diskHangs();
        try {
            assertThat(reason(fixture.exchange("no token", "api").getFirst()))
                    .isEqualTo(RefusalReason.TOKEN_MALFORMED);
        } finally {
            fixture.diskGoesOn();
        }
    }
}
