package dev.tollbridge.bridge.cli;

import java.io.PrintWriter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One record for people: a member a line.
final class RecordText {

    private RecordText() {}

    static void print(PrintWriter out, Map<String, @Nullable Object> record, boolean json) {
        if (json) {
            out.println(JsonOutput.pretty(record));
        } else {
            record.forEach((name, value) -> member(out, name, value, ""));
        }
        out.flush();
    }

    private static void member(
            PrintWriter out, String name, @Nullable Object value, String indent) {
        String label = indent + Plain.text(name);
        if (value instanceof Map<?, ?> members) {
            out.println(label);
            members.forEach((key, inner) -> member(out, String.valueOf(key), inner, indent + "  "));
        } else if (value != null) {
            String text = String.valueOf(value).strip().replace("\n", "\n" + " ".repeat(20));
            out.println(label + " ".repeat(Math.max(1, 20 - label.length())) + lines(text));
        }
    }

    /// Details may have several lines; each of them is made plain.
    private static String lines(String text) {
        StringBuilder plain = new StringBuilder();
        for (String line : text.split("\n", -1)) {
            plain.append(plain.isEmpty() ? "" : "\n").append(Plain.text(line));
        }
        return plain.toString();
    }
}
