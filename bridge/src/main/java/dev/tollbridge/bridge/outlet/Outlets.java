package dev.tollbridge.bridge.outlet;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Keeps the pumps going, each on a thread of its own, until it is closed.
public final class Outlets implements AutoCloseable {

    /// For what was written just before the end.
    private static final Duration LAST_CHANCE = Duration.ofSeconds(2);

    private final List<OutletPump> pumps;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Thread> threads;

    public Outlets(List<OutletPump> pumps) {
        this.pumps = List.copyOf(pumps);
        this.threads =
                this.pumps.stream()
                        .map(pump ->
                                Thread.ofPlatform()
                                        .name("outlet-" + pump.name())
                                        .daemon()
                                        .unstarted(() -> run(pump)))
                        .toList();
    }

    public void start() {
        threads.forEach(Thread::start);
    }

    public List<OutletPump> all() {
        return pumps;
    }

    /// A line outside the chain, for all of them. Never blocks.
    public void offer(byte[] line) {
        pumps.forEach(pump -> pump.offer(line));
    }

    private void run(OutletPump pump) {
        try {
            while (true) {
                Duration pause = pump.step();
                if (!pause.isZero() && closing.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                    // Told to end. What is there and can be delivered is; then no more.
                    while (pump.step().isZero()) {}
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Delivers what is left, if that takes no longer than a moment.
    @Override
    public void close() {
        closing.countDown();
        long until = System.nanoTime() + LAST_CHANCE.toNanos();
        for (int i = 0; i < pumps.size(); i++) {
            try {
                long left = Math.max(1, until - System.nanoTime());
                if (threads.get(i).join(Duration.ofNanos(left))) {
                    pumps.get(i).close();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
