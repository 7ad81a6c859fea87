package dev.tollbridge.webhook.detect.parse;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// The claims of a JWT, unverified: here it is only asked what it says it is.
public final class Jwt {

    private static final int MAX = 32 * 1024;

    private Jwt() {}

    /// @param token may be preceded by `Bearer `
    /// @return null when it is no JWT
    public static Node.@Nullable Mapping claims(String token, Budget budget) {
        String text = token.startsWith("Bearer ") ? token.substring(7) : token;
        if (text.length() > MAX || !text.startsWith("eyJ")) {
            return null;
        }
        budget.steps(text.length());
        int first = text.indexOf('.');
        int second = text.indexOf('.', first + 1);
        if (first < 0 || second < 0) {
            return null;
        }
        return mapping(text.substring(first + 1, second), budget);
    }

    private static Node.@Nullable Mapping mapping(String part, Budget budget) {
        try {
            byte[] json = Base64.getUrlDecoder().decode(part.getBytes(StandardCharsets.US_ASCII));
            return JsonReader.read(json, 0, json.length, budget).getFirst()
                            instanceof Node.Mapping claims
                    ? claims
                    : null;
        } catch (IllegalArgumentException | Unreadable e) {
            return null;
        }
    }
}
