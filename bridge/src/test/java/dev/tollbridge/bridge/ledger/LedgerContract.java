package dev.tollbridge.bridge.ledger;

import static dev.tollbridge.bridge.refusal.RefusalReason.GRANT_MISSING;
import static dev.tollbridge.bridge.refusal.RefusalReason.ISSUER_UNKNOWN;
import static dev.tollbridge.bridge.refusal.RefusalReason.SUBJECT_DISABLED;
import static dev.tollbridge.bridge.refusal.RefusalReason.TARGET_UNAVAILABLE;
import static dev.tollbridge.bridge.refusal.RefusalReason.TOKEN_REPLAYED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import dev.tollbridge.bridge.ledger.IssuanceState.Status;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What every kind of ledger must do (DESIGN 7). A kind's test class extends this one.
public abstract class LedgerContract {

    protected static final Duration TOOK = Duration.ofMillis(3);

    protected final TestClock clock = new TestClock();
    protected final Issuances issuances = new Issuances();
    protected Ledger ledger;

    /// A ledger with an empty store.
    protected abstract Ledger open() throws Exception;

    /// Closes it properly and opens it again on the same store.
    protected abstract Ledger reopen() throws Exception;

    @BeforeEach
    void openLedger() throws Exception {
        ledger = open();
    }

    @AfterEach
    void closeLedger() {
        ledger.close();
    }

    protected final Issuance issue(Issuance issuance) {
        ledger.issued(ledger.reserve(issuance, false), issuance.expires(), TOOK);
        return issuance;
    }

