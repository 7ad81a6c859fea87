package dev.tollbridge.bridge.fetch;

import java.time.Duration;

/// A moment on the machine's monotonic clock.
record Deadline(long nanoTime) {

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /// Milliseconds that are left, at least 1, so that it can be given to timers.
    long millisLeft() {
        return Math.max(1, (nanoTime - System.nanoTime()) / 1_000_000);
    }

    long nanosLeft() {
        return Math.max(0, nanoTime - System.nanoTime());
    }
}
