package dev.tollbridge.webhook.cluster;

import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/// Lets a watch that keeps expiring wait longer each time before it begins again.
///
/// The client begins an expired watch anew with a list, one second later, and forgets how often it
/// did once a watch was let in: one that is let in and expires at once would list everything every
/// second for as long as that lasts. What was listed is handed to the handlers before the watch
/// that follows is asked for, on a thread of the client's that may wait: whoever holds up {@link
/// #onList} holds up that watch, and nothing else. What was listed is known by then.
///
/// One for each informer, added after its other handlers; closed before the informer is.
///
/// @param <T> what is watched
final class WatchPace<T> implements ResourceEventHandler<T>, AutoCloseable {

    /// A watch that lasted so long is no part of a storm, and is begun again at once.
    static final Duration STEADY = Duration.ofMinutes(1);

    /// The least that is between two watches of a storm; doubled each time.
    static final Duration SHORTEST = Duration.ofSeconds(2);

    /// Short, because the client may have one thread for all its watches, on which they wait one
    /// after the other: four that wait 16 s each would keep an edit from the bridge for a minute.
    static final Duration LONGEST = Duration.ofSeconds(4);

    private static final int MOST_DOUBLINGS = 1;

    private final LongSupplier nanos;
    private final DoubleSupplier random;
    private final Wait wait;
    private final CountDownLatch closed = new CountDownLatch(1);
    private boolean begun;
    private long beganAt;
    private int quick;

    /// How time passes; a test's own does not.
    interface Wait {
        /// @param until ends it early
        void of(Duration time, CountDownLatch until) throws InterruptedException;
    }

    WatchPace() {
        this(
                System::nanoTime,
                () -> ThreadLocalRandom.current().nextDouble(),
                (time, until) -> {
                    boolean _ = until.await(time.toMillis(), TimeUnit.MILLISECONDS);
                });
    }

    /// @param random from 0 to 1: replicas should not all come back in the same moment
    WatchPace(LongSupplier nanos, DoubleSupplier random, Wait wait) {
        this.nanos = nanos;
        this.random = random;
        this.wait = wait;
    }

    @Override
    public void onList(String resourceVersion, boolean empty) {
        long now = nanos.getAsLong();
        long lasted = now - beganAt;
        if (begun && lasted < STEADY.toNanos()) {
            Duration left = next().minusNanos(lasted);
            if (left.isPositive()) {
                pause(left);
            }
        } else {
            quick = 0;
        }
        begun = true;
        beganAt = nanos.getAsLong();
    }

    /// Between the half and the whole of what doubles.
    private Duration next() {
        Duration whole = SHORTEST.multipliedBy(1L << quick);
        quick = Math.min(quick + 1, MOST_DOUBLINGS);
        return Duration.ofNanos((long) (whole.toNanos() * (1 + random.getAsDouble()) / 2));
    }

    private void pause(Duration time) {
        try {
            wait.of(time, closed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void onAdd(T added) {}

    @Override
    public void onUpdate(T before, T after) {}

    @Override
    public void onDelete(T deleted, boolean unknownFinalState) {}

    @Override
    public void close() {
        closed.countDown();
    }
}