    protected final RefusalReason refusal(Issuance issuance) {
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> ledger.reserve(issuance, true));
        assertThat(refusal).as("refusal").isNotNull();
        return refusal.reason();
    }

    protected final Status status(Issuance issuance) {
        return ledger.find(issuance.id()).orElseThrow().status();
    }

    @Test
    void knowsWhatItIssued() {
        Issuance issuance = issue(issuances.next());

        IssuanceState state = ledger.find(issuance.id()).orElseThrow();

        assertThat(state.status()).isEqualTo(Status.ISSUED);
        assertThat(state.record().subject()).isEqualTo(issuance.subject());
        assertThat(state.record().claims()).isEqualTo(issuance.claims());
        assertThat(state.record().userAgent()).isEqualTo(issuance.userAgent());
        assertThat(state.record().expires()).isEqualTo(issuance.expires());
        assertThat(state.record().ttl()).isEqualTo(issuance.ttl());
        assertThat(state.record().duration()).isEqualTo(TOOK);
    }

    @Test
    void knowsNothingOfWhatItDidNotIssue() {
        assertThat(ledger.find("iss_01J00000000000000000000000")).isEmpty();
        assertThat(ledger.find("nonsense")).isEmpty();
        assertThat(ledger.receipt("rct_01J00000000000000000000000")).isEmpty();
        assertThat(ledger.revoke("iss_01J00000000000000000000000", "me", clock.instant()))
                .isFalse();
    }

    @Test
    void refusesSecondPresentationOfSingleUseToken() {
        issue(issuances.next());

        assertThat(refusal(issuances.presentation("prs_2").next())).isEqualTo(TOKEN_REPLAYED);
        assertThat(refusal(issuances.presentation("prs_3").target("other").next()))
                .isEqualTo(TOKEN_REPLAYED);
    }

    @Test
    void issuancesOfOnePresentationShareOneUse() {
        issue(issuances.target("a").next());
        issue(issuances.target("b").next());

        assertThat(refusal(issuances.presentation("prs_2").next())).isEqualTo(TOKEN_REPLAYED);
    }

    @Test
    void perTargetTokenIsGoodForEachTargetOnce() {
        issuances.replay(Replay.PER_TARGET);
        issue(issuances.target("a").next());
        issue(issuances.presentation("prs_2").target("b").next());

        assertThat(refusal(issuances.presentation("prs_3").target("a").next()))
                .isEqualTo(TOKEN_REPLAYED);
    }

    @Test
    void recordedTokenIsNeverRefused() {
        issuances.replay(Replay.RECORD);
        issue(issuances.next());

        assertThat(ledger.reserve(issuances.presentation("prs_2").next(), false).otherPeer())
                .isFalse();
    }

    @Test
    void marksTokenFromAnotherAddressUnderEveryPolicyThatRemembers() {
        issuances.replay(Replay.RECORD);
        issue(issuances.next());
        assertThat(ledger.reserve(issuances.peer("198.51.100.9").next(), false).otherPeer())
                .isTrue();

        issuances.token(2).peer("192.0.2.1").replay(Replay.PER_TARGET);
        issue(issuances.next());
        Issuance elsewhere = issuances.target("b").peer("198.51.100.9").next();
        assertThat(ledger.reserve(elsewhere, false).otherPeer()).isTrue();
    }

    @Test
    void marksRefusedReplayFromAnotherAddress() {
        Issuance first = issue(issuances.next());

        assertThat(ledger.otherPeer(first.tokenFingerprint(), first.jtiHash(), "198.51.100.9"))
                .isTrue();
        assertThat(ledger.otherPeer(first.tokenFingerprint(), first.jtiHash(), first.peer()))
                .isFalse();
    }

    @Test
    void usesEndWhenTheTokenCannotBeValidAnyMore() {
        issue(issuances.next());
        clock.advance(Duration.ofSeconds(337));

        issue(issuances.presentation("prs_2").next());
    }

    @Test
    void certainFailureGivesTheTokenBack() {
        Reservation reservation = ledger.reserve(issuances.next(), true);
        ledger.failed(reservation, TARGET_UNAVAILABLE, "no answer", true, TOOK);

        issue(issuances.presentation("prs_2").next());
        assertThat(status(reservation.issuance())).isEqualTo(Status.FAILED);
    }

    @Test
    void failureOfOneTargetDoesNotGiveBackWhatAnotherUsed() {
        Reservation a = ledger.reserve(issuances.target("a").next(), true);
        Reservation b = ledger.reserve(issuances.target("b").next(), true);
        ledger.issued(a, a.issuance().expires(), TOOK);
        ledger.failed(b, TARGET_UNAVAILABLE, "no answer", true, TOOK);

        assertThat(refusal(issuances.presentation("prs_2").next())).isEqualTo(TOKEN_REPLAYED);
    }

    @Test
    void uncertainFailureKeepsTheTokenUsed() {
        Reservation reservation = ledger.reserve(issuances.next(), true);
        ledger.failed(reservation, TARGET_UNAVAILABLE, "no answer", false, TOOK);

        assertThat(refusal(issuances.presentation("prs_2").next())).isEqualTo(TOKEN_REPLAYED);
        ledger.switchedOff(Set.of(new KillSwitch(KillSwitch.Kind.GRANT, "x")));
        assertThat(status(reservation.issuance())).isEqualTo(Status.UNCERTAIN);
    }

    @Test
    void exactlyOneOfManyAtOnceGetsTheToken() throws Exception {
        int callers = 1000;
        CountDownLatch start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> outcomes = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                Issuance issuance = issuances.presentation("prs_" + i).next();
                outcomes.add(
                        threads.submit(() -> {
                            start.await();
                            try {
                                ledger.reserve(issuance, true);
                                return true;
                            } catch (Refusal refusal) {
                                return false;
                            }
                        }));
            }
            start.countDown();
            int got = 0;
            for (Future<Boolean> outcome : outcomes) {
                got += outcome.get() ? 1 : 0;
            }
            assertThat(got).isEqualTo(1);
        }
    }

    @Test
    void revocationIsSeenAtOnceAndOnce() {
        Issuance issuance = issue(issuances.next());

        assertThat(ledger.revoke(issuance.id(), "admin", clock.instant())).isTrue();
        assertThat(status(issuance)).isEqualTo(Status.REVOKED);
        assertThat(ledger.revoke(issuance.id(), "admin", clock.instant())).isFalse();
        assertThat(ledger.find(issuance.id()).orElseThrow().revokedAt()).isEqualTo(clock.instant());
    }

    @Test
    void expiredIssuanceCannotBeRevoked() {
        Issuance issuance = issue(issuances.next());
        clock.advance(Duration.ofMinutes(10));

        assertThat(status(issuance)).isEqualTo(Status.EXPIRED);
        assertThat(ledger.revoke(issuance.id(), "admin", clock.instant())).isFalse();
    }

    @Test
    @DisplayName("DESIGN 14 rule 3: kill switches hold inside reserve")
    void rule3_refusesWhatIsSwitchedOff() {
        ledger.switchedOff(Set.of(new KillSwitch(KillSwitch.Kind.ISSUER, "github")));
        assertThat(refusal(issuances.next())).isEqualTo(ISSUER_UNKNOWN);
        ledger.switchedOff(Set.of(new KillSwitch(KillSwitch.Kind.GRANT, "payments-deploy")));
        assertThat(refusal(issuances.next())).isEqualTo(GRANT_MISSING);
        ledger.switchedOff(Set.of(new KillSwitch(KillSwitch.Kind.TARGET, "internal-api")));
        assertThat(refusal(issuances.next())).isEqualTo(GRANT_MISSING);
        KillSwitch subject = new KillSwitch(KillSwitch.Kind.SUBJECT, "github {\"actor\":\"eve\"}");
        ledger.switchedOff(Set.of(subject));
        assertThat(refusal(issuances.named(subject::equals).next())).isEqualTo(SUBJECT_DISABLED);

        ledger.switchedOff(Set.of());
        issue(issuances.next());
    }

    @Test
    @DisplayName("DESIGN 14 rule 3: kill switches hold after a restart, before any configuration")
    void rule3_switchesSurviveRestart() throws Exception {
        ledger.switchedOff(
                Set.of(
                        new KillSwitch(KillSwitch.Kind.TARGET, "other"),
                        new KillSwitch(KillSwitch.Kind.GRANT, "payments-deploy")));
        ledger = reopen();

        assertThat(refusal(issuances.next())).isEqualTo(GRANT_MISSING);
    }

    @Test
    void everythingSurvivesRestart() throws Exception {
        Issuance issued = issue(issuances.token(1).next());
        Issuance revoked = issue(issuances.token(2).next());
        ledger.revoke(revoked.id(), "admin", clock.instant());
        Reservation failed = ledger.reserve(issuances.token(3).next(), true);
        ledger.failed(failed, TARGET_UNAVAILABLE, "no", true, TOOK);
        Issuance open = issuances.token(4).next();
        ledger.reserve(open, true);

        ledger = reopen();

        assertThat(status(issued)).isEqualTo(Status.ISSUED);
        assertThat(status(revoked)).isEqualTo(Status.REVOKED);
        assertThat(status(failed.issuance())).isEqualTo(Status.FAILED);
        assertThat(status(open)).isEqualTo(Status.UNCERTAIN);
        assertThat(refusal(issuances.token(1).presentation("x").next())).isEqualTo(TOKEN_REPLAYED);
        assertThat(refusal(issuances.token(2).presentation("x").next())).isEqualTo(TOKEN_REPLAYED);
        assertThat(refusal(issuances.token(4).presentation("x").next())).isEqualTo(TOKEN_REPLAYED);
        issue(issuances.token(3).presentation("x").next());
        assertThat(ledger.lastUse()).containsEntry("payments-deploy", clock.instant());
    }

    @Test
    void listsNewestFirstAndFilters() {
        Issuance a = issue(issuances.token(1).target("a").next());
        clock.advance(Duration.ofMinutes(5));
        Issuance b = issue(issuances.token(2).target("b").next());

        assertThat(ids(new Ledger.Query(null, null, null, 10))).containsExactly(b.id(), a.id());
        assertThat(ids(new Ledger.Query(null, null, null, 1))).containsExactly(b.id());
        assertThat(ids(new Ledger.Query(null, "a", null, 10))).containsExactly(a.id());
        assertThat(ids(new Ledger.Query("nobody", null, null, 10))).isEmpty();
        assertThat(ids(new Ledger.Query(null, null, clock.instant(), 10))).containsExactly(b.id());
    }

    private List<String> ids(Ledger.Query query) {
        return ledger.list(query).stream().map(state -> state.record().id()).toList();
    }

    @Test
    void findsIssuanceByReceipt() {
        Issuance issuance = issue(issuances.next());

        assertThat(ledger.receipt(issuance.receipt()).orElseThrow().id()).isEqualTo(issuance.id());
    }
}
