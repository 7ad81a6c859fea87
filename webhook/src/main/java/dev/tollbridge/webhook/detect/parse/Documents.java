package dev.tollbridge.webhook.detect.parse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds out by trying what a text is, and reads it. Names lie; what parses does not.
public final class Documents {

    /// YAML is read at a tenth of the speed of the rest.
    private static final int MAX_YAML = 2 << 20;

    private static final int MAX_FRAGMENT = 1 << 20;

    private Documents() {}

    /// @param whole only what is one document from its beginning; not lines, not what is inside
    ///   text
    /// @param sink given one tree after another, so that one is in memory at a time where a text
    ///   has many; none when it is plain text
    public static void read(byte[] text, boolean whole, Budget budget, Consumer<Node> sink) {
        int from = start(text);
        if (from >= text.length) {
            return;
        }
        char first = (char) text[from];
        if (first == '{' || first == '[') {
            try {
                JsonReader.read(text, from, text.length, budget).forEach(sink);
                return;
            } catch (Unreadable e) {
                // Flow YAML, a section of an INI file, or JSON with something around it.
            }
        }
        if (first != '[' && text.length <= MAX_YAML && likeYaml(text, from)) {
            try {
                List<Node> roots = YamlReader.read(utf8(text), budget);
                if (roots.stream().anyMatch(root -> !(root instanceof Node.Scalar))) {
                    roots.forEach(sink);
                    return;
                }
            } catch (Unreadable e) {
                // A template, or something else with colons.
            }
        }
        if (whole) {
            return;
        }
        Node.Mapping lines = lines(text, budget);
        if (lines != null) {
            sink.accept(lines);
        }
        fragments(text, budget, sink);
    }

    private static Node.@Nullable Mapping lines(byte[] text, Budget budget) {
        try {
            return LinesReader.read(utf8(text), budget);
        } catch (Unreadable e) {
            // plain text
            return null;
        }
    }

    /// JSON objects inside other text: a log, a history, documentation, a script.
    private static void fragments(byte[] text, Budget budget, Consumer<Node> sink) {
        budget.steps(text.length);
        Deque<Integer> open = new ArrayDeque<>();
        int outermost = -1;
        int line = 0;
        int opened = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\n') {
                line++;
            } else if (text[i] == '{') {
                if (outermost < 0 && opensObject(text, i)) {
                    outermost = i;
                    opened = line;
                    open.clear();
                }
                if (outermost >= 0) {
                    open.push(i);
                }
            } else if (text[i] == '}' && outermost >= 0 && !open.isEmpty()) {
                open.pop();
                if (open.isEmpty()) {
                    fragment(text, outermost, i + 1, opened, budget, sink);
                    outermost = -1;
                }
            }
            if (outermost >= 0 && i - outermost > MAX_FRAGMENT) {
                // Never closed: what opened later may be.
                outermost = -1;
            }
        }
    }

    private static void fragment(
            byte[] text, int from, int to, int line, Budget budget, Consumer<Node> sink) {
        List<Node> nodes;
        try {
            nodes = JsonReader.read(text, from, to, budget);
        } catch (Unreadable e) {
            // braces of something else
            return;
        }
        for (Node node : nodes) {
            sink.accept(moved(node, line));
        }
    }

    /// The same, its lines counted in the whole text. Depth is bounded by the reader.
    private static Node moved(Node node, int by) {
        if (by == 0) {
            return node;
        }
        return switch (node) {
            case Node.Scalar scalar -> new Node.Scalar(scalar.text(), scalar.line() + by);
            case Node.Sequence sequence ->
                    new Node.Sequence(
                            sequence.items().stream().map(item -> moved(item, by)).toList(),
                            sequence.line() + by);
            case Node.Mapping mapping ->
                    new Node.Mapping(
                            mapping.entries().stream()
                                    .map(e -> new Node.Entry(e.key(), moved(e.value(), by)))
                                    .toList(),
                            mapping.line() + by);
        };
    }

    private static boolean opensObject(byte[] text, int brace) {
        for (int i = brace + 1; i < Math.min(text.length, brace + 200); i++) {
            switch (text[i]) {
                case ' ', '\t', '\r', '\n' -> {}
                case '"' -> {
                    return true;
                }
                default -> {
                    return false;
                }
            }
        }
        return false;
    }

    private static int start(byte[] text) {
        int i = text.length >= 3 && (text[0] & 0xff) == 0xef && (text[1] & 0xff) == 0xbb ? 3 : 0;
        while (i < text.length
                && (text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '\n')) {
            i++;
        }
        return i;
    }

    /// Whether it may be YAML, or JSON, which is YAML too.
    public static boolean likeYaml(byte[] text) {
        int from = start(text);
        return from < text.length && (text[from] == '[' || likeYaml(text, from));
    }

    /// Whether the first line that says something is a name with a colon, an item, or a marker.
    private static boolean likeYaml(byte[] text, int from) {
        int i = from;
        while (i < text.length) {
            int end = i;
            while (end < text.length && text[end] != '\n') {
                end++;
            }
            int begin = i;
            while (begin < end && (text[begin] == ' ' || text[begin] == '\t')) {
                begin++;
            }
            if (begin < end && text[begin] != '#' && text[begin] != '%' && text[begin] != '\r') {
                return yamlLine(text, begin, end);
            }
            i = end + 1;
        }
        return false;
    }

    private static boolean yamlLine(byte[] text, int begin, int end) {
        byte first = text[begin];
        boolean item =
                first == '-'
                        && (begin + 1 >= end || text[begin + 1] == ' ' || text[begin + 1] == '-');
        if (item || first == '{' || first == '&' || first == '?' || first == '!') {
            return true;
        }
        for (int i = begin; i < Math.min(end, begin + 300); i++) {
            if (text[i] == ':' && (i + 1 >= end || text[i + 1] == ' ' || text[i + 1] == '\r')) {
                return true;
            }
            if (text[i] == '=' || text[i] == '(') {
                return false;
            }
        }
        return false;
    }

    private static String utf8(byte[] text) {
        int from = text.length >= 3 && (text[0] & 0xff) == 0xef && (text[1] & 0xff) == 0xbb ? 3 : 0;
        return new String(text, from, text.length - from, StandardCharsets.UTF_8);
    }
}
