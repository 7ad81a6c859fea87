package dev.tollbridge.webhook.detect.rule;

import dev.tollbridge.webhook.detect.parse.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads one entry of a data file, and knows at the end what nobody asked for.
final class Fields {

    private final String file;
    private final Node.Mapping mapping;
    private final Set<String> asked = new HashSet<>();

    Fields(String file, Node node) {
        if (!(node instanceof Node.Mapping entry)) {
            throw new IllegalStateException(file + ": line " + node.line() + ": not a mapping");
        }
        this.file = file;
        this.mapping = entry;
    }

    String text(String name) {
        String text = optional(name);
        if (text == null) {
            throw wrong("has no " + name);
        }
        return text;
    }

    @Nullable String optional(String name) {
        asked.add(name);
        Node node = mapping.get(name);
        if (node == null) {
            return null;
        }
        if (!(node instanceof Node.Scalar scalar) || scalar.text() == null) {
            throw wrong(name + " is not a text");
        }
        return scalar.text();
    }

    String or(String name, String absent) {
        String text = optional(name);
        return text == null ? absent : text;
    }

    boolean flag(String name) {
        return or(name, "false").equals("true");
    }

    List<String> texts(String name) {
        List<String> texts = new ArrayList<>();
        for (Node node : items(name)) {
            if (!(node instanceof Node.Scalar scalar) || scalar.text() == null) {
                throw wrong(name + " holds something that is not a text");
            }
            texts.add(scalar.text());
        }
        return texts;
    }

    List<FieldRule> rules(String name) {
        return texts(name).stream().map(FieldRule::parse).toList();
    }

    List<Fields> parts(String name) {
        return items(name).stream().map(node -> new Fields(file, node)).toList();
    }

    private List<Node> items(String name) {
        asked.add(name);
        Node node = mapping.get(name);
        if (node == null) {
            return List.of();
        }
        if (!(node instanceof Node.Sequence sequence)) {
            throw wrong(name + " is not a list");
        }
        return sequence.items();
    }

    /// @throws IllegalStateException when the entry has a field that nobody asked for
    void end() {
        for (Node.Entry entry : mapping.entries()) {
            if (!asked.contains(entry.key())) {
                throw wrong("has an unknown field " + entry.key());
            }
        }
    }

    IllegalStateException wrong(String what) {
        return new IllegalStateException(
                file + ": the entry at line " + mapping.line() + " " + what);
    }
}
