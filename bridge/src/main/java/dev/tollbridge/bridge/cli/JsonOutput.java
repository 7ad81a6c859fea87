package dev.tollbridge.bridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;

/// JSON for `--output json`.
final class JsonOutput {

    private static final ObjectWriter COMPACT = new ObjectMapper().writer();
    private static final ObjectWriter PRETTY = COMPACT.withDefaultPrettyPrinter();

    private JsonOutput() {}

    /// @param tree maps, lists, strings, numbers, booleans
    static String pretty(Object tree) {
        return written(PRETTY, tree);
    }

    /// On one line.
    static String compact(Object tree) {
        return written(COMPACT, tree);
    }

    private static String written(ObjectWriter writer, Object tree) {
        try {
            return writer.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON values can be written", e);
        }
    }
}
