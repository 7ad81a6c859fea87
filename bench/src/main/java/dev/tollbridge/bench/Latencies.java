package dev.tollbridge.bench;

/// Counts of latencies in buckets about 3 % wide, from a microsecond to minutes.
public final class Latencies {

    /// Buckets per power of two.
    private static final int FINE = 32;

    private static final int FINE_BITS = 5;

    private final long[] counts = new long[64 * FINE];
    private long total;

    public void add(long nanos) {
        counts[bucket(Math.max(nanos, FINE))]++;
        total++;
    }

    public void addAll(Latencies other) {
        for (int i = 0; i < counts.length; i++) {
            counts[i] += other.counts[i];
        }
        total += other.total;
    }

    private static int bucket(long nanos) {
        int power = 63 - Long.numberOfLeadingZeros(nanos);
        return power * FINE + (int) (nanos >>> (power - FINE_BITS) & (FINE - 1));
    }

    /// Milliseconds that a share of all requests took at most; 0 when there were none.
    ///
    /// @param share such as 0.99
    public double millis(double share) {
        long wanted = (long) Math.ceil(total * share);
        long seen = 0;
        for (int i = 0; i < counts.length && total > 0; i++) {
            seen += counts[i];
            if (seen >= wanted) {
                int power = i / FINE;
                // The bucket's upper end.
                return Math.scalb(1.0 + (i % FINE + 1.0) / FINE, power) / 1e6;
            }
        }
        return 0;
    }
}
