package dev.tollbridge.sidecar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// As much of JSON (RFC 8259) as a bridge's answers need: strict, bounded, without numbers beyond a
/// double.
public final class Json {

    private static final int DEEPEST = 16;

    /// Not JSON, or more of it than a bridge ever answers.
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        public Malformed(String message) {
            super(message, null, false, false);
        }
    }

    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /// @throws Malformed when the text is not one JSON object
    @SuppressWarnings("unchecked") // objects have names for keys
    public static Map<String, @Nullable Object> object(String text) throws Malformed {
        Json json = new Json(text);
        Object value = json.value(0);
        json.blank();
        if (!(value instanceof Map<?, ?> map) || json.at != text.length()) {
            throw new Malformed("not one JSON object");
        }
        return (Map<String, @Nullable Object>) map;
    }

    private @Nullable Object value(int depth) throws Malformed {
        if (depth > DEEPEST) {
            throw new Malformed("nested too deep");
        }
        blank();
        return switch (peek()) {
            case '{' -> map(depth);
            case '[' -> list(depth);
            case '"' -> string();
            default -> word();
        };
    }

    private Map<String, @Nullable Object> map(int depth) throws Malformed {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        at++;
        blank();
        if (peek() == '}') {
            at++;
            return map;
        }
        while (true) {
            blank();
            if (peek() != '"') {
                throw new Malformed("a member without a name");
            }
            String name = string();
            blank();
            expect(':');
            if (map.containsKey(name)) {
                throw new Malformed("a name twice");
            }
            map.put(name, value(depth + 1));
            blank();
            if (peek() == '}') {
                at++;
                return map;
            }
            expect(',');
        }
    }

    private List<@Nullable Object> list(int depth) throws Malformed {
        List<@Nullable Object> list = new ArrayList<>();
        at++;
        blank();
        if (peek() == ']') {
            at++;
            return list;
        }
        while (true) {
            list.add(value(depth + 1));
            blank();
            if (peek() == ']') {
                at++;
                return list;
            }
            expect(',');
        }
    }

    private String string() throws Malformed {
        at++;
        StringBuilder string = new StringBuilder();
        while (true) {
            char c = peek();
            at++;
            if (c == '"') {
                return string.toString();
            }
            if (c < ' ') {
                throw new Malformed("a control character in a string");
            }
            string.append(c == '\\' ? escaped() : c);
        }
    }

    private char escaped() throws Malformed {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(peek(), 16);
                    if (digit < 0 || peek() > 'f') {
                        throw new Malformed("not an escape");
                    }
                    code = code * 16 + digit;
                    at++;
                }
                yield (char) code;
            }
            default -> throw new Malformed("not an escape");
        };
    }

    private @Nullable Object word() throws Malformed {
        int start = at;
        while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(start, at);
        return switch (word) {
            case "null" -> null;
            case "true" -> true;
            case "false" -> false;
            default -> {
                if (!word.matches("-?(0|[1-9][0-9]{0,17})(\\.[0-9]{1,9})?")) {
                    throw new Malformed("neither a string, a number nor a word of JSON");
                }
                yield word.indexOf('.') < 0
                        ? (Object) Long.valueOf(word)
                        : (Object) Double.valueOf(word);
            }
        };
    }

    private void blank() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() throws Malformed {
        if (at >= text.length()) {
            throw new Malformed("ends too early");
        }
        return text.charAt(at);
    }

    private void expect(char c) throws Malformed {
        if (peek() != c) {
            throw new Malformed("not JSON");
        }
        at++;
    }

    /// Writes maps, lists, strings, numbers, booleans and null.
    public static String write(@Nullable Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(@Nullable Object value, StringBuilder out) {
        switch (value) {
            case Map<?, ?> map -> {
                String before = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(before);
                    quote(String.valueOf(entry.getKey()), out);
                    out.append(':');
                    write(entry.getValue(), out);
                    before = ",";
                }
                out.append(map.isEmpty() ? "{}" : "}");
            }
            case List<?> list -> {
                out.append('[');
                for (int i = 0; i < list.size(); i++) {
                    out.append(i == 0 ? "" : ",");
                    write(list.get(i), out);
                }
                out.append(']');
            }
            case String text -> quote(text, out);
            case null -> out.append("null");
            default -> out.append(value);
        }
    }

    private static void quote(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                default -> {
                    if (c < ' ') {
                        out.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 15, 16));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
