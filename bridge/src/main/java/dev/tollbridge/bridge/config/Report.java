package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.Document.Place;
import org.jspecify.annotations.Nullable;

/// Where problems of one document go: knows its file and what it is called.
record Report(Problems problems, String file, String document) {

    /// @param path inside the document, such as `spec.match.ref`
    void error(SchemaRule rule, int line, String path, String message) {
        error(rule, line, path, message, null);
    }

    void error(
            SchemaRule rule, int line, String path, String message, @Nullable String suggestion) {
        problems.error(rule, new Place(file, line), full(path), message, suggestion);
    }

    void warning(
            SchemaRule rule, int line, String path, String message, @Nullable String suggestion) {
        problems.warning(rule, new Place(file, line), full(path), message, suggestion);
    }

    private String full(String path) {
        return path.isEmpty() ? document : document + " " + path;
    }
}
