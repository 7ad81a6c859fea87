package dev.tollbridge.webhook.detect.parse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Everything that is written as `name = value` on lines, with or without `[sections]`: INI, TOML,
/// env files, properties, shell exports. These formats have no marker that tells them apart, so one
/// lenient reader takes all; a line that it does not understand is passed over.
public final class LinesReader {

    private static final int MAX_NAME = 200;

    private final String text;
    private final Budget budget;
    private final List<Node.Entry> root = new ArrayList<>();
    private final Map<String, List<Node.Entry>> sections = new LinkedHashMap<>();
    private List<Node.Entry> current = root;

    /// Of the section that is being read: what stands before the last dot of a name.
    private final Map<String, List<Node.Entry>> groups = new HashMap<>();

    private final Set<String> unclosed = new HashSet<>();
    private int at;
    private int line = 1;
    private int pairs;

    private LinesReader(String text, Budget budget) {
        this.text = text;
        this.budget = budget;
    }

    /// @return a mapping of names, sections being mappings of their own
    public static Node.Mapping read(String text, Budget budget) throws Unreadable {
        budget.steps(text.length());
        LinesReader reader = new LinesReader(text, budget);
        reader.lines();
        if (reader.pairs == 0) {
            throw new Unreadable("name = value");
        }
        return new Node.Mapping(reader.root, 1);
    }

    private void lines() {
        while (at < text.length()) {
            int end = lineEnd(at);
            int next = end + 1;
            int started = line;
            int from = skipBlank(at, end);
            char first = from < end ? text.charAt(from) : '#';
            if (first == '[') {
                section(from, end);
            } else if (first != '#' && first != ';') {
                next = pair(from, end, started);
            }
            for (int i = end; i >= 0 && i < Math.min(next, text.length()); ) {
                line++;
                i = text.indexOf('\n', i + 1);
            }
            at = next;
        }
    }

    private void section(int from, int end) {
        int close = text.lastIndexOf(']', end - 1);
        if (close <= from || close - from > MAX_NAME) {
            return;
        }
        budget.step();
        String name = text.substring(from + 1, close).replace("[", "").replace("]", "").strip();
        // Each `[[name]]` of TOML is one more of them; `[name]` twice is the same again.
        boolean another = text.startsWith("[[", from);
        List<Node.Entry> known = another ? null : sections.get(name);
        groups.clear();
        if (known == null) {
            known = new ArrayList<>();
            sections.put(name, known);
            root.add(new Node.Entry(name, new Node.Mapping(known, line)));
            dotted(name, known);
        }
        current = known;
    }

    /// TOML's `[a.b]` is also `b` in `a`.
    private void dotted(String name, List<Node.Entry> entries) {
        int dot = name.indexOf('.');
        if (dot > 0) {
            String outer = name.substring(0, dot);
            List<Node.Entry> known = sections.get(outer);
            if (known == null) {
                known = new ArrayList<>();
                sections.put(outer, known);
                root.add(new Node.Entry(outer, new Node.Mapping(known, line)));
            }
            String inner = unquoted(name.substring(dot + 1));
            known.add(new Node.Entry(inner, new Node.Mapping(entries, line)));
        }
    }

    /// @return where the next line begins
    private int pair(int from, int end, int started) {
        int begin = afterKeyword(from, end);
        int i = begin;
        if (i < end && (text.charAt(i) == '"' || text.charAt(i) == '\'')) {
            i = text.indexOf(text.charAt(i), i + 1) + 1;
            if (i <= 0 || i > end) {
                return end + 1;
            }
        }
        while (i < end && name(text.charAt(i))) {
            i++;
        }
        int nameEnd = i;
        i = skipBlank(i, end);
        if (nameEnd == begin
                || nameEnd - begin > MAX_NAME
                || i >= end
                || (text.charAt(i) != '=' && text.charAt(i) != ':')) {
            return end + 1;
        }
        // `a := b` of shells that are not, and `a += b`
        int valueFrom = skipBlank(i + 1, end);
        if (valueFrom < end && text.charAt(valueFrom) == '=') {
            valueFrom = skipBlank(valueFrom + 1, end);
        }
        String name = unquoted(text.substring(begin, nameEnd));
        int next = value(name, valueFrom, end, started);
        pairs++;
        return next;
    }

    private int value(String name, int from, int end, int started) {
        char quote = from < end ? text.charAt(from) : ' ';
        if (quote == '"' || quote == '\'') {
            int triple = closing(from, quote);
            if (triple >= 0) {
                add(name, text.substring(from + 3, triple).strip(), started);
                return lineEnd(triple) + 1;
            }
            int close = closingQuote(from, quote);
            if (close >= 0) {
                String inner = text.substring(from + 1, close);
                add(name, quote == '"' ? unescaped(inner) : inner, started);
                return lineEnd(close) + 1;
            }
        }
        if (quote == '{' || quote == '[') {
            inline(name, from, end, started);
            return end + 1;
        }
        add(name, withoutComment(text.substring(from, end).strip()), started);
        return end + 1;
    }

