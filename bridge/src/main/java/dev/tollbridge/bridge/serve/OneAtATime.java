package dev.tollbridge.bridge.serve;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// What is done again and again, beside the requests: never twice at once, however long it takes,
/// and never on the one thread that keeps the time.
final class OneAtATime {

    private OneAtATime() {}

    /// @param work for the first time after `every`; may block. What it throws ends this turn only
    /// @param scheduler keeps the time
    /// @param threads does the work
    static void repeat(
            Runnable work, Duration every, ScheduledExecutorService scheduler, Executor threads) {
        AtomicBoolean running = new AtomicBoolean();
        Runnable turn =
                () -> {
                    try {
                        work.run();
                    } finally {
                        running.set(false);
                    }
                };
        var _ =
                scheduler.scheduleWithFixedDelay(
                        () -> {
                            if (running.compareAndSet(false, true)) {
                                threads.execute(turn);
                            }
                        },
                        every.toMillis(),
                        every.toMillis(),
                        TimeUnit.MILLISECONDS);
    }
}
