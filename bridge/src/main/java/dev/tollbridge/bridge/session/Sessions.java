package dev.tollbridge.bridge.session;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.audit.AuditTrail;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.session.SessionHandles.Shown;
import dev.tollbridge.bridge.session.SessionObserver.Alarm;
import dev.tollbridge.bridge.signing.HandleKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The sessions there are. Truth is the record: a session's lines are durable before its answers
/// leave, and a bridge that starts anew reads them back.
///
/// A handle is for one request. One that comes again ends the session and what it gave, unless it
/// is the same attempt at an answer that may have been lost: the same handle, the same key, the
/// same name of the attempt, within two minutes, and no later handle used since.
public final class Sessions {

    /// How often a session's holder has to be heard. Two in a row may not be missed.
    public static final Duration HEARTBEAT = Duration.ofMinutes(5);

    /// For how long a lost answer may be asked for again: longer than any client waits for one, and
    /// than a bridge takes to start.
    static final Duration LOST_ANSWER = Duration.ofMinutes(2);

    /// Sessions at once. Each keeps its claims, some kilobytes.
    private static final int MOST = 10_000;

    /// What a session may have been given that has not ended: far more than a job needs, few enough
    /// to be revoked at once.
    private static final int MOST_OUTSTANDING = 1_000;

    private static final Duration RETRY = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

    private final SessionHandles handles;
    private final SessionLines lines;
    private final boolean available;
    private final AuditTrail trail;
    private final Ending ending;
    private final SessionObserver observer;
    private final InstantSource clock;
    private final Duration deadline;
    private final Instant began;
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    /// Reads back what the ledger holds.
    ///
    /// @param deadline how long a line may take to become durable
    public Sessions(
            HandleKey key,
            Ledger ledger,
            AuditTrail trail,
            Ending ending,
            SessionObserver observer,
            InstantSource clock,
            Duration deadline) {
        this.handles = new SessionHandles(key);
        this.lines = new SessionLines(key);
        this.trail = trail;
        this.ending = ending;
        this.observer = observer;
        this.clock = clock;
        this.deadline = deadline;
        this.began = clock.instant();
        var kept = ledger.sessionLines();
        this.available = kept.isPresent();
        lines.replay(kept.orElse(List.of()))
                .forEach((id, session) -> {
                    if (session.ended() == null && session.opening().ends().isAfter(began)) {
                        // Nobody could be heard while there was no bridge.
                        session.heard(began);
                        sessions.put(id, session);
                    }
                });
    }

    /// A handle that the bridge made, and what is known of its session.
    public static final class Found {
        private final Shown shown;

        /// Null: it has ended.
        private final @Nullable Session session;

        private Found(Shown shown, @Nullable Session session) {
            this.shown = shown;
            this.session = session;
        }

        public String id() {
            return shown.session();
        }

        /// Null when the session has ended.
        public @Nullable Opening opening() {
            return session == null ? null : session.opening();
        }
    }

    /// A handle that came with the key of its session. Only {@link #prove} makes one, and only with
    /// one is a handle used up.
    public static final class Proven {
        private final Shown shown;
        private final Session session;

        private Proven(Shown shown, Session session) {
            this.shown = shown;
            this.session = session;
        }

        public Opening opening() {
            return session.opening();
        }
    }

    /// @throws Refusal `session_refused` where the ledger keeps none; `overloaded`
    public void admit() {
        if (!available) {
            throw new Refusal(RefusalReason.SESSION_REFUSED, "this ledger keeps no sessions");
        }
        if (sessions.size() >= MOST) {
            throw new Refusal(
                    RefusalReason.OVERLOADED, "there are as many sessions as there may be", RETRY);
        }
    }

    /// @param issued what the opening gave, by when it ends
    /// @throws Refusal `ledger_unavailable`: then there is no session, and what was issued is ended
    public SessionHandover open(Opening opening, Map<String, Instant> issued) {
        Session session = new Session(opening);
        issued.forEach(session::issued);
        try {
            write(lines.opened(opening));
        } catch (Refusal refusal) {
            issued.keySet().forEach(issuance -> endIssuance(issuance, "no session could be made"));
            throw refusal;
        }
        sessions.put(opening.id(), session);
        observer.opened();
        return handover(opening, 1);
    }

