package dev.tollbridge.bridge.pod;

import dev.tollbridge.sidecar.Time;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// One time for a bridge, its providers and a pod, which passes only when a test says so: whoever
/// sleeps by it wakes at the moment that was meant, in no time of the machine's. While anybody is
/// awake it stands still.
///
/// A pod's node may have a calendar that is wrong; what counts never jumps.
final class SteppedTime implements Time {

    /// Of the machine: whoever asks a bridge may take as long as that waits for a provider.
    private static final long PATIENCE_SECONDS = 60;

    private final Instant start;
    private final Map<Thread, Long> asleep = new HashMap<>();
    private long nanos;
    private Duration wrongBy = Duration.ZERO;

    SteppedTime(Instant start) {
        this.start = start;
    }

    /// What everybody but the pod's node thinks.
    InstantSource right() {
        return () -> start.plusNanos(nanos());
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public synchronized Instant calendar() {
        return start.plusNanos(nanos).plus(wrongBy);
    }

    /// Sets the node's calendar, from where it stands.
    synchronized void jump(Duration by) {
        wrongBy = wrongBy.plus(by);
    }

    @Override
    public synchronized void sleep(Duration time) throws InterruptedException {
        long until = nanos + Math.max(1, time.toNanos());
        asleep.put(Thread.currentThread(), until);
        notifyAll();
        try {
            while (nanos < until) {
                wait();
            }
        } finally {
            asleep.remove(Thread.currentThread());
        }
    }

    /// Lets time pass, with a stop wherever somebody wakes, until they all sleep again.
    ///
    /// @param sleepers how many there are
    synchronized void pass(Duration time, int sleepers) throws InterruptedException {
        long end = nanos + time.toNanos();
        awaitAsleep(sleepers);
        long next = next();
        while (next <= end) {
            nanos = next;
            // They are awake from now on, whenever the machine gets to them.
            asleep.values().removeIf(until -> until <= nanos);
            notifyAll();
            awaitAsleep(sleepers);
            next = next();
        }
        nanos = end;
    }

    private void awaitAsleep(int sleepers) throws InterruptedException {
        long patience = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (asleep.size() < sleepers) {
            long left = TimeUnit.NANOSECONDS.toMillis(patience - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError(
                        (sleepers - asleep.size()) + " of " + sleepers + " do not come to rest");
            }
            wait(left);
        }
    }

    private long next() {
        return asleep.values().stream().mapToLong(until -> until).min().orElse(Long.MAX_VALUE);
    }
}
