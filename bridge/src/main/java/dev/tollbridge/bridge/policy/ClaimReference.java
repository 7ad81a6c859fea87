package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.claims.Claims;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which claim a condition looks at: a claim's name, dots and all, or, when it starts with `/`, a
/// JSON Pointer (RFC 6901) into nested claims.
///
/// @param text canonical: two references to the same place are equal
/// @param path one member name, or the pointer's tokens
record ClaimReference(String text, List<String> path) {

    static final int MAX_LENGTH = 256;
    static final int MAX_DEPTH = 8;

    /// @throws IllegalArgumentException with a sentence for the author
    static ClaimReference parse(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a claim's name has 1 to 256 characters");
        }
        return text.startsWith("/") ? of(tokens(text)) : of(List.of(text));
    }

    static ClaimReference of(List<String> path) {
        if (path.size() == 1 && !path.getFirst().startsWith("/")) {
            return new ClaimReference(path.getFirst(), List.copyOf(path));
        }
        StringBuilder text = new StringBuilder();
        for (String token : path) {
            text.append('/').append(token.replace("~", "~0").replace("/", "~1"));
        }
        return new ClaimReference(text.toString(), List.copyOf(path));
    }

    private static List<String> tokens(String pointer) {
        List<String> tokens = new ArrayList<>();
        int from = 1;
        while (true) {
            int to = pointer.indexOf('/', from);
            String token = to < 0 ? pointer.substring(from) : pointer.substring(from, to);
            for (int i = token.indexOf('~'); i >= 0; i = token.indexOf('~', i + 1)) {
                if (i + 1 == token.length()
                        || (token.charAt(i + 1) != '0' && token.charAt(i + 1) != '1')) {
                    throw new IllegalArgumentException(
                            "in a JSON Pointer '~' is written ~0 and '/' in a name ~1");
                }
            }
            tokens.add(token.replace("~1", "/").replace("~0", "~"));
            if (tokens.size() > MAX_DEPTH) {
                throw new IllegalArgumentException("a pointer has at most 8 parts");
            }
            if (to < 0) {
                return tokens;
            }
            from = to + 1;
        }
    }

    /// The value there, or null: nothing there, or JSON `null`, which counts as nothing.
    @Nullable Object in(Claims claims) {
        @Nullable Object here = claims.get(path.getFirst());
        for (int i = 1; i < path.size() && here != null; i++) {
            here = Claims.inside(here, path.get(i));
        }
        return here;
    }

    @Override
    public String toString() {
        return text;
    }
}
