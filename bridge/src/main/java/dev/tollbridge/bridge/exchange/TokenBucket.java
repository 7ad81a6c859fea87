package dev.tollbridge.bridge.exchange;

/// Allows a number of takes per second, and that many at once after a rest of a second (at least
/// one).
final class TokenBucket {

    private static final double NANOS = 1e9;

    private final double perSecond;
    private final double capacity;
    private double level;
    private long filledAt;

    TokenBucket(double perSecond, long nanos) {
        this.perSecond = perSecond;
        this.capacity = Math.max(1, perSecond);
        this.level = capacity;
        this.filledAt = nanos;
    }

    synchronized boolean take(long nanos) {
        level = Math.min(capacity, level + Math.max(0, nanos - filledAt) / NANOS * perSecond);
        filledAt = nanos;
        if (level < 1) {
            return false;
        }
        level--;
        return true;
    }
}
