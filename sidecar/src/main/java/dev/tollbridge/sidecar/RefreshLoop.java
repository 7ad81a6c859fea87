package dev.tollbridge.sidecar;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One target's credential over time: asked for at once, again at 50 to 66 % of its life, and after
/// a failure as soon as that makes sense. What is still valid is served meanwhile.
///
/// Counts on the clock that never goes back. A jump of the calendar changes nothing of what is
/// held, but is a reason to ask again at once: either somebody set the clock, or the machine slept
/// and a credential is older than it seems. Never ends by itself; whoever drives it calls {@link
/// #step}.
public final class RefreshLoop {

    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    /// Policy is changed by people.
    private static final Duration REFUSED_WAIT = Duration.ofSeconds(30);

    private static final Duration GONE_WAIT = Duration.ofSeconds(60);

    /// Whatever stands before the bridge asks for, a pod does not go without for longer.
    private static final Duration LONGEST_RETRY_AFTER = Duration.ofMinutes(5);

    /// A credential is not served in its last moments (this long, or a fifth of a short life): it
    /// would end under way, or already has by somebody else's clock. By as much may the clocks go
    /// apart between two looks.
    private static final Duration MARGIN = Duration.ofSeconds(10);

    /// How often the clocks are compared: often enough for a machine that slept, seldom enough to
    /// cost nothing.
    private static final Duration LONGEST_SLEEP = Duration.ofSeconds(60);

    /// Handles of earlier credentials that may still be in use, to be ended with the pod.
    private static final int MOST_HANDLES = 32;

    /// Told what happens, in words without secrets.
    @FunctionalInterface
    public interface Log {
        void say(String target, String what);
    }

    private final String target;
    private final Bridge bridge;
    private final Handover handover;
    private final Time time;
    private final RandomGenerator random;
    private final Log log;

    private final Deque<Held> held = new ArrayDeque<>();
    private @Nullable Credential current;

    /// Its end, less the margin.
    private long validUntil;

    private long endsAt;

    /// Whether tools have something, and until when it may be used.
    private boolean filesThere;

    private long filesUntil;

    private long nextAt;
    private boolean toWrite;
    private long writeAt;
    private long lastNanos;
    private Instant lastCalendar;
    private int failures;
    private int writeFailures;
    private boolean asking;
    private boolean ended;
    private String state = "starting";
    private long refreshes;
    private long troubles;

    private record Held(String handle, long until) {}

    public RefreshLoop(
            String target,
            Bridge bridge,
            Handover handover,
            Time time,
            RandomGenerator random,
            Log log) {
        this.target = target;
        this.bridge = bridge;
        this.handover = handover;
        this.time = time;
        this.random = random;
        this.log = log;
        this.nextAt = time.nanos();
        this.lastNanos = nextAt;
        this.lastCalendar = time.calendar();
        takeOver();
    }

    /// Files of a sidecar that was killed serve on while the bridge is away, and no longer than
    /// they may; what they hold ends with this one.
    private void takeOver() {
        Handover.Left left = handover.takeOver();
        if (left == null) {
            return;
        }
        Duration life = Duration.between(time.calendar(), left.until());
        filesThere = true;
        long ends = time.nanos() + least(life, Duration.ofDays(1)).toNanos();
        filesUntil = ends - MARGIN.toNanos();
        if (left.handle() != null) {
            held.addLast(new Held(left.handle(), ends));
        }
        removeExpiredFiles();
    }

    public String target() {
        return target;
    }

    /// Does what is due. May block for as long as the bridge may take.
    ///
    /// @return how long nothing is due
    public Duration step() {
        boolean ask;
        synchronized (this) {
            lookAtClocks();
            ask = !ended && time.nanos() - nextAt >= 0;
            asking = ask;
        }
        if (ask) {
            try {
                ask();
            } finally {
                synchronized (this) {
                    asking = false;
                }
            }
        }
        synchronized (this) {
            if (toWrite && !ended && time.nanos() - writeAt >= 0) {
                write();
            }
            removeExpiredFiles();
            return untilDue(time.nanos());
        }
    }

    private void ask() {
        Answer answer = bridge.exchange(target);
        String late = null;
        synchronized (this) {
            if (!ended) {
                nextAt = time.nanos() + take(answer).toNanos();
            } else if (answer instanceof Answer.Issued(Credential unused)) {
                late = unused.handle();
            }
        }
        if (late != null) {
            // It came after the goodbye, and nobody is left to use it.
            var _ = bridge.revoke(late);
        }
    }

    private Duration untilDue(long now) {
        if (ended) {
            return LONGEST_SLEEP;
        }
        long due = nextAt - now;
        if (toWrite) {
            due = Math.min(due, writeAt - now);
        }
        if (filesThere) {
            due = Math.min(due, filesUntil - now);
        }
        return Duration.ofNanos(Math.clamp(due, 0, LONGEST_SLEEP.toNanos()));
    }

