package dev.tollbridge.bridge.config;

import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fields of one mapping that could be read, in the types of the schema. What had a problem is
/// missing; a document with problems is checked as far as it goes, and never built.
final class Values {

    private final String path;
    private final int line;
    private final Map<String, Object> values = new HashMap<>();
    private final Map<String, Integer> lines = new HashMap<>();

    Values(String path, int line) {
        this.path = path;
        this.line = line;
    }

    void put(String name, Object value) {
        values.put(name, value);
    }

    void written(String name, int at) {
        lines.put(name, at);
    }

    /// Whether the field is there, sound or not.
    boolean isWritten(String name) {
        return lines.containsKey(name);
    }

    String path() {
        return path;
    }

    String path(String name) {
        return path + "." + name;
    }

    /// Of the field, or of the mapping when the field is not written.
    int line(String name) {
        return lines.getOrDefault(name, line);
    }

    int line() {
        return line;
    }

    private <T> T need(String name, @Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("built in spite of a problem at " + path(name));
        }
        return value;
    }

    @Nullable String text(String name) {
        return (String) values.get(name);
    }

    /// Where content outside the document lies: the file that is named, or the Secret's entry,
    /// which is kept as a file `SECRET/KEY` where the files of the document's form start. Neither
    /// part of a reference can hold a `/`.
    @Nullable String content(String file, String secret) {
        Values reference = nested(secret);
        return reference == null
                ? text(file)
                : reference.needText("name") + "/" + reference.needText("key");
    }

    String needContent(String file, String secret) {
        return need(file, content(file, secret));
    }

    String needText(String name) {
        return need(name, text(name));
    }

    String text(String name, String otherwise) {
        String value = text(name);
        return value == null ? otherwise : value;
    }

    @Nullable Boolean flag(String name) {
        return (Boolean) values.get(name);
    }

    boolean flag(String name, boolean otherwise) {
        Boolean value = flag(name);
        return value == null ? otherwise : value;
    }

    @Nullable Duration span(String name) {
        return (Duration) values.get(name);
    }

    @Nullable LocalDate date(String name) {
        return (LocalDate) values.get(name);
    }

    LocalDate needDate(String name) {
        return need(name, date(name));
    }

    @Nullable Values nested(String name) {
        return (Values) values.get(name);
    }

    Values needNested(String name) {
        return need(name, nested(name));
    }

    List<String> texts(String name) {
        return list(name).stream().map(String.class::cast).toList();
    }

    List<Values> mappings(String name) {
        return list(name).stream().map(Values.class::cast).toList();
    }

    private List<?> list(String name) {
        return values.get(name) instanceof List<?> list ? list : List.of();
    }

    @SuppressWarnings("unchecked") // the schema says what the field holds
    Map<String, String> map(String name) {
        return values.get(name) instanceof Map<?, ?> map ? (Map<String, String>) map : Map.of();
    }

    @SuppressWarnings("unchecked") // the schema says what the field holds
    Map<String, MatchForm> match(String name) {
        return values.get(name) instanceof Map<?, ?> map ? (Map<String, MatchForm>) map : Map.of();
    }

    @SuppressWarnings("unchecked") // the schema says what the field holds
    List<Map<String, MatchForm>> matches(String name) {
        return (List<Map<String, MatchForm>>) list(name);
    }
}
