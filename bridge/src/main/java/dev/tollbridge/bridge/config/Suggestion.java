package dev.tollbridge.bridge.config;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a misspelt word may have meant.
final class Suggestion {

    private static final int LONGEST = 64;

    private Suggestion() {}

    /// @return `did you mean X?` when one of the known words is near enough, else null
    static @Nullable String of(String written, Collection<String> known) {
        if (written.isEmpty() || written.length() > LONGEST) {
            return null;
        }
        String best = null;
        int least = Integer.MAX_VALUE;
        for (String word : known) {
            int distance = distance(plain(written), plain(word));
            if (distance < least) {
                least = distance;
                best = word;
            }
        }
        // A third of the letters may be wrong: `autience` is near, `foo` is near nothing.
        return best != null && least <= Math.max(1, best.length() / 3)
                ? "did you mean " + best + "?"
                : null;
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /// Edit distance where swapped neighbours count once (optimal string alignment).
    static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replace = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                int least = cost[i - 1][j - 1] + replace;
                least = Math.min(least, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    least = Math.min(least, cost[i - 2][j - 2] + 1);
                }
                cost[i][j] = least;
            }
        }
        return cost[a.length()][b.length()];
    }
}