    private void lookAtClocks() {
        long nanos = time.nanos();
        Instant calendar = time.calendar();
        Duration apart =
                Duration.between(lastCalendar, calendar).minusNanos(nanos - lastNanos).abs();
        lastNanos = nanos;
        lastCalendar = calendar;
        if (apart.compareTo(MARGIN) > 0 && current != null && !ended) {
            log.say(target, "the clock has jumped by " + apart.toSeconds() + " s: asking again");
            nextAt = nanos;
        }
    }

    private Duration take(Answer answer) {
        return switch (answer) {
            case Answer.Issued issued -> issued(issued.credential());
            case Answer.Later later -> {
                Duration after = later.after();
                Duration wait = backOff(++failures);
                yield trouble(
                        "waiting",
                        later.why(),
                        after == null || after.compareTo(wait) < 0
                                ? wait
                                : least(after, LONGEST_RETRY_AFTER));
            }
            case Answer.Refused refused -> {
                failures++;
                yield trouble("refused", said(refused.reason(), refused.receipt()), REFUSED_WAIT);
            }
            case Answer.Gone gone -> {
                failures++;
                drop();
                yield trouble("gone", said(gone.reason(), gone.receipt()), GONE_WAIT);
            }
        };
    }

    private Duration issued(Credential credential) {
        long now = time.nanos();
        long life = Duration.ofSeconds(credential.seconds()).toNanos();
        current = credential;
        endsAt = now + life;
        validUntil = endsAt - Math.min(MARGIN.toNanos(), life / 5);
        remember(credential, now);
        refreshes++;
        failures = 0;
        write();
        return Duration.ofNanos((long) (life * (0.50 + 0.16 * random.nextDouble())));
    }

    /// What is there stays until what is new is there whole; the endpoint has the new one already.
    private void write() {
        Credential credential = current;
        if (credential == null) {
            toWrite = false;
            return;
        }
        try {
            handover.of(credential);
            toWrite = false;
            writeFailures = 0;
            filesThere = true;
            filesUntil = validUntil;
            state = "ready";
            log.say(target, "until " + credential.expiresAt() + " (" + credential.issuance() + ")");
        } catch (IOException e) {
            toWrite = true;
            writeAt = time.nanos() + backOff(++writeFailures).toNanos();
            troubles++;
            if (!state.equals("cannot write")) {
                log.say(target, "cannot be written: " + e.getMessage());
            }
            state = "cannot write";
        }
    }

    private void remember(Credential credential, long now) {
        held.removeIf(old -> old.until - now <= 0);
        if (credential.handle() != null) {
            if (held.size() == MOST_HANDLES) {
                held.removeFirst();
            }
            held.addLast(new Held(credential.handle(), endsAt));
        }
    }

    private Duration trouble(String now, String why, Duration wait) {
        troubles++;
        if (!state.equals(now) || failures % 10 == 1) {
            log.say(
                    target,
                    now
                            + ": "
                            + why
                            + (filesThere ? "; the last credential is served meanwhile" : ""));
        }
        state = now;
        return wait;
    }

    /// What cannot be used any more is not left lying about.
    private void removeExpiredFiles() {
        if (filesThere && filesUntil - time.nanos() <= 0) {
            if (valid() != null) {
                // Only the files are old: a full disk. Removing them makes room.
                removeFiles();
            } else {
                drop();
            }
        }
    }

    private void drop() {
        current = null;
        toWrite = false;
        removeFiles();
    }

    private void removeFiles() {
        filesThere = false;
        try {
            handover.of(null);
        } catch (IOException e) {
            log.say(target, "cannot be removed: " + e.getMessage());
        }
    }

    private Duration backOff(int failed) {
        Duration wait = least(FIRST_WAIT.multipliedBy(1L << Math.min(failed, 6)), LONGEST_WAIT);
        return Duration.ofNanos((long) (wait.toNanos() * (0.5 + random.nextDouble() / 2)));
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static String said(String reason, @Nullable String receipt) {
        return receipt == null ? reason : reason + " (receipt " + receipt + ")";
    }

    /// Nothing is asked for or written after this; files are gone.
    ///
    /// @return what ends everything that was got and may still be valid
    public synchronized List<String> end() {
        ended = true;
        drop();
        return handles();
    }

    public synchronized boolean ended() {
        return ended;
    }

    /// Whether an answer is on its way.
    public synchronized boolean asking() {
        return asking;
    }

    /// What may be used now, or null.
    public synchronized @Nullable Credential valid() {
        return current != null && validUntil - time.nanos() > 0 ? current : null;
    }

    /// Whether there is a credential and tools have it.
    public synchronized boolean ready() {
        return valid() != null && !toWrite;
    }

    /// Why there is none, in a word: `starting`, `waiting`, `refused`, `gone`, `cannot write`; or
    /// `ready`.
    public synchronized String state() {
        return state;
    }

    public synchronized double secondsUntilExpiry() {
        return current == null ? 0 : Math.max(0, (endsAt - time.nanos()) / 1e9);
    }

    public synchronized long refreshes() {
        return refreshes;
    }

    public synchronized long troubles() {
        return troubles;
    }

    synchronized List<String> handles() {
        long now = time.nanos();
        List<String> handles = new ArrayList<>();
        for (Held one : held) {
            if (one.until - now > 0) {
                handles.add(one.handle);
            }
        }
        return handles;
    }
}
