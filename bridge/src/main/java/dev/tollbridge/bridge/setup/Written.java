package dev.tollbridge.bridge.setup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;

/// Values in the languages of {@link SetupForm}, so that nothing in them is taken for language.
final class Written {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final ObjectWriter JSON = MAPPER.writerWithDefaultPrettyPrinter();

    private Written() {}

    static String json(Object tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("maps, lists and texts are JSON", e);
        }
    }

    /// One word of a POSIX shell.
    static String shell(String value) {
        return "'" + value.replace("'", "'\\''") + "'";
    }

    /// A string of HCL: JSON's escapes, and no template.
    static String terraform(String value) {
        try {
            return MAPPER.writeValueAsString(value).replace("${", "$${").replace("%{", "%%{");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a text is JSON", e);
        }
    }
}
