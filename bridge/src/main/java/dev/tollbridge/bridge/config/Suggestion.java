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
            int distance = EditDistance.between(plain(written), plain(word));
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
}
