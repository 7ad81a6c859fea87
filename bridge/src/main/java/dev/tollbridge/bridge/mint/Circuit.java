package dev.tollbridge.bridge.mint;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Whether one target's provider is worth asking. Opens after some failures in a row; then one
/// trial at a time tells whether it is back.
final class Circuit {

    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final int failuresToOpen;
    private final long firstOpenNanos;

    private int failures;
    private long openNanos;
    private long openUntil;
    private boolean open;
    private boolean trial;

    Circuit(int failuresToOpen, Duration openFor) {
        this.failuresToOpen = failuresToOpen;
        this.firstOpenNanos = openFor.toNanos();
        this.openNanos = firstOpenNanos;
    }

    /// @param now nanoseconds that never go back
    /// @return null when the provider may be asked: then {@link #worked}, {@link #failed} or {@link
    ///   #unknown} must follow; else how long to wait
    synchronized @Nullable Duration refusal(long now) {
        if (!open) {
            return null;
        }
        long left = openUntil - now;
        if (left > 0 || trial) {
            return Duration.ofNanos(Math.max(left, Duration.ofSeconds(1).toNanos()));
        }
        trial = true;
        return null;
    }

    synchronized void worked() {
        open = false;
        trial = false;
        failures = 0;
        openNanos = firstOpenNanos;
    }

    synchronized void failed(long now) {
        failures++;
        if (trial) {
            openNanos = Math.min(openNanos * 2, LONGEST.toNanos());
        } else if (open || failures < failuresToOpen) {
            return;
        }
        open = true;
        trial = false;
        openUntil = now + openNanos;
    }

    /// What came of it says nothing about the provider.
    synchronized void unknown() {
        trial = false;
    }

    synchronized boolean isOpen() {
        return open;
    }
}
