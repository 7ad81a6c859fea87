package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.config.EditDistance;
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
                int distance = EditDistance.between(written, candidate);
                if (distance < least) {
                    least = distance;
                    nearest = candidate;
                }
            }
        }
        return nearest;
    }
}
