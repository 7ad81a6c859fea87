package dev.tollbridge.webhook.detect.parse;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What every structured format is read into. Names may occur twice: which one a consumer takes is
/// not ours to guess, so both stay.
public sealed interface Node {

    /// Of the text it was read from, from 1.
    int line();

    record Entry(String key, Node value) {}

    record Mapping(List<Entry> entries, int line) implements Node {

        /// The last value of that name, as most parsers have it.
        public @Nullable Node get(String key) {
            for (int i = entries.size() - 1; i >= 0; i--) {
                if (entries.get(i).key().equals(key)) {
                    return entries.get(i).value();
                }
            }
            return null;
        }

        /// It holds credentials, and by aliases perhaps itself.
        @Override
        public String toString() {
            return "Mapping at line " + line;
        }
    }

    record Sequence(List<Node> items, int line) implements Node {

        /// Aliases may make it hold itself.
        @Override
        public String toString() {
            return "Sequence at line " + line;
        }
    }

    /// @param text null for a null; numbers and booleans as they were written
    record Scalar(@Nullable String text, int line) implements Node {

        /// It may be a credential.
        @Override
        public String toString() {
            return "Scalar at line " + line;
        }
    }
}
