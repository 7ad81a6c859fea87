package dev.tollbridge.bridge.ledger.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollbridge.bridge.cluster.ClusterClients;
import dev.tollbridge.bridge.cluster.Resources;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import dev.tollbridge.bridge.ledger.IssuanceState.Status;
import dev.tollbridge.bridge.ledger.Issuances;
import dev.tollbridge.bridge.ledger.Ledger.Query;
import dev.tollbridge.bridge.ledger.TestClock;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.session.JobOpenings;
import dev.tollbridge.bridge.session.SessionEnd;
import dev.tollbridge.bridge.session.SessionHandover;
import dev.tollbridge.bridge.session.Sessions.Turned;
import dev.tollbridge.bridge.signing.Keyring;
import dev.tollbridge.bridge.signing.KeyringSettings;
import dev.tollbridge.bridge.testing.Eventually;
import dev.tollbridge.testing.cluster.BreakableLine;
import dev.tollbridge.testing.cluster.ClusterFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Job sessions of two bridges on one API server (DESIGN 14, rule 12).
class SessionsOfTwoReplicasTest {

    private static final String ATTEMPT = "attempt-0123456789abcdef";

    @TempDir private Path folder;
    private final ClusterFixture cluster = Resources.cluster();
    private final TestClock clock = new TestClock();
    private final Issuances issuances = new Issuances().replay(Replay.OFF);
    private final JobOpenings openings = new JobOpenings();
    private final LedgerNamespace namespace = new LedgerNamespace(cluster);
    private Keyring keyring;
    private SessionReplica one;
    private SessionReplica other;

    @BeforeEach
    void start() {
        keyring =
                Keyring.open(
                        folder.resolve("ring"), KeyringSettings.DEFAULT, InstantSource.system());
        begin();
    }

    private void begin() {
        one = replica("one");
        other = replica("other");
    }

    private SessionReplica replica(String name) {
        Path data = folder.resolve(name);
        return new SessionReplica(
                namespace.open(data, "bridge-" + name, clock), keyring.handleKey(), data, clock);
    }

    @AfterEach
    void end() {
        one.close();
        other.close();
        keyring.close();
        namespace.close();
    }

    private SessionHandover opened() {
        return one.open(openings.next(clock.instant()), one.issue(issuances));
    }

    private static RefusalReason refusal(Runnable step) {
        Refusal refusal = catchThrowableOfType(Refusal.class, step::run);
        assertThat(refusal).as("refusal").isNotNull();
        return refusal.reason();
    }

    private int issued() {
        return one.ledger().list(new Query(null, null, null, 1000)).size();
    }

    /// Of every issuance there is: revoked, by one line of one of the records.
    private void everythingIsRevokedOnce(int number) {
        List<String> ids = new ArrayList<>();
        one.ledger()
                .list(new Query(null, null, null, 1000))
                .forEach(state -> ids.add(String.valueOf(state.record().id())));
        assertThat(ids).hasSize(number);
        for (String id : ids) {
            for (SessionReplica replica : List.of(one, other)) {
                assertThat(replica.ledger().find(id).orElseThrow().status())
                        .isEqualTo(Status.REVOKED);
            }
            String line = "\"id\":\"" + id + "\"";
            assertThat(
                            one.lines("\"kind\":\"revoked\"", line).size()
                                    + other.lines("\"kind\":\"revoked\"", line).size())
                    .as(id)
                    .isEqualTo(1);
        }
    }

    private int endedLines(String why) {
        String[] parts = {"\"kind\":\"session\"", "\"reason\":\"" + why + "\""};
        return one.lines(parts).size() + other.lines(parts).size();
    }

    @Test
    void whatOneOpensTheOtherTurns() {
        SessionHandover opened = opened();

        Secret second = other.resume(opened.handle(), null, issuances);
        Secret third = one.resume(second, null, issuances);

        assertThat(issued()).isEqualTo(3);
        assertThat(one.lines("\"kind\":\"session\"", opened.id())).hasSize(2);
        assertThat(other.lines("\"kind\":\"session\"", opened.id())).hasSize(1);
        assertThat(refusal(() -> other.turn(opened.handle(), null)))
                .isEqualTo(RefusalReason.SESSION_REPLAYED);
        assertThat(refusal(() -> one.turn(third, null))).isEqualTo(RefusalReason.SESSION_ENDED);
        everythingIsRevokedOnce(3);
        assertThat(endedLines("replayed")).isEqualTo(1);
    }

