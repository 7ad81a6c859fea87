package dev.tollbridge.bridge.session;

import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.session.SessionHandles.Shown;
import dev.tollbridge.bridge.session.SessionObserver.Alarm;
import dev.tollbridge.bridge.session.SessionStore.Stored;
import dev.tollbridge.bridge.signing.HandleKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The rules of sessions, whatever keeps them.
///
/// A handle is for one request. One that comes again ends the session and what it gave, unless it
/// is the same attempt at an answer that may have been lost: the same handle, the same key, the
/// same name of the attempt, within two minutes, and no later handle used since.
///
/// Each step is decided on a session as it was found, and counts if the store still has that one;
/// else it is decided anew. So of two bridges that are shown one handle at once, one turns it, and
/// to the other it has been used.
public final class Sessions {

    /// Sessions at once. Each keeps its claims, some kilobytes.
    private static final int MOST = 10_000;

    /// What a session may have been given that has not ended: far more than a job needs, few enough
    /// to be revoked at once.
    private static final int MOST_OUTSTANDING = 1_000;

    private static final Duration RETRY = Duration.ofSeconds(5);

    private final SessionHandles handles;
    private final SessionLines lines;
    private final SessionStore store;
    private final SessionEnds ends;
    private final SessionObserver observer;
    private final InstantSource clock;

    public Sessions(
            HandleKey key,
            SessionStore store,
            Ending ending,
            SessionObserver observer,
            InstantSource clock) {
        this.handles = new SessionHandles(key);
        this.lines = new SessionLines(key);
        this.store = store;
        this.ends = new SessionEnds(store, lines, ending, observer, clock);
        this.observer = observer;
        this.clock = clock;
    }

    /// A handle that the bridge made, and what is known of its session.
    public static final class Found {
        private final Shown shown;

        /// Null: it has ended.
        private final @Nullable Stored stored;

        private Found(Shown shown, @Nullable Stored stored) {
            this.shown = shown;
            this.stored = stored;
        }

        public String id() {
            return shown.session();
        }

        /// Null when the session has ended.
        public @Nullable Opening opening() {
            return stored == null ? null : stored.state().opening();
        }
    }

    /// A handle that came with the key of its session. Only {@link #prove} makes one, and only with
    /// one is a handle used up.
    public static final class Proven {
        private final Shown shown;
        private final Stored stored;

        private Proven(Shown shown, Stored stored) {
            this.shown = shown;
            this.stored = stored;
        }

        public Opening opening() {
            return stored.state().opening();
        }
    }

    /// A handle that was used up. Only {@link #turn} makes one, and only with one is anything
    /// given.
    public static final class Turned {
        private final Stored stored;
        private final SessionHandover handover;

        private Turned(Stored stored, SessionHandover handover) {
            this.stored = stored;
            this.handover = handover;
        }

        /// What the answer says of the session.
        public SessionHandover handover() {
            return handover;
        }
    }

    /// @throws Refusal `session_refused` where none are kept; `overloaded`
    public void admit() {
        String refused = store.refuses();
        if (refused != null) {
            throw new Refusal(RefusalReason.SESSION_REFUSED, refused);
        }
        if (store.count() >= MOST) {
            throw new Refusal(
                    RefusalReason.OVERLOADED, "there are as many sessions as there may be", RETRY);
        }
    }

    /// @param issued what the opening gave, by when it ends
    /// @throws Refusal `ledger_unavailable`: then nobody is given a handle, and what was issued is
    ///   ended
    public SessionHandover open(Opening opening, Map<String, Instant> issued) {
        try {
            store.open(SessionState.opened(opening, issued), lines.opened(opening));
        } catch (Refusal refusal) {
            issued.keySet().forEach(issuance -> ends.revoke(issuance, "no session could be made"));
            throw refusal;
        }
        observer.opened();
        return handover(opening, 1);
    }

    /// @throws Refusal `session_unknown` when it is no handle of this bridge; `ledger_unavailable`
    public Found find(Secret handle) {
        Shown shown = handles.read(handle);
        if (shown == null) {
            throw new Refusal(
                    RefusalReason.SESSION_UNKNOWN, "not a handle that this bridge has made");
        }
        return new Found(shown, store.find(shown.session()));
    }

    /// What can be said before any proof is looked at. A handle that was used before ends the
    /// session here, whoever shows it and with whatever key: whoever has a handle may end its
    /// session anyway.
    ///
    /// @param attempt what the request calls itself
    /// @param proof whether it carries a proof of any key
    /// @throws Refusal `session_ended`, `session_replayed`, `proof_required`
    public void check(Found found, @Nullable String attempt, boolean proof) {
        Stored stored = found.stored;
        if (stored == null) {
            observer.alarm(Alarm.AFTER_END);
            throw ended("it has ended, or was before the ledger lost its memory");
        }
        refuseOver(stored);
        refuseReplay(stored, found.shown, digest(attempt));
        if (stored.state().outstanding(clock.instant()).size() >= MOST_OUTSTANDING) {
            throw new Refusal(
                    RefusalReason.OVERLOADED,
                    "the session has more credentials than it could use",
                    RETRY);
        }
        if (!proof) {
            observer.alarm(Alarm.NO_KEY);
            throw new Refusal(
                    RefusalReason.PROOF_REQUIRED, "a session's handle without a proof of its key");
        }
    }

