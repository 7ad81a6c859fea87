package dev.tollbridge.bridge.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A piece of a YAML document with the line it starts on. Has neither anchors nor tags, and no name
/// twice in one mapping.
sealed interface YamlNode {

    /// From 1.
    int line();

    /// What it is, in a user's words.
    String described();

    /// @param plain not quoted and not a block: YAML 1.2's core schema gives it a type
    record Scalar(int line, String text, boolean plain) implements YamlNode {

        enum Type {
            TEXT,
            NULL,
            BOOLEAN,
            INTEGER,
            FLOAT
        }

        Type type() {
            return plain ? PlainScalar.type(text) : Type.TEXT;
        }

        @Override
        public String described() {
            return switch (type()) {
                case TEXT -> "text";
                case NULL -> "null";
                case BOOLEAN -> "a boolean";
                case INTEGER, FLOAT -> "a number";
            };
        }
    }

    record Mapping(int line, List<Member> entries) implements YamlNode {

        @Nullable YamlNode get(String name) {
            for (Member entry : entries) {
                if (entry.name().text().equals(name)) {
                    return entry.value();
                }
            }
            return null;
        }

        @Override
        public String described() {
            return "a mapping";
        }
    }

    record Member(Scalar name, YamlNode value) {}

    record Sequence(int line, List<YamlNode> elements) implements YamlNode {
        @Override
        public String described() {
            return "a list";
        }
    }
}
