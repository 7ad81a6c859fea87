package dev.tollbridge.bridge.policy;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// What somebody may have meant.
final class Nearest {

    private Nearest() {}

    /// `did you mean 'x'?`, or null when nothing is near.
    static @Nullable String suggestion(String written, Collection<String> known) {
        String nearest = to(written, known);
        return nearest == null ? null : "did you mean '" + nearest + "'?";
    }

    static @Nullable String to(String written, Collection<String> known) {
        String nearest = null;
        int least = Math.max(1, Math.min(3, written.length() / 3)) + 1;
        for (String candidate : known) {
            if (Math.abs(candidate.length() - written.length()) < least) {
                int distance = distance(written, candidate);
                if (distance < least) {
                    least = distance;
                    nearest = candidate;
                }
            }
        }
        return nearest;
    }

    /// Levenshtein's, one row at a time.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                row[j] = Math.min(Math.min(row[j - 1], above) + 1, diagonal + cost);
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
