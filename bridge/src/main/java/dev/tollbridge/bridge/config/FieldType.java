package dev.tollbridge.bridge.config;

import java.time.Duration;
import java.util.List;

/// The type of a field: what the reader demands and the reference page says.
sealed interface FieldType {

    record Text(Format format) implements FieldType {}

    /// @param onlyTrue whether writing `false` says nothing, as in `inCluster: true`
    record Flag(boolean onlyTrue) implements FieldType {}

    /// One of some words.
    record Word(List<String> words) implements FieldType {}

    /// A duration between two bounds, both included.
    record Span(Duration min, Duration max) implements FieldType {}

    record ListOf(FieldType element, int min, int max) implements FieldType {}

    record MapOf(Format key, FieldType value, int min, int max) implements FieldType {}

    record Nested(Shape shape) implements FieldType {}

    /// `{name: ..., key: ...}`: an entry of a labelled Secret in the bridge's own namespace.
    record SecretEntry() implements FieldType {}

    /// Claim references and the forms they must have. Never empty.
    record Match() implements FieldType {}

    /// A JSON object, kept as JSON text.
    ///
    /// @param orText whether it may also be written as JSON text
    /// @param max characters
    record Json(boolean orText, int max) implements FieldType {}
}
