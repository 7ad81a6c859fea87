package dev.tollbridge.bridge.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollbridge.bridge.ledger.TestClock;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.session.SessionStore.Stored;
import dev.tollbridge.bridge.session.Sessions.Found;
import dev.tollbridge.bridge.session.Sessions.Turned;
import dev.tollbridge.bridge.signing.HandleKey;
import dev.tollbridge.bridge.signing.Keyring;
import dev.tollbridge.bridge.signing.KeyringSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every store of sessions must do, and the rules on top of it. A store's test class extends
/// this one.
public abstract class SessionStoreContract {

    protected static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final String ATTEMPT = "attempt-0123456789abcdef";
    private static final String PEER = "192.0.2.1";

    @TempDir protected Path data;
    protected final TestClock clock = new TestClock();
    private final JobOpenings openings = new JobOpenings();
    private final List<String> revoked = new CopyOnWriteArrayList<>();
    private final List<String> ends = new CopyOnWriteArrayList<>();
    private volatile boolean revocable = true;
    private Keyring keyring;
    private SessionStore store;
    private Sessions sessions;

    /// A store on what was kept so far, with a record in {@link #data}.
    protected abstract SessionStore open(HandleKey key);

    /// Ends the store, as a bridge that stops does.
    protected abstract void stop();

    @BeforeEach
    void start() {
        keyring =
                Keyring.open(data.resolve("ring"), KeyringSettings.DEFAULT, InstantSource.system());
        begin();
    }

    private void begin() {
        store = open(keyring.handleKey());
        sessions =
                new Sessions(
                        keyring.handleKey(),
                        store,
                        (issuance, _) -> {
                            if (!revocable) {
                                throw new Refusal(RefusalReason.LEDGER_UNAVAILABLE, "away", null);
                            }
                            revoked.add(issuance);
                        },
                        new SessionObserver() {
                            @Override
                            public void opened() {}

                            @Override
                            public void ended(SessionEnd why) {
                                ends.add(why.code());
                            }

                            @Override
                            public void alarm(Alarm what) {}
                        },
                        clock);
    }

    @AfterEach
    void end() {
        stop();
        keyring.close();
    }

    private Map<String, Instant> issue(String... ids) {
        Map<String, Instant> issued = new LinkedHashMap<>();
        for (String id : ids) {
            issued.put(id, clock.instant().plus(Duration.ofMinutes(10)));
        }
        return issued;
    }

    private SessionHandover opened(String... ids) {
        return sessions.open(openings.next(clock.instant()), issue(ids));
    }

    private Turned turn(Secret handle, @Nullable String attempt) {
        Found found = sessions.find(handle);
        sessions.check(found, attempt, true);
        return sessions.turn(sessions.prove(found, JobOpenings.KEY), attempt, PEER);
    }

    private Secret given(Secret handle, @Nullable String attempt, String... ids) {
        Turned turned = turn(handle, attempt);
        sessions.gave(turned, issue(ids));
        return turned.handover().handle();
    }

    private static RefusalReason refusal(Runnable step) {
        Refusal refusal = catchThrowableOfType(Refusal.class, step::run);
        assertThat(refusal).as("refusal").isNotNull();
        return refusal.reason();
    }

