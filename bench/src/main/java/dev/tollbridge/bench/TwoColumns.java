package dev.tollbridge.bench;

import java.io.PrintStream;
import java.util.Locale;

/// A table that sets our figures beside another's, with their ratio, in plain text.
///
/// @param out where it is printed
public record TwoColumns(PrintStream out) {

    private static final double[] SHARES = {0.5, 0.99, 0.999};

    /// @param what is compared
    public void head(String what, String ours, String other) {
        out.printf(Locale.ROOT, "%-38s %12s %12s %8s%n", what, ours, other, "ratio");
    }

    /// @param format of one figure, as for {@link String#format}
    public void row(String what, double ours, double other, String format) {
        out.printf(
                Locale.ROOT,
                "%-38s %12s %12s %8.2f%n",
                what,
                String.format(Locale.ROOT, format, ours),
                String.format(Locale.ROOT, format, other),
                other == 0 ? 0 : ours / other);
    }

    /// Median, 99th and 99.9th percentile, in milliseconds.
    void latencies(Latencies ours, Latencies other) {
        for (double share : SHARES) {
            row(
                    "latency p" + trimmed(share * 100) + " ms",
                    ours.millis(share),
                    other.millis(share),
                    "%.2f");
        }
    }

    private static String trimmed(double percent) {
        return percent == Math.rint(percent)
                ? Integer.toString((int) percent)
                : String.format(Locale.ROOT, "%.1f", percent);
    }
}
