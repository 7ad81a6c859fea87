package dev.tollbridge.bridge.claims;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The members of a JSON object, typed as JSON has them: {@link String}, {@link Long} (integers
/// that fit 64 bits), {@link java.math.BigInteger} (those that do not), {@link Double} (anything
/// written with a fraction or an exponent), {@link Boolean}, {@link List}, {@link Map}, and `null`
/// for JSON `null`.
///
/// No accessor coerces: what has another type is as absent as what is missing.
///
/// @param members unmodifiable at every depth; in the order of the document
public record Claims(Map<String, @Nullable Object> members) {

    /// The member as a string, or null when it is missing or anything but a string.
    public @Nullable String string(String name) {
        return members.get(name) instanceof String text ? text : null;
    }

    /// The member as a 64-bit integer, or null when it is missing, fractional, too large or not a
    /// number.
    public @Nullable Long integer(String name) {
        return members.get(name) instanceof Long number ? number : null;
    }

    public boolean has(String name) {
        return members.containsKey(name);
    }

    public @Nullable Object get(String name) {
        return members.get(name);
    }

    /// The value a claim reference names: a plain claim name (dots and all), or, when it starts
    /// with `/`, a JSON Pointer (RFC 6901) into nested claims. Null when there is no such value, or
    /// it is JSON `null`.
    public @Nullable Object at(String reference) {
        if (!reference.startsWith("/")) {
            return members.get(reference);
        }
        @Nullable Object here = members;
        int from = 1;
        while (from <= reference.length()) {
            int to = reference.indexOf('/', from);
            String token =
                    (to < 0 ? reference.substring(from) : reference.substring(from, to))
                            .replace("~1", "/")
                            .replace("~0", "~");
            here = inside(here, token);
            if (here == null || to < 0) {
                return here;
            }
            from = to + 1;
        }
        return null;
    }

    /// One step of a JSON Pointer: a member of an object, or an element of a list. Null when there
    /// is no such thing.
    public static @Nullable Object inside(@Nullable Object value, String token) {
        return switch (value) {
            case Map<?, ?> object -> object.get(token);
            case List<?> list -> element(list, token);
            case null, default -> null;
        };
    }

    private static @Nullable Object element(List<?> list, String token) {
        if (token.isEmpty()
                || token.length() > 4
                || (token.length() > 1 && token.startsWith("0"))) {
            return null;
        }
        int index = 0;
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            if (c < '0' || c > '9') {
                return null;
            }
            index = index * 10 + (c - '0');
        }
        return index < list.size() ? list.get(index) : null;
    }
}