    private List<String> lines(String containing) {
        try (Stream<Path> files = Files.walk(data)) {
            List<String> lines = new ArrayList<>();
            for (Path file : files.filter(f -> f.toString().endsWith(".jsonl")).toList()) {
                Files.readAllLines(file).stream()
                        .filter(line -> line.contains("\"kind\":\"session\""))
                        .filter(line -> line.contains(containing))
                        .forEach(lines::add);
            }
            return lines;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Stored stored(String id) {
        return Objects.requireNonNull(store.find(id), id);
    }

    private SessionState state(String id) {
        return stored(id).state();
    }

    @Test
    void remembersAllOfASession() {
        SessionHandover opened = opened("iss_a");
        Opening before = state(opened.id()).opening();
        given(opened.handle(), ATTEMPT, "iss_b");

        SessionState found = state(opened.id());

        assertThat(found.number()).isEqualTo(2);
        assertThat(found.before()).isEqualTo(1);
        assertThat(found.issued()).containsOnlyKeys("iss_a", "iss_b");
        assertThat(found.last()).containsExactly("iss_b");
        assertThat(found.turned()).isEqualTo(clock.instant());
        assertThat(found.opening())
                .usingRecursiveComparison()
                .isEqualTo(before)
                .isEqualTo(new JobOpenings().next(clock.instant()));
        assertThat(lines(opened.id())).hasSize(2);
    }

    @Test
    void ofTwoChangesToWhatWasSeenOneHappens() {
        SessionHandover opened = opened();
        Stored seen = stored(opened.id());
        SessionState one = seen.state().turn(1, 2, null, clock.instant());
        SessionState other = seen.state().gave(1, issue("iss_other"));

        Stored first = Objects.requireNonNull(store.replace(seen, one, null));

        assertThat(store.replace(seen, other, null)).isNull();
        assertThat(state(opened.id()).issued()).isEmpty();
        assertThat(store.replace(first, first.state().gave(2, issue("iss_next")), null))
                .isNotNull();
    }

    @Test
    void whatIsNoSessionIsNotFound() {
        assertThat(store.find("ses_01KAH2Q4W0V8M6T3N5R7X9Z1BC")).isNull();
        assertThat(store.find("../secrets/x")).isNull();
        assertThat(sessions.end("ses_", SessionEnd.OPERATOR, "admin")).isFalse();
    }

    @Test
    void exactlyOneOfManyAtOnceTurnsAHandleAndTheSessionIsOver() throws Exception {
        SessionHandover opened = opened("iss_a");
        CountDownLatch start = new CountDownLatch(1);
        List<RefusalReason> refused = new ArrayList<>();
        int turned = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<@Nullable Void>> outcomes = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                outcomes.add(
                        threads.submit(() -> {
                            start.await();
                            turn(opened.handle(), null);
                            return null;
                        }));
            }
            start.countDown();
            for (Future<@Nullable Void> outcome : outcomes) {
                try {
                    outcome.get();
                    turned++;
                } catch (ExecutionException e) {
                    refused.add(Objects.requireNonNull((Refusal) e.getCause()).reason());
                }
            }
        }
        assertThat(turned).isEqualTo(1);
        assertThat(refused)
                .contains(RefusalReason.SESSION_REPLAYED)
                .isSubsetOf(RefusalReason.SESSION_REPLAYED, RefusalReason.SESSION_ENDED);
        assertThat(ends).containsExactly("replayed");
        assertThat(revoked).containsExactly("iss_a");
        assertThat(lines("\"reason\":\"replayed\"")).hasSize(1);
        assertThat(sessions.count()).isZero();
    }

    @Test
    void theSameAttemptGetsALostAnswerAgain() {
        SessionHandover opened = opened("iss_a");
        given(opened.handle(), ATTEMPT, "iss_lost");

        Secret again = given(opened.handle(), ATTEMPT, "iss_again");

        assertThat(revoked).containsExactly("iss_lost");
        given(again, null, "iss_c");
        assertThat(refusal(() -> turn(opened.handle(), ATTEMPT)))
                .isEqualTo(RefusalReason.SESSION_REPLAYED);
        assertThat(revoked).contains("iss_a", "iss_again", "iss_c");
    }

    @Test
    void aLateAnswerIsNotTheLast() {
        SessionHandover opened = opened();
        Turned slow = turn(opened.handle(), ATTEMPT);
        given(opened.handle(), ATTEMPT, "iss_again");

        sessions.gave(slow, issue("iss_slow"));

        assertThat(state(opened.id()).last()).containsExactly("iss_again");
        assertThat(state(opened.id()).issued()).containsOnlyKeys("iss_slow", "iss_again");
    }