    /// @param key thumbprint of the key that the request has proved
    /// @throws Refusal `proof_invalid` for another key than the session's, or, with an older
    ///   handle, `session_replayed`; `session_ended`
    public Proven prove(Found found, @Nullable String key) {
        Stored stored = found.stored;
        if (stored == null) {
            throw ended("it has ended");
        }
        if (stored.state().opening().key().equals(key)) {
            return new Proven(found.shown, stored);
        }
        observer.alarm(Alarm.OTHER_KEY);
        if (found.shown.number() != stored.state().number()) {
            throw replayed(stored, found.shown);
        }
        throw new Refusal(
                RefusalReason.PROOF_INVALID, "not the key that the session was opened with");
    }

    /// Uses the handle up. Durable when this returns.
    ///
    /// @throws Refusal as {@link #check}; `ledger_unavailable`: then the handle may be used again,
    ///   by the same attempt
    public Turned turn(Proven proven, @Nullable String attempt, String peer) {
        Shown shown = proven.shown;
        Opening opening = proven.opening();
        String digest = digest(attempt);
        Stored seen = proven.stored;
        for (int i = 0; i < SessionEnds.MOST_TRIES; i++) {
            refuseOver(seen);
            refuseReplay(seen, shown, digest);
            SessionState before = seen.state();
            Instant now = clock.instant();
            int next = before.number() + 1;
            Stored turned =
                    store.replace(
                            seen,
                            before.turn(shown.number(), next, digest, now),
                            lines.turned(
                                    opening,
                                    now,
                                    shown.number(),
                                    next,
                                    digest,
                                    peer,
                                    !peer.equals(opening.peer())));
            if (turned != null) {
                if (shown.number() != before.number()) {
                    // Nobody has them.
                    before.last().forEach(issuance -> ends.revoke(issuance, "its answer was lost"));
                }
                return new Turned(turned, handover(opening, next));
            }
            seen = again(seen);
        }
        throw SessionEnds.tooBusy();
    }

    /// What an answer is about to give.
    ///
    /// @param issued by when it ends
    /// @throws Refusal `session_ended` when the session ended meanwhile, `ledger_unavailable`: then
    ///   this is ended, too
    public void gave(Turned turned, Map<String, Instant> issued) {
        if (issued.isEmpty()) {
            return;
        }
        try {
            int with = turned.stored.state().number();
            Stored seen = turned.stored;
            for (int i = 0; i < SessionEnds.MOST_TRIES; i++) {
                if (seen.state().ended() != null) {
                    throw ended("it ended while it was used");
                }
                if (store.replace(seen, seen.state().gave(with, issued), null) != null) {
                    return;
                }
                seen = again(seen);
            }
            throw SessionEnds.tooBusy();
        } catch (Refusal refusal) {
            issued.keySet().forEach(issuance -> ends.revoke(issuance, "its answer did not leave"));
            throw refusal;
        }
    }

    /// As it is after somebody else was faster.
    private Stored again(Stored seen) {
        Stored now = store.find(seen.state().opening().id());
        if (now == null) {
            throw ended("it ended while it was used");
        }
        return now;
    }

    /// Ends a session by its handle, the newest or an older one. What is no handle, or of a session
    /// that has ended, changes nothing.
    ///
    /// @throws Refusal `ledger_unavailable`
    public void revoke(Secret handle, String by) {
        Shown shown = handles.read(handle);
        if (shown != null) {
            end(shown.session(), SessionEnd.REVOKED, by);
        }
    }

    /// @return whether there was such a session
    /// @throws Refusal `ledger_unavailable`
    public boolean end(String id, SessionEnd why, String by) {
        return ends.end(store.find(id), why, by);
    }

    /// Those that have not ended.
    ///
    /// @throws Refusal `ledger_unavailable`
    public void each(Consumer<Opening> visitor) {
        store.each(stored -> {
            if (stored.state().ended() == null) {
                visitor.accept(stored.state().opening());
            }
        });
    }

    /// For how long a session may rest on rules that this bridge does not have yet.
    public Duration rulesLag() {
        return store.rulesLag();
    }

    public int count() {
        return store.count();
    }

    /// Ends what is over without anybody having said so.
    public void sweep() {
        ends.sweep();
    }

    private void refuseOver(Stored stored) {
        SessionEnd why = ends.over(stored.state());
        if (why != null) {
            ends.end(stored, why, SessionEnds.words(why));
            throw ended(SessionEnds.words(why));
        }
    }

    private void refuseReplay(Stored stored, Shown shown, @Nullable String digest) {
        SessionState session = stored.state();
        if (shown.number() > session.number()) {
            throw ended("the ledger does not know of this handle: it lost its memory");
        }
        if (shown.number() < session.number()
                && !session.lostAnswer(shown.number(), digest, clock.instant())) {
            throw replayed(stored, shown);
        }
    }

    private Refusal replayed(Stored stored, Shown shown) {
        observer.alarm(Alarm.REPLAYED);
        ends.end(stored, SessionEnd.REPLAYED, "handle " + shown.number() + " was used again");
        return new Refusal(
                RefusalReason.SESSION_REPLAYED,
                "handle "
                        + shown.number()
                        + " was used before, the newest is "
                        + stored.state().number()
                        + ": the session is ended");
    }

    private SessionHandover handover(Opening opening, int number) {
        return new SessionHandover(
                handles.of(opening.id(), number),
                opening.id(),
                opening.ends(),
                SessionState.HEARTBEAT);
    }

    private static Refusal ended(String detail) {
        return new Refusal(RefusalReason.SESSION_ENDED, detail);
    }

    private static @Nullable String digest(@Nullable String attempt) {
        if (attempt == null) {
            return null;
        }
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(attempt.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
