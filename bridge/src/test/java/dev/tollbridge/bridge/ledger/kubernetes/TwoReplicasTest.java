package dev.tollbridge.bridge.ledger.kubernetes;

import static dev.tollbridge.bridge.refusal.RefusalReason.GRANT_MISSING;
import static dev.tollbridge.bridge.refusal.RefusalReason.LEDGER_UNAVAILABLE;
import static dev.tollbridge.bridge.refusal.RefusalReason.TARGET_UNAVAILABLE;
import static dev.tollbridge.bridge.refusal.RefusalReason.TOKEN_REPLAYED;
import static dev.tollbridge.bridge.refusal.RefusalReason.TOKEN_TOO_OLD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollbridge.bridge.cluster.ClusterClients;
import dev.tollbridge.bridge.cluster.Resources;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.IssuanceState.Status;
import dev.tollbridge.bridge.ledger.Issuances;
import dev.tollbridge.bridge.ledger.KillSwitch;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.ledger.Reservation;
import dev.tollbridge.bridge.ledger.TestClock;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.testing.Eventually;
import dev.tollbridge.testing.cluster.BreakableLine;
import dev.tollbridge.testing.cluster.ClusterFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two bridges on one API server.
class TwoReplicasTest {

    private static final Duration TOOK = Duration.ofMillis(3);

    @TempDir private Path data;
    private final TestClock clock = new TestClock();
    private final Issuances issuances = new Issuances();
    private final LedgerNamespace namespace = new LedgerNamespace(Resources.cluster());
    private KubernetesLedger one;
    private KubernetesLedger other;

    @BeforeEach
    void open() {
        one = namespace.open(data.resolve("one"), "bridge-1", clock);
        other = namespace.open(data.resolve("other"), "bridge-2", clock);
    }

    @AfterEach
    void close() {
        one.close();
        other.close();
        namespace.close();
    }

    private Issuance issue(Ledger ledger, Issuance issuance) {
        ledger.issued(ledger.reserve(issuance, false), issuance.expires(), TOOK);
        return issuance;
    }

    private static RefusalReason refusal(Ledger ledger, Issuance issuance) {
        Refusal refusal =
                catchThrowableOfType(Refusal.class, () -> ledger.reserve(issuance, false));
        assertThat(refusal).as("refusal").isNotNull();
        return refusal.reason();
    }

    private static Status status(Ledger ledger, Issuance issuance) {
        return ledger.find(issuance.id()).orElseThrow().status();
    }

    @Test
    void aTokenIsAcceptedOnce() {
        issue(one, issuances.next());

        assertThat(refusal(other, issuances.presentation("prs_2").next()))
                .isEqualTo(TOKEN_REPLAYED);
    }

    @Test
    void aTokenPerTargetIsGoodForEachTargetOnce() {
        issuances.replay(Replay.PER_TARGET);
        issue(one, issuances.target("a").next());
        issue(other, issuances.presentation("prs_2").target("b").next());

        assertThat(refusal(other, issuances.presentation("prs_3").target("a").next()))
                .isEqualTo(TOKEN_REPLAYED);
    }

