package dev.tollbridge.bridge.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The fields of one mapping.
///
/// @param fields by name, in the order of the reference page
/// @param exactlyOne groups of fields of which exactly one must be written
/// @param atLeastOne groups of fields of which at least one must be written
record Shape(
        String name,
        Map<String, Field> fields,
        List<List<String>> exactlyOne,
        List<List<String>> atLeastOne) {

    /// @param description one sentence or two, Markdown
    /// @param example a value as written in YAML
    record Field(
            String name, FieldType type, boolean required, String description, String example) {}

    static Builder named(String name) {
        return new Builder(name);
    }

    static final class Builder {
        private final String name;
        private final Map<String, Field> fields = new LinkedHashMap<>();
        private final List<List<String>> exactlyOne = new ArrayList<>();
        private final List<List<String>> atLeastOne = new ArrayList<>();

        Builder(String name) {
            this.name = name;
        }

        Builder required(String field, FieldType type, String description, String example) {
            fields.put(field, new Field(field, type, true, description, example));
            return this;
        }

        Builder optional(String field, FieldType type, String description, String example) {
            fields.put(field, new Field(field, type, false, description, example));
            return this;
        }

        Builder exactlyOneOf(String... names) {
            exactlyOne.add(List.of(names));
            return this;
        }

        Builder atLeastOneOf(String... names) {
            atLeastOne.add(List.of(names));
            return this;
        }

        Shape build() {
            return new Shape(name, fields, List.copyOf(exactlyOne), List.copyOf(atLeastOne));
        }
    }
}
