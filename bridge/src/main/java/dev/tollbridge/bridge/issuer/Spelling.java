package dev.tollbridge.bridge.issuer;

import dev.tollbridge.bridge.config.EditDistance;
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
                            : EditDistance.between(wanted, candidate);
            if (distance <= limit) {
                near.add(new Near(candidate, distance));
            }
        }
        near.sort(Comparator.comparingInt(Near::distance).thenComparing(Near::candidate));
        // Beside a slip of one letter, what is four letters away was not meant.
        int least = near.isEmpty() ? 0 : near.getFirst().distance();
        return near.stream()
                .filter(one -> one.distance() <= 2 * least)
                .map(Near::candidate)
                .distinct()
                .limit(MOST)
                .toList();
    }
}