    @Test
    void exactlyOneOfManyAtOnceOnBothGetsTheToken() throws Exception {
        CountDownLatch start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> outcomes = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                Issuance issuance = issuances.presentation("prs_" + i).next();
                Ledger ledger = i % 2 == 0 ? one : other;
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
    void whatOneGivesBackTheOtherMayUse() {
        Reservation failed = one.reserve(issuances.next(), true);
        one.failed(failed, TARGET_UNAVAILABLE, "no answer", true, TOOK);

        issue(other, issuances.presentation("prs_2").next());
        assertThat(status(other, failed.issuance())).isEqualTo(Status.FAILED);
    }

    @Test
    void aRevocationIsSeenByTheOther() {
        Issuance issuance = issue(one, issuances.next());

        assertThat(other.revoke(issuance.id(), "admin", clock.instant())).isTrue();

        assertThat(status(one, issuance)).isEqualTo(Status.REVOKED);
        assertThat(one.revoke(issuance.id(), "admin", clock.instant())).isFalse();
        assertThat(refusal(one, issuances.presentation("prs_2").next())).isEqualTo(TOKEN_REPLAYED);
    }

    @Test
    void deletingAnIssuanceEndsItAndDoesNotOpenItsToken() {
        Issuance issuance = issue(one, issuances.next());
        assertThat(namespace.kubectl("get", "issuances"))
                .contains("Issued", issuance.subject(), issuance.target(), issuance.grant());

        namespace.kubectl("delete", "issuance", IssuanceObject.name(issuance.id()));

        assertThat(one.find(issuance.id())).isEmpty();
        assertThat(other.find(issuance.id())).isEmpty();
        assertThat(refusal(other, issuances.presentation("prs_2").next()))
                .isEqualTo(TOKEN_REPLAYED);
    }

    @Test
    void whatWasUnderWayWhenOneWasKilledIsUncertain() {
        Issuance underWay = issuances.next();
        one.reserve(underWay, true);
        assertThat(status(other, underWay)).isEqualTo(Status.RESERVED);

        // Nobody says how it ended.
        clock.advance(KubernetesLedger.UNCERTAIN_AFTER.plusSeconds(1));

        assertThat(status(other, underWay)).isEqualTo(Status.UNCERTAIN);
        assertThat(refusal(other, issuances.presentation("prs_2").next()))
                .isEqualTo(TOKEN_REPLAYED);
    }

    @Test
    @DisplayName("DESIGN 14 rule 3: a kill switch holds on the other replica, without its watch")
    void rule3_aSwitchHoldsOnBoth() {
        one.switchedOff(Set.of(new KillSwitch(KillSwitch.Kind.GRANT, "payments-deploy")));
        other.look();

        assertThat(refusal(other, issuances.next())).isEqualTo(GRANT_MISSING);
    }

    @Test
    @DisplayName("DESIGN 14 rule 4: a ledger that was emptied refuses what was issued before")
    void rule4_anEmptiedLedgerRefusesOlderTokens() {
        issue(one, issuances.next());
        clock.advance(Duration.ofSeconds(1));

        namespace.kubectl("delete", "tokenuses,ledgerstates", "--all");
        one.look();
        other.look();

        assertThat(refusal(one, issuances.presentation("prs_2").next())).isEqualTo(TOKEN_TOO_OLD);
        assertThat(refusal(other, issuances.presentation("prs_3").next())).isEqualTo(TOKEN_TOO_OLD);
    }

    @Test
    void aCompactedStoreIsNoLossOfMemory() {
        issue(one, issuances.next());
        Resources.cluster().compact();
        one.look();
        other.look();

        assertThat(refusal(other, issuances.presentation("prs_2").next()))
                .isEqualTo(TOKEN_REPLAYED);
    }

    @Test
    void whoCannotLookGrantsNothingAsksOnceEachTimeAndLearnsWithItsNextLook() throws IOException {
        issue(one, issuances.next());
        ClusterFixture cluster = Resources.cluster();
        try (BreakableLine line = BreakableLine.to(cluster.url());
                ClusterClients clients = new ClusterClients();
                KubernetesLedger away =
                        namespace.open(
                                clients.client(
                                        Files.writeString(
                                                        data.resolve("line.kubeconfig"),
                                                        Files.readString(cluster.kubeconfig())
                                                                .replace(cluster.url(), line.url()))
                                                .toString(),
                                        null),
                                data.resolve("away"),
                                "bridge-3",
                                clock)) {
            line.cut();
            one.switchedOff(Set.of(new KillSwitch(KillSwitch.Kind.GRANT, "payments-deploy")));
            int calls = line.calls();
            for (int i = 0; i < 5; i++) {
                away.look();
            }
            // One each, and whatever the Lease's thread asked meanwhile.
            assertThat(line.calls() - calls).as("calls of five looks").isBetween(5, 20);
            assertThat(refusal(away, issuances.presentation("prs_2").next()))
                    .isEqualTo(LEDGER_UNAVAILABLE);

            line.mend();
            away.look();
            assertThat(refusal(away, issuances.presentation("prs_3").next()))
                    .isEqualTo(GRANT_MISSING);
        }
    }

    @Test
    void expiredOnesAreCollected() {
        issue(one, issuances.next());
        clock.advance(Duration.ofHours(5));
        Eventually.is(
                "one of them collects",
                () -> {
                    one.collect();
                    other.collect();
                    return namespace.kubectl("get", "issuances,tokenuses").contains("No resources");
                });
    }

    @Test
    void collectingGoesOnWhenWhoDidItHasGone() {
        AtomicReference<KubernetesLedger> collecting = new AtomicReference<>();
        Eventually.is(
                "one of them collects",
                () -> {
                    expiredIssuance();
                    for (KubernetesLedger ledger : List.of(one, other)) {
                        if (collecting.get() == null && collects(ledger)) {
                            collecting.set(ledger);
                        }
                    }
                    return collecting.get() != null;
                });
        KubernetesLedger waiting = collecting.get() == one ? other : one;
        expiredIssuance();
        assertThat(collects(waiting)).as("it is not its turn").isFalse();

        collecting.get().close();
        Eventually.is("the other takes over", () -> collects(waiting));
    }

    private void expiredIssuance() {
        one.look();
        issue(one, issuances.next());
        clock.advance(Duration.ofHours(5));
    }

    private boolean collects(KubernetesLedger ledger) {
        ledger.collect();
        return namespace.kubectl("get", "issuances,tokenuses").contains("No resources");
    }

    @Test
    void anObjectHoldsNothingThatTheRecordDoesNot() {
        Issuance issuance = issue(one, issuances.next());

        String stored = namespace.kubectl("get", "issuances,tokenuses", "-o", "yaml");

        assertThat(stored).contains(issuance.tokenFingerprint(), "repository_id");
        assertThat(stored).doesNotContain("eyJ", "access_token", "private");
    }
}
