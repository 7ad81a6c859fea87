package dev.tollbridge.bridge.testing;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// For what another process does in its own time: looks again until it is so. Not a test's timing:
/// how long it takes decides nothing, only that it happens.
public final class Eventually {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private Eventually() {}

    public static void is(String what, Supplier<Boolean> holds) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.get()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not so after a minute: " + what);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }
}
