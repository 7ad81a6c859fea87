package dev.tollbridge.bridge.session;

import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.session.SessionState.Ended;
import dev.tollbridge.bridge.session.SessionStore.Stored;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How sessions end. First the end is stored, which one of all bridges does; that one revokes what
/// the session was given, writes the line and forgets the session. Where it is killed in between,
/// whoever sweeps next goes on.
final class SessionEnds {

    /// How long whoever ends a session may take, until somebody else goes on with it.
    static final Duration TAKEN_OVER_AFTER = Duration.ofMinutes(2);

    /// Of changes that somebody else was faster with: each is one step of a session that takes
    /// minutes between steps.
    static final int MOST_TRIES = 20;

    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(SessionEnds.class);

    private final SessionStore store;
    private final SessionLines lines;
    private final Ending ending;
    private final SessionObserver observer;
    private final InstantSource clock;

    /// Since when this bridge can be heard. Nobody could be before its start, or while its store
    /// did not answer.
    private volatile Instant listening;

    private volatile boolean deaf;

    SessionEnds(
            SessionStore store,
            SessionLines lines,
            Ending ending,
            SessionObserver observer,
            InstantSource clock) {
        this.store = store;
        this.lines = lines;
        this.ending = ending;
        this.observer = observer;
        this.clock = clock;
        this.listening = clock.instant();
    }

    /// Why a session is over, whether anybody has said so or not; null: it goes on.
    @Nullable SessionEnd over(SessionState session) {
        return session.over(clock.instant(), listening);
    }

    /// @return false when it had ended before, or there is none
    /// @throws Refusal `ledger_unavailable`: then the end may be stored, and is worked off later
    boolean end(@Nullable Stored found, SessionEnd why, String by) {
        Stored seen = found;
        for (int i = 0; i < MOST_TRIES; i++) {
            if (seen == null || seen.state().ended() != null) {
                return false;
            }
            SessionState ended = seen.state().end(new Ended(why, by, clock.instant()));
            Stored stored = store.replace(seen, ended, null);
            if (stored != null) {
                observer.ended(why);
                workOff(stored);
                return true;
            }
            seen = store.find(seen.state().opening().id());
        }
        throw tooBusy();
    }

    static Refusal tooBusy() {
        return new Refusal(
                RefusalReason.LEDGER_UNAVAILABLE, "others keep changing the session", RETRY);
    }

    /// Everything here may be done again: what is revoked stays so, and says so once.
    private void workOff(Stored stored) {
        SessionState session = stored.state();
        Ended end = session.ended();
        if (end == null) {
            return;
        }
        Instant now = clock.instant();
        List<String> given = end.why().revokes() ? session.outstanding(now) : List.of();
        int left = 0;
        for (String issuance : given) {
            left += revoke(issuance, "session " + end.why().code()) ? 0 : 1;
        }
        if (left > 0) {
            throw new Refusal(
                    RefusalReason.LEDGER_UNAVAILABLE,
                    "of what the session was given, " + left + " could not be revoked yet",
                    RETRY);
        }
        store.remove(
                stored, lines.ended(session.opening(), now, end.why(), end.by(), given.size()));
    }

    /// @return false when the ledger could not be told
    boolean revoke(String issuance, String why) {
        try {
            ending.end(issuance, why);
            return true;
        } catch (Refusal refusal) {
            LOG.error("{} could not be revoked ({}): {}", issuance, why, refusal.detail());
            return false;
        }
    }

    /// Ends what is over without anybody having said so, and works off what was ended by somebody
    /// who could not.
    void sweep() {
        try {
            store.each(this::sweep);
            heard();
        } catch (Refusal refusal) {
            deaf = true;
            LOG.warn("sessions cannot be looked at: {}", refusal.detail());
        }
    }

    private void heard() {
        if (deaf) {
            listening = clock.instant();
            deaf = false;
        }
    }

    private void sweep(Stored stored) {
        heard();
        try {
            SessionState session = stored.state();
            Ended end = session.ended();
            SessionEnd why = over(session);
            if (end != null) {
                takeOver(stored, end);
            } else if (why != null) {
                end(stored, why, words(why));
            }
        } catch (Refusal refusal) {
            LOG.warn(
                    "{}: over, and not recorded: {}",
                    stored.state().opening().id(),
                    refusal.detail());
        }
    }

    private void takeOver(Stored stored, Ended end) {
        Instant now = clock.instant();
        if (now.isBefore(end.since().plus(TAKEN_OVER_AFTER))) {
            return;
        }
        Stored ours =
                store.replace(
                        stored, stored.state().end(new Ended(end.why(), end.by(), now)), null);
        if (ours != null) {
            workOff(ours);
        }
    }

    static String words(SessionEnd why) {
        return switch (why) {
            case MAX -> "the longest that its grants allow";
            case MISSED -> "two heartbeats did not come";
            case REPLAYED -> "a handle was used again";
            case REVOKED, OPERATOR -> "somebody said so";
            case SWITCHED_OFF -> "what it rests on was taken away";
        };
    }
}
