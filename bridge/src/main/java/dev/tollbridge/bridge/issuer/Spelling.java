package dev.tollbridge.bridge.issuer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Finds what somebody may have meant.
final class Spelling {

    private static final int MOST = 3;

    private Spelling() {}

    /// The candidates within a third of the name's length, or that start with it; best first.
    static List<String> nearest(String name, Collection<String> candidates) {
        String wanted = name.toLowerCase(Locale.ROOT);
        int limit = Math.max(2, wanted.length() / 3);
        record Near(String candidate, int distance) {}
        List<Near> near = new ArrayList<>();
        for (String candidate : candidates) {
            int distance =
                    !wanted.isEmpty() && candidate.startsWith(wanted)
                            ? 1
                            : distance(wanted, candidate);
            if (distance <= limit) {
                near.add(new Near(candidate, distance));
            }
        }
        near.sort(Comparator.comparingInt(Near::distance).thenComparing(Near::candidate));
        return near.stream().map(Near::candidate).distinct().limit(MOST).toList();
    }

    /// Levenshtein's.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