    /// @throws Refusal `session_unknown` when it is no handle of this bridge
    public Found find(Secret handle) {
        Shown shown = handles.read(handle);
        if (shown == null) {
            throw new Refusal(
                    RefusalReason.SESSION_UNKNOWN, "not a handle that this bridge has made");
        }
        return new Found(shown, sessions.get(shown.session()));
    }

    /// What can be said before any proof is looked at. A handle that was used before ends the
    /// session here, whoever shows it and with whatever key: whoever has a handle may end its
    /// session anyway.
    ///
    /// @param attempt what the request calls itself
    /// @param proof whether it carries a proof of any key
    /// @throws Refusal `session_ended`, `session_replayed`, `proof_required`
    public void check(Found found, @Nullable String attempt, boolean proof) {
        Session session = found.session;
        if (session == null) {
            observer.alarm(Alarm.AFTER_END);
            throw ended("it has ended, or was before the ledger lost its memory");
        }
        synchronized (session) {
            refuseOver(session);
            refuseReplay(session, found.shown, attempt);
            if (session.outstanding(clock.instant()).size() >= MOST_OUTSTANDING) {
                throw new Refusal(
                        RefusalReason.OVERLOADED,
                        "the session has more credentials than it could use",
                        RETRY);
            }
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
        Session session = found.session;
        if (session == null) {
            throw ended("it has ended");
        }
        if (session.opening().key().equals(key)) {
            return new Proven(found.shown, session);
        }
        observer.alarm(Alarm.OTHER_KEY);
        synchronized (session) {
            if (found.shown.number() != session.number()) {
                throw replayed(session, found.shown);
            }
        }
        throw new Refusal(
                RefusalReason.PROOF_INVALID, "not the key that the session was opened with");
    }

    /// Uses the handle up. Durable when this returns.
    ///
    /// @throws Refusal as {@link #check}; `ledger_unavailable`: then the handle may be used again,
    ///   by the same attempt
    public SessionHandover turn(Proven proven, @Nullable String attempt, String peer) {
        Session session = proven.session;
        Shown shown = proven.shown;
        List<String> lost;
        int next;
        synchronized (session) {
            refuseOver(session);
            refuseReplay(session, shown, attempt);
            Instant now = clock.instant();
            next = session.number() + 1;
            String digest = attempt == null ? null : digest(attempt);
            write(
                    lines.turned(
                            session.opening(),
                            now,
                            shown.number(),
                            next,
                            digest,
                            peer,
                            !peer.equals(session.opening().peer())));
            lost = shown.number() == session.number() ? List.of() : session.last();
            session.turn(shown.number(), next, digest, now);
        }
        // Nobody has them: their answer was lost.
        lost.forEach(issuance -> endIssuance(issuance, "its answer was lost"));
        return handover(session.opening(), next);
    }

    /// What an answer is about to give.
    ///
    /// @param issued by when it ends
    /// @throws Refusal `session_ended` when the session ended meanwhile: then this is ended, too
    public void gave(Proven proven, Map<String, Instant> issued) {
        Session session = proven.session;
        synchronized (session) {
            if (session.ended() == null) {
                issued.forEach(session::issued);
                session.last(List.copyOf(issued.keySet()));
                return;
            }
        }
        issued.keySet().forEach(issuance -> endIssuance(issuance, "its session has ended"));
        throw ended("it ended while it was used");
    }

    /// Ends a session by its handle, the newest or an older one. What is no handle, or of a session
    /// that has ended, changes nothing.
    ///
    /// @throws Refusal `ledger_unavailable`
    public void revoke(Secret handle, String by) {
        Shown shown = handles.read(handle);
        Session session = shown == null ? null : sessions.get(shown.session());
        if (session != null) {
            end(session, SessionEnd.REVOKED, by);
        }
    }

    /// @return whether there was such a session
    public boolean end(String id, SessionEnd why, String by) {
        Session session = sessions.get(id);
        return session != null && end(session, why, by);
    }

    /// Of the sessions that have not ended.
    public List<Opening> open() {
        return sessions.values().stream().map(Session::opening).toList();
    }

    public int count() {
        return sessions.size();
    }

    /// Ends what is over without anybody having said so.
    public void sweep() {
        for (Session session : sessions.values()) {
            try {
                SessionEnd why = over(session);
                if (why != null) {
                    end(session, why, words(why));
                }
            } catch (Refusal refusal) {
                LOG.warn(
                        "{}: over, and not recorded: {}", session.opening().id(), refusal.detail());
            }
        }
    }

    private @Nullable SessionEnd over(Session session) {
        synchronized (session) {
            SessionEnd known = session.ended();
            if (known != null) {
                return known;
            }
            Instant now = clock.instant();
            if (!now.isBefore(session.opening().ends())) {
                return SessionEnd.MAX;
            }
            return now.isBefore(session.heard().plus(HEARTBEAT.multipliedBy(2)))
                    ? null
                    : SessionEnd.MISSED;
        }
    }

    private static String words(SessionEnd why) {
        return switch (why) {
            case MAX -> "the longest that its grants allow";
            case MISSED -> "two heartbeats did not come";
            case REPLAYED -> "a handle was used again";
            case REVOKED, OPERATOR -> "somebody said so";
            case SWITCHED_OFF -> "what it rests on was taken away";
        };
    }

    private void refuseOver(Session session) {
        SessionEnd why = over(session);
        if (why == null) {
            return;
        }
        if (session.ended() == null) {
            end(session, why, words(why));
        }
        throw ended(words(why));
    }

    private void refuseReplay(Session session, Shown shown, @Nullable String attempt) {
        if (shown.number() > session.number()) {
            throw ended("the ledger does not know of this handle: it lost its memory");
        }
        if (shown.number() < session.number() && !lostAnswer(session, shown, attempt)) {
            throw replayed(session, shown);
        }
    }

    private boolean lostAnswer(Session session, Shown shown, @Nullable String attempt) {
        String known = session.attempt();
        return shown.number() == session.before()
                && attempt != null
                && known != null
                && MessageDigest.isEqual(bytes(known), bytes(digest(attempt)))
                && clock.instant().isBefore(session.turned().plus(LOST_ANSWER));
    }

    private Refusal replayed(Session session, Shown shown) {
        observer.alarm(Alarm.REPLAYED);
        end(session, SessionEnd.REPLAYED, "handle " + shown.number() + " was used again");
        return new Refusal(
                RefusalReason.SESSION_REPLAYED,
                "handle "
                        + shown.number()
                        + " was used before, the newest is "
                        + session.number()
                        + ": the session is ended");
    }

    /// In memory first: what is taken away is gone at once, also when the disk does not answer.
    ///
    /// @return false when it had ended before
    private boolean end(Session session, SessionEnd why, String by) {
        List<String> revoked;
        SessionEnd first;
        synchronized (session) {
            first = session.ended();
            session.end(first == null ? why : first);
            revoked = why.revokes() ? session.outstanding(clock.instant()) : List.of();
        }
        if (first == null) {
            observer.ended(why);
            revoked.forEach(issuance -> endIssuance(issuance, "session " + why.code()));
        } else if (!sessions.containsKey(session.opening().id())) {
            return false;
        }
        write(lines.ended(session.opening(), clock.instant(), why, by, revoked.size()));
        sessions.remove(session.opening().id());
        return first == null;
    }

    private void endIssuance(String issuance, String why) {
        try {
            ending.end(issuance, why);
        } catch (Refusal refusal) {
            LOG.error("{} could not be revoked ({}): {}", issuance, why, refusal.detail());
        }
    }

    private SessionHandover handover(Opening opening, int number) {
        return new SessionHandover(
                handles.of(opening.id(), number), opening.id(), opening.ends(), HEARTBEAT);
    }

    private void write(AuditRecord line) {
        CompletableFuture<Void> written = trail.append(line);
        try {
            written.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return;
        } catch (ExecutionException | TimeoutException e) {
            // Said below: whoever waits for it must not go on.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new Refusal(
                RefusalReason.LEDGER_UNAVAILABLE, "a session's line cannot be written", RETRY);
    }

    private static Refusal ended(String detail) {
        return new Refusal(RefusalReason.SESSION_ENDED, detail);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String digest(String attempt) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes(attempt)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
