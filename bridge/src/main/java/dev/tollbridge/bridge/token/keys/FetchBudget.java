package dev.tollbridge.bridge.token.keys;

import java.time.Duration;

/// How many fetches unknown key ids may cause: a few at once, then one per interval. Guarded by the
/// lock of its owner.
final class FetchBudget {

    private final int burst;
    private final long intervalMillis;
    private int left;
    private long refilledAt;

    FetchBudget(int burst, Duration interval, long now) {
        this.burst = burst;
        this.intervalMillis = interval.toMillis();
        this.left = burst;
        this.refilledAt = now;
    }

    boolean take(long now) {
        refill(now);
        if (left == 0) {
            return false;
        }
        left--;
        return true;
    }

    /// Time until one more is allowed, in milliseconds.
    long millisToNext(long now) {
        refill(now);
        return left > 0 ? 0 : Math.max(1, refilledAt + intervalMillis - now);
    }

    private void refill(long now) {
        long earned = Math.max(0, now - refilledAt) / intervalMillis;
        if (earned > 0 || left == burst) {
            left = (int) Math.min(burst, left + earned);
            refilledAt = left == burst ? now : refilledAt + earned * intervalMillis;
        }
    }
}