    /// An inline table or list of TOML, or JSON: as text it is read again as what it is.
    private void inline(String name, int from, int end, int started) {
        String value = text.substring(from, end).strip();
        Node.Mapping table = InlineTable.read(value, started, budget);
        if (table != null) {
            add(name, table, started);
            return;
        }
        add(name, value, started);
    }

    private void add(String name, @Nullable String value, int started) {
        add(name, new Node.Scalar(value, started), started);
    }

    private void add(String name, Node value, int started) {
        budget.step();
        current.add(new Node.Entry(name, value));
        grouped(name, value, started);
    }

    /// `session.token = x` of TOML and of properties is also `token` in `session`.
    private void grouped(String name, Node value, int started) {
        int dot = name.lastIndexOf('.');
        if (dot <= 0 || dot == name.length() - 1) {
            return;
        }
        budget.step();
        String group = name.substring(0, dot);
        List<Node.Entry> members = groups.get(group);
        if (members == null) {
            members = new ArrayList<>();
            groups.put(group, members);
            current.add(
                    new Node.Entry(
                            group.substring(group.lastIndexOf('.') + 1),
                            new Node.Mapping(members, started)));
        }
        members.add(new Node.Entry(name.substring(dot + 1), value));
    }

    /// The end of a `"""` or `'''` string, or -1.
    private int closing(int from, char quote) {
        String triple = String.valueOf(quote).repeat(3);
        if (!text.startsWith(triple, from)) {
            return -1;
        }
        if (unclosed.contains(triple)) {
            return -1;
        }
        int close = text.indexOf(triple, from + 3);
        if (close < 0) {
            // Searched to the end once, not once for each that opens.
            unclosed.add(triple);
        }
        return close;
    }

    private int closingQuote(int from, char quote) {
        int bound = Math.min(text.length(), from + (1 << 20));
        for (int i = from + 1; i < bound; i++) {
            budget.step();
            char c = text.charAt(i);
            if (c == '\\' && quote == '"') {
                i++;
            } else if (c == quote) {
                return i;
            } else if (c == '\n' && !continues(i)) {
                return -1;
            }
        }
        return -1;
    }

    /// A quoted value in an env file may span lines (a JSON file pasted in). A quote that was never
    /// meant to open must not swallow the next pair.
    private boolean continues(int newline) {
        int from = newline + 1;
        int i = from;
        while (i < text.length() && name(text.charAt(i)) && i - from < MAX_NAME) {
            i++;
        }
        return i == from || i >= text.length() || text.charAt(i) != '=';
    }

    private int afterKeyword(int from, int end) {
        int i = from;
        for (String word :
                List.of(
                        "export ",
                        "set ",
                        "declare -x ",
                        "ENV ",
                        "ARG ",
                        "- ",
                        "$env:",
                        "setenv ")) {
            if (text.startsWith(word, i)) {
                i = skipBlank(i + word.length(), end);
                break;
            }
        }
        return i;
    }

    private int lineEnd(int from) {
        int end = text.indexOf('\n', Math.max(0, from));
        return end < 0 ? text.length() : end;
    }

    private int skipBlank(int from, int end) {
        int i = from;
        while (i < end
                && (text.charAt(i) == ' ' || text.charAt(i) == '\t' || text.charAt(i) == '\r')) {
            i++;
        }
        return i;
    }

    private static boolean name(char c) {
        return c == '_'
                || c == '-'
                || c == '.'
                || c == '/'
                || c == '@'
                || Character.isLetterOrDigit(c);
    }

    private static String withoutComment(String value) {
        int hash = value.indexOf(" #");
        return hash < 0 ? value : value.substring(0, hash).stripTrailing();
    }

    private static String unquoted(String value) {
        int last = value.length() - 1;
        boolean quoted =
                last > 0
                        && value.charAt(0) == value.charAt(last)
                        && (value.charAt(0) == '"' || value.charAt(0) == '\'');
        return quoted ? value.substring(1, last) : value;
    }

    private static String unescaped(String value) {
        if (value.indexOf('\\') < 0) {
            return value;
        }
        StringBuilder plain = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length()) {
                char next = value.charAt(++i);
                plain.append(
                        switch (next) {
                            case 'n' -> '\n';
                            case 't' -> '\t';
                            case 'r' -> '\r';
                            default -> next;
                        });
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
