package dev.tollbridge.sidecar;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One target's credential over time: asked for at once, again at 50 to 66 % of its life, and after
/// a failure as soon as that makes sense. What is still valid is served meanwhile.
///
/// Counts on a clock that never goes back: what the machine's wall clock does, jump included,
/// changes nothing. Never ends by itself; whoever drives it calls {@link #step}.
public final class RefreshLoop {

    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    /// Policy is changed by people.
    private static final Duration REFUSED_WAIT = Duration.ofSeconds(30);

    private static final Duration GONE_WAIT = Duration.ofSeconds(60);

    /// A credential is not served in its last moments: it would end under way, or already has by
    /// somebody else's clock.
    private static final Duration MARGIN = Duration.ofSeconds(10);

    /// Handles of earlier credentials that may still be in use, to be ended with the pod.
    private static final int MOST_HANDLES = 32;

    /// Takes each new credential to where tools look for it.
    @FunctionalInterface
    public interface Handover {
        /// @param credential null: what was handed over must not be used any more
        /// @throws java.io.IOException when it could not be written
        void of(@Nullable Credential credential) throws java.io.IOException;
    }

    /// Told what happens, in words without secrets.
    @FunctionalInterface
    public interface Log {
        void say(String target, String what);
    }

    private final String target;
    private final Bridge bridge;
    private final Handover handover;
    private final LongSupplier nanos;
    private final RandomGenerator random;
    private final Log log;

    private final Deque<Held> held = new ArrayDeque<>();
    private @Nullable Credential current;
    private long validUntil;
    private long nextAt;
    private int failures;
    private boolean handedOver = true;
    private String state = "starting";
    private long refreshes;
    private long troubles;

    private record Held(String handle, long until) {}

    /// @param nanos as `System.nanoTime`
    public RefreshLoop(
            String target,
            Bridge bridge,
            Handover handover,
            LongSupplier nanos,
            RandomGenerator random,
            Log log) {
        this.target = target;
        this.bridge = bridge;
        this.handover = handover;
        this.nanos = nanos;
        this.random = random;
        this.log = log;
        this.nextAt = nanos.getAsLong();
    }

    public String target() {
        return target;
    }

    /// Does what is due. May block for as long as the bridge may take.
    ///
    /// @return how long nothing is due
    public Duration step() {
        if (nanos.getAsLong() - nextAt >= 0) {
            Answer answer = bridge.exchange(target);
            synchronized (this) {
                Duration wait = take(answer);
                nextAt = nanos.getAsLong() + wait.toNanos();
            }
        }
        synchronized (this) {
            return Duration.ofNanos(Math.max(0, nextAt - nanos.getAsLong()));
        }
    }

    private Duration take(Answer answer) {
        return switch (answer) {
            case Answer.Issued issued -> issued(issued.credential());
            case Answer.Later later -> {
                Duration after = later.after();
                Duration wait = backOff();
                yield trouble(
                        "waiting",
                        later.why(),
                        after == null || after.compareTo(wait) < 0 ? wait : after);
            }
            case Answer.Refused refused ->
                    trouble("refused", said(refused.reason(), refused.receipt()), REFUSED_WAIT);
            case Answer.Gone gone -> {
                drop();
                yield trouble("gone", said(gone.reason(), gone.receipt()), GONE_WAIT);
            }
        };
    }

    private Duration issued(Credential credential) {
        long now = nanos.getAsLong();
        long life = Duration.ofSeconds(credential.seconds()).toNanos();
        current = credential;
        validUntil = now + life;
        remember(credential, now);
        refreshes++;
        try {
            handover.of(credential);
            handedOver = true;
            failures = 0;
            state = "ready";
        } catch (java.io.IOException e) {
            // The old file stays, which is better than half of a new one; the endpoint has the new.
            handedOver = false;
            troubles++;
            failures++;
            state = "cannot write";
            log.say(target, "cannot be written: " + e.getMessage());
            return least(backOff(), Duration.ofNanos(life / 2));
        }
        log.say(target, "until " + credential.expiresAt() + " (" + credential.issuance() + ")");
        return Duration.ofNanos((long) (life * (0.50 + 0.16 * random.nextDouble())));
    }

    private void remember(Credential credential, long now) {
        held.removeIf(old -> old.until - now <= 0);
        if (credential.handle() != null) {
            if (held.size() == MOST_HANDLES) {
                held.removeFirst();
            }
            held.addLast(new Held(credential.handle(), validUntil));
        }
    }

    private Duration trouble(String now, String why, Duration wait) {
        troubles++;
        failures++;
        if (!state.equals(now) || failures % 10 == 1) {
            log.say(
                    target,
                    now
                            + ": "
                            + why
                            + (valid() == null ? "" : "; the last credential is served meanwhile"));
        }
        state = now;
        if (valid() == null && current != null) {
            drop();
        }
        return wait;
    }

    /// What must not, or cannot, be used any more is not left lying about.
    private void drop() {
        current = null;
        try {
            handover.of(null);
        } catch (java.io.IOException e) {
            log.say(target, "cannot be removed: " + e.getMessage());
        }
    }

    private Duration backOff() {
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(failures, 6));
        wait = least(wait, LONGEST_WAIT);
        return Duration.ofNanos((long) (wait.toNanos() * (0.5 + random.nextDouble() / 2)));
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static String said(String reason, @Nullable String receipt) {
        return receipt == null ? reason : reason + " (receipt " + receipt + ")";
    }

    /// What may be used now, or null.
    public synchronized @Nullable Credential valid() {
        return current != null && validUntil - nanos.getAsLong() > MARGIN.toNanos()
                ? current
                : null;
    }

    /// Whether there is a credential and tools have it.
    public synchronized boolean ready() {
        return valid() != null && handedOver;
    }

    /// Why there is none, in a word: `starting`, `waiting`, `refused`, `gone`, `cannot write`; or
    /// `ready`.
    public synchronized String state() {
        return state;
    }

    public synchronized double secondsUntilExpiry() {
        return current == null ? 0 : Math.max(0, (validUntil - nanos.getAsLong()) / 1e9);
    }

    public synchronized long refreshes() {
        return refreshes;
    }

    public synchronized long troubles() {
        return troubles;
    }

    /// What ends everything that was got and may still be valid.
    public synchronized List<String> handles() {
        long now = nanos.getAsLong();
        List<String> handles = new ArrayList<>();
        for (Held one : held) {
            if (one.until - now > 0) {
                handles.add(one.handle);
            }
        }
        return handles;
    }
}
