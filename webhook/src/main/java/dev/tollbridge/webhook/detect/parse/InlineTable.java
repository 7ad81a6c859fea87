package dev.tollbridge.webhook.detect.parse;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An inline table of TOML, such as `{ token = "x", expires = 3, user = { name = "y" } }`: on one
/// line, nested a few times at most. What holds colons instead is JSON and read as that.
final class InlineTable {

    private static final int MAX_DEPTH = 16;

    private final String text;
    private final int line;
    private final Budget budget;
    private int at;

    private InlineTable(String text, int line, Budget budget) {
        this.text = text;
        this.line = line;
        this.budget = budget;
    }

    /// @param text without blanks around it
    /// @return null when it is none
    static Node.@Nullable Mapping read(String text, int line, Budget budget) {
        if (!text.startsWith("{")) {
            return null;
        }
        budget.steps(text.length());
        Node.Mapping table = new InlineTable(text, line, budget).table(0);
        return table == null || table.entries().isEmpty() ? null : table;
    }

    private Node.@Nullable Mapping table(int depth) {
        if (depth > MAX_DEPTH) {
            return null;
        }
        at++;
        List<Node.Entry> entries = new ArrayList<>();
        while (true) {
            blanks();
            if (at >= text.length()) {
                return null;
            }
            if (text.charAt(at) == '}') {
                at++;
                return new Node.Mapping(entries, line);
            }
            String name = word("=");
            if (name == null || at >= text.length() || text.charAt(at) != '=') {
                return null;
            }
            at++;
            blanks();
            Node value = value(depth);
            if (value == null) {
                return null;
            }
            budget.step();
            entries.add(new Node.Entry(name, value));
            blanks();
            if (at < text.length() && text.charAt(at) == ',') {
                at++;
            }
        }
    }

    private @Nullable Node value(int depth) {
        if (at < text.length() && text.charAt(at) == '{') {
            return table(depth + 1);
        }
        if (at < text.length() && text.charAt(at) == '[') {
            return list(depth);
        }
        String word = word(",}");
        return word == null ? null : new Node.Scalar(word, line);
    }

    private @Nullable Node list(int depth) {
        if (depth > MAX_DEPTH) {
            return null;
        }
        at++;
        List<Node> items = new ArrayList<>();
        while (at < text.length() && text.charAt(at) != ']') {
            char c = text.charAt(at);
            if (c == ',' || c == ' ' || c == '\t') {
                at++;
                continue;
            }
            Node item =
                    c == '{' ? table(depth + 1) : c == '[' ? list(depth + 1) : plain(word(",]"));
            if (item == null) {
                return null;
            }
            budget.step();
            items.add(item);
        }
        at++;
        return new Node.Sequence(items, line);
    }

    private @Nullable Node plain(@Nullable String word) {
        return word == null ? null : new Node.Scalar(word, line);
    }

    /// Quoted, or up to one of the ends; never empty where it is not quoted.
    private @Nullable String word(String ends) {
        if (at >= text.length()) {
            return null;
        }
        char quote = text.charAt(at);
        if (quote == '"' || quote == '\'') {
            int close = at + 1;
            while (close < text.length() && text.charAt(close) != quote) {
                close += quote == '"' && text.charAt(close) == '\\' ? 2 : 1;
            }
            if (close >= text.length()) {
                return null;
            }
            String word = text.substring(at + 1, close);
            at = close + 1;
            blanks();
            return word;
        }
        int begin = at;
        while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
            at++;
        }
        String word = text.substring(begin, at).strip();
        return word.isEmpty() ? null : word;
    }

    private void blanks() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }
}
