package dev.tollbridge.bridge.config;

import java.util.Arrays;
import java.util.List;

/// The lines of the fields of one `spec`, by the fields' position in the schema. There are as many
/// of these as documents, a hundred thousand perhaps: an array each, and the names are shared.
public final class FieldLines {

    static final FieldLines NONE = new FieldLines(List.of(), new int[0]);

    private static final String SPEC = "spec.";

    private final List<String> names;
    private final int[] lines;

    private FieldLines(List<String> names, int[] lines) {
        this.names = names;
        this.lines = lines;
    }

    /// @param names of all fields of the schema, the same list for all documents of a kind
    static FieldLines of(List<String> names, Values spec) {
        int[] lines = new int[names.size()];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = spec.isWritten(names.get(i)) ? spec.line(names.get(i)) : 0;
        }
        return new FieldLines(names, lines);
    }

    /// @return 0 where the field is not written
    int lineOf(String path) {
        if (!path.startsWith(SPEC)) {
            return 0;
        }
        int end = SPEC.length();
        while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
            end++;
        }
        int field = names.indexOf(path.substring(SPEC.length(), end));
        return field < 0 ? 0 : lines[field];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FieldLines that
                && names.equals(that.names)
                && Arrays.equals(lines, that.lines);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(lines);
    }
}