    @Test
    void ofOneHandleAtBothAtOnceOneIsTheHolderAndTheOtherEndsIt() throws Exception {
        for (int round = 1; round <= 10; round++) {
            int turned = 0;
            List<RefusalReason> refused = new ArrayList<>();
            SessionHandover opened = opened();
            CountDownLatch start = new CountDownLatch(1);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<Turned>> both = new ArrayList<>();
                for (SessionReplica replica : List.of(one, other)) {
                    both.add(
                            threads.submit(() -> {
                                start.await();
                                return replica.turn(opened.handle(), null);
                            }));
                }
                start.countDown();
                for (Future<Turned> each : both) {
                    try {
                        Turned _ = each.get();
                        turned++;
                    } catch (ExecutionException e) {
                        refused.add(Objects.requireNonNull((Refusal) e.getCause()).reason());
                    }
                }
            }
            assertThat(turned).isEqualTo(1);
            assertThat(refused).containsExactly(RefusalReason.SESSION_REPLAYED);
            everythingIsRevokedOnce(round);
            assertThat(endedLines("replayed")).isEqualTo(round);
            assertThat(namespace.kubectl("get", "jobsessions")).contains("No resources");
        }
    }

    @Test
    void whatIsUnderWayAtOneWhenTheOtherEndsItIsRevoked() {
        SessionHandover opened = opened();
        Turned underWay = one.turn(opened.handle(), null);
        String issuance = one.issue(issuances);

        other.sessions().revoke(opened.handle(), "holder");

        assertThat(
                        refusal(() ->
                                one.sessions()
                                        .gave(
                                                underWay,
                                                Map.of(
                                                        issuance,
                                                        clock.instant().plusSeconds(600)))))
                .isEqualTo(RefusalReason.SESSION_ENDED);
        everythingIsRevokedOnce(2);
    }

    @Test
    void anEndAtOneIsSeenAtTheOther() {
        SessionHandover opened = opened();
        Secret next = other.resume(opened.handle(), null, issuances);

        assertThat(one.sessions().end(opened.id(), SessionEnd.OPERATOR, "admin")).isTrue();

        assertThat(refusal(() -> other.turn(next, null))).isEqualTo(RefusalReason.SESSION_ENDED);
        assertThat(other.sessions().end(opened.id(), SessionEnd.OPERATOR, "admin")).isFalse();
        everythingIsRevokedOnce(2);
        assertThat(endedLines("operator")).isEqualTo(1);
    }

    @Test
    void bothMayEndItAtOnce() throws Exception {
        SessionHandover opened = opened();
        CountDownLatch start = new CountDownLatch(1);
        int ended = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> both = new ArrayList<>();
            for (SessionReplica replica : List.of(one, other)) {
                both.add(
                        threads.submit(() -> {
                            start.await();
                            return replica.sessions()
                                    .end(opened.id(), SessionEnd.OPERATOR, "admin");
                        }));
            }
            start.countDown();
            for (Future<Boolean> each : both) {
                ended += each.get() ? 1 : 0;
            }
        }
        assertThat(ended).isEqualTo(1);
        everythingIsRevokedOnce(1);
        assertThat(endedLines("operator")).isEqualTo(1);
    }

    @Test
    void bothSweepAndItEndsOnce() throws Exception {
        opened();
        SessionHandover going = opened();
        clock.advance(Duration.ofMinutes(9));
        Secret handle = other.resume(going.handle(), null, issuances);
        clock.advance(Duration.ofMinutes(1));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> both = new ArrayList<>();
            for (SessionReplica replica : List.of(one, other)) {
                both.add(threads.submit(() -> replica.sessions().sweep()));
            }
            for (Future<?> each : both) {
                each.get();
            }
        }
        List<String> ends = new ArrayList<>(one.ends());
        ends.addAll(other.ends());
        assertThat(ends).containsExactly("missed");
        assertThat(endedLines("missed")).isEqualTo(1);
        other.resume(handle, null, issuances);
        one.sessions().sweep();
        assertThat(one.sessions().count()).isEqualTo(1);
    }

    @Test
    void anAnswerThatOneLostTheOtherGivesAgain() {
        SessionHandover opened = opened();
        one.resume(opened.handle(), ATTEMPT, issuances);

        Secret again = other.resume(opened.handle(), ATTEMPT, issuances);

        one.resume(again, null, issuances);
        assertThat(
                        one.lines("\"kind\":\"revoked\"").size()
                                + other.lines("\"kind\":\"revoked\"").size())
                .as("nobody has what the lost answer gave")
                .isEqualTo(1);
    }

    @Test
    void bothStartAnewAndItGoesOn() {
        SessionHandover opened = opened();
        Secret next = other.resume(opened.handle(), null, issuances);
        one.close();
        other.close();
        clock.advance(Duration.ofMinutes(30));
        begin();
        one.ledger().look();
        other.ledger().look();
        one.sessions().sweep();

        Secret last = one.resume(next, null, issuances);

        assertThat(refusal(() -> other.turn(opened.handle(), null)))
                .isEqualTo(RefusalReason.SESSION_REPLAYED);
        assertThat(refusal(() -> one.turn(last, null))).isEqualTo(RefusalReason.SESSION_ENDED);
    }

    @Test
    void withoutTheApiServerNothingIsGivenAndNothingIsLost() throws IOException {
        SessionHandover opened = opened();
        Path kubeconfig = folder.resolve("line.kubeconfig");
        try (BreakableLine line = BreakableLine.to(cluster.url());
                ClusterClients clients = new ClusterClients()) {
            Files.writeString(
                    kubeconfig,
                    Files.readString(cluster.kubeconfig()).replace(cluster.url(), line.url()));
            Path data = folder.resolve("far");
            try (SessionReplica far =
                    new SessionReplica(
                            namespace.open(
                                    clients.reachable(kubeconfig.toString()),
                                    data,
                                    "bridge-far",
                                    clock),
                            keyring.handleKey(),
                            data,
                            clock)) {
                line.cut();
                assertThat(refusal(() -> far.turn(opened.handle(), ATTEMPT)))
                        .isEqualTo(RefusalReason.LEDGER_UNAVAILABLE);
                assertThat(refusal(() -> far.sessions().revoke(opened.handle(), "holder")))
                        .isEqualTo(RefusalReason.LEDGER_UNAVAILABLE);
                far.sessions().sweep();

                clock.advance(Duration.ofMinutes(9));
                Secret next = one.resume(opened.handle(), null, issuances);
                clock.advance(Duration.ofMinutes(9));
                line.mend();
                far.sessions().sweep();
                assertThat(far.ends()).isEmpty();
                far.resume(next, ATTEMPT, issuances);

                line.cut();
                far.sessions().sweep();
                clock.advance(Duration.ofMinutes(10));
                line.mend();
                far.sessions().sweep();
                assertThat(far.ends())
                        .as("nobody could be heard meanwhile, as far as it knows")
                        .isEmpty();
                one.sessions().sweep();
                assertThat(one.ends()).as("the other could be").containsExactly("missed");
            }
        }
    }

    @Test
    void anObjectSaysNothingOfTheJobAndOpensNothing() {
        SessionHandover opened = opened();
        Secret next = other.resume(opened.handle(), ATTEMPT, issuances);

        String stored = namespace.kubectl("get", "jobsessions", "-o", "yaml");

        assertThat(stored).contains("internal-api", "gitlab", "Open", "ses-");
        assertThat(stored)
                .doesNotContain(JobOpenings.CLAIM)
                .doesNotContain(JobOpenings.SUBJECT)
                .doesNotContain("project_id")
                .doesNotContain(JobOpenings.KEY)
                .doesNotContain(ATTEMPT)
                .doesNotContain(opened.handle().reveal().substring(33))
                .doesNotContain(next.reveal().substring(33));
        assertThat(namespace.kubectl("get", "jobsessions")).contains("gitlab", "Open");
    }

    @Test
    void anOpeningCannotBePutIntoAnotherSession() {
        SessionHandover opened = opened();
        SessionHandover another = opened();
        String name = SessionObject.name(opened.id());
        String sealed =
                namespace.kubectl(
                        "get",
                        "jobsession",
                        SessionObject.name(another.id()),
                        "-o",
                        "jsonpath={.spec.opening}");

        namespace.kubectl(
                "patch",
                "jobsession",
                name,
                "--type=merge",
                "-p",
                "{\"spec\":{\"opening\":\"" + sealed + "\"}}");

        assertThat(refusal(() -> one.turn(opened.handle(), null)))
                .isEqualTo(RefusalReason.SESSION_ENDED);
        one.turn(another.handle(), null);
    }

    @Test
    void deletingAnObjectEndsTheSession() {
        SessionHandover opened = opened();

        namespace.kubectl("delete", "jobsession", SessionObject.name(opened.id()));

        assertThat(refusal(() -> other.turn(opened.handle(), null)))
                .isEqualTo(RefusalReason.SESSION_ENDED);
    }

    @Test
    void whatNobodyEndedIsCollected() {
        SessionHandover opened = opened();
        clock.advance(Duration.ofHours(4));
        Eventually.is(
                "one of them collects",
                () -> {
                    one.ledger().collect();
                    other.ledger().collect();
                    return namespace.kubectl("get", "jobsessions").contains("No resources");
                });
        assertThat(refusal(() -> other.turn(opened.handle(), null)))
                .isEqualTo(RefusalReason.SESSION_ENDED);
    }

    @Test
    void aBridgeWithOtherKeysKnowsNoneOfThem() throws IOException {
        SessionHandover opened = opened();
        Path data = folder.resolve("stranger");
        try (Keyring theirs =
                        Keyring.open(
                                folder.resolve("other-ring"),
                                KeyringSettings.DEFAULT,
                                InstantSource.system());
                SessionReplica stranger =
                        new SessionReplica(
                                namespace.open(data, "stranger", clock),
                                theirs.handleKey(),
                                data,
                                clock)) {
            assertThat(refusal(() -> stranger.turn(opened.handle(), null)))
                    .isEqualTo(RefusalReason.SESSION_UNKNOWN);
            clock.advance(Duration.ofMinutes(9));
            stranger.sessions().sweep();
            assertThat(stranger.ends()).isEmpty();
        }
        one.resume(opened.handle(), null, issuances);
    }
}