    @Test
    void whatEndedByItselfIsForgottenAndNotRevoked() {
        SessionHandover opened = opened("iss_a");
        clock.advance(Duration.ofMinutes(9));
        Secret next = given(opened.handle(), null, "iss_b");
        clock.advance(Duration.ofMinutes(2));
        given(next, null);

        sessions.revoke(next, "admin");

        assertThat(revoked).containsExactly("iss_b");
    }

    @Test
    void whatIsGivenWhileASessionEndsIsRevoked() {
        SessionHandover opened = opened();
        Turned turned = turn(opened.handle(), null);
        sessions.revoke(opened.handle(), "holder");

        assertThat(refusal(() -> sessions.gave(turned, issue("iss_late"))))
                .isEqualTo(RefusalReason.SESSION_ENDED);
        assertThat(revoked).containsExactly("iss_late");
    }

    @Test
    void goesOnAfterARestart() {
        SessionHandover opened = opened("iss_a");
        Secret next = given(opened.handle(), null, "iss_b");
        stop();
        clock.advance(Duration.ofMinutes(30));
        begin();

        sessions.sweep();
        Secret after = given(next, null, "iss_c");

        assertThat(refusal(() -> turn(opened.handle(), null)))
                .isEqualTo(RefusalReason.SESSION_REPLAYED);
        assertThat(refusal(() -> turn(after, null))).isEqualTo(RefusalReason.SESSION_ENDED);
        assertThat(revoked).containsExactly("iss_c");
    }

    @Test
    void anEndIsForGood() {
        SessionHandover opened = opened("iss_a");

        assertThat(sessions.end(opened.id(), SessionEnd.OPERATOR, "admin")).isTrue();

        assertThat(sessions.end(opened.id(), SessionEnd.OPERATOR, "admin")).isFalse();
        assertThat(refusal(() -> turn(opened.handle(), null)))
                .isEqualTo(RefusalReason.SESSION_ENDED);
        assertThat(revoked).containsExactly("iss_a");
        assertThat(lines("\"reason\":\"operator\"")).hasSize(1);
        stop();
        begin();
        assertThat(store.find(opened.id())).isNull();
    }

    @Test
    void sweepingEndsWhatIsOverOnce() {
        opened("iss_missed");
        clock.advance(Duration.ofMinutes(9));
        sessions.sweep();
        assertThat(ends).isEmpty();
        SessionHandover heard = opened("iss_heard");
        clock.advance(Duration.ofMinutes(1));

        sessions.sweep();
        sessions.sweep();

        assertThat(ends).containsExactly("missed");
        assertThat(lines("\"reason\":\"missed\"")).hasSize(1);
        assertThat(sessions.count()).isEqualTo(1);
        given(heard.handle(), null);
    }

    @Test
    void theLongestThatItsGrantsAllowRevokesNothing() {
        Secret handle = opened("iss_a").handle();
        for (int i = 0; i < 15; i++) {
            clock.advance(Duration.ofMinutes(8));
            sessions.sweep();
            if (i < 14) {
                handle = given(handle, null, "iss_" + i);
            }
        }
        assertThat(ends).containsExactly("max");
        assertThat(revoked).isEmpty();
        assertThat(sessions.count()).isZero();
    }

    @Test
    void anEndThatCouldNotBeWorkedOffIsGoneOnWithLater() {
        SessionHandover opened = opened("iss_a");
        revocable = false;
        assertThat(refusal(() -> sessions.revoke(opened.handle(), "holder")))
                .isEqualTo(RefusalReason.LEDGER_UNAVAILABLE);
        assertThat(refusal(() -> turn(opened.handle(), null)))
                .as("it has ended all the same")
                .isEqualTo(RefusalReason.SESSION_ENDED);
        revocable = true;

        sessions.sweep();
        assertThat(revoked).as("whoever ended it may be at it still").isEmpty();
        clock.advance(SessionEnds.TAKEN_OVER_AFTER);
        sessions.sweep();

        assertThat(revoked).containsExactly("iss_a");
        assertThat(ends).containsExactly("revoked");
        assertThat(lines("\"reason\":\"revoked\"")).hasSize(1);
        assertThat(store.find(opened.id())).isNull();
    }
}
