package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.FieldType.Flag;
import dev.tollbridge.bridge.config.FieldType.Json;
import dev.tollbridge.bridge.config.FieldType.ListOf;
import dev.tollbridge.bridge.config.FieldType.MapOf;
import dev.tollbridge.bridge.config.FieldType.Match;
import dev.tollbridge.bridge.config.FieldType.Nested;
import dev.tollbridge.bridge.config.FieldType.SecretEntry;
import dev.tollbridge.bridge.config.FieldType.Span;
import dev.tollbridge.bridge.config.FieldType.Text;
import dev.tollbridge.bridge.config.FieldType.Word;
import java.util.List;

/// The schema as a page for people.
final class ReferencePage {

    private static final String HEAD =
            """
            # Documents

            Made from the schema in the code; do not edit. To make it anew:
            `./mvnw -pl bridge test -Dtest=ReferenceFilesTest -Dtollbridge.regenerate=true`.

            Documents are YAML files (`*.yaml`, `*.yml`) under the configuration directory, at any depth, several in a file
            parted by `---`. JSON is YAML too; a `*.json` file is read when it has an `apiVersion` or a `kind`. Names that start
            with a dot are passed over. Symbolic links may not leave the directory. Every document has `apiVersion: tollbridge.dev/v1alpha1`,
            `kind`, `metadata` and `spec`. A field that is not on this page is an error.

            The same documents are custom resources of a cluster ([Custom resources](../operations/custom-resources.md)). There, what
            would be a file is an entry of a Secret: `caSecretRef: {name: idp-ca, key: ca.pem}` instead of `caFile: idp-ca.pem`.

            For completion in an editor: `# yaml-language-server: $schema=docs/reference/tollbridge.schema.json`.

            - **Text** is quoted where YAML would see a number or a boolean: `repository_id: "2002"`.
            - **Durations**: `90s`, `15m`, `1h30m`, `1d`; whole units, the larger first.
            - **Days**: `2027-06-30`, that UTC day included.
            - **Templates**: text with `{{claim}}` or `{{claim|filter}}`; a missing claim is a refusal, never empty text.
            - YAML anchors, aliases, tags and directives, second fields of one name and `null` are errors.

            A document has at most 1 MiB, a file 128 MiB, a configuration 512 MiB.
            """;

    private final StringBuilder page = new StringBuilder(HEAD);

    static String text() {
        ReferencePage page = new ReferencePage();
        page.shape("metadata", "metadata", Schema.METADATA);
        for (Kind kind : Kind.values()) {
            page.shape(kind.written(), "spec", Schema.of(kind));
        }
        page.rules();
        return page.page.toString();
    }

    private void shape(String heading, String path, Shape shape) {
        page.append("\n## ").append(heading).append("\n");
        table(path, shape);
    }

    private void table(String path, Shape shape) {
        page.append("\n| field | type | required | meaning | example |\n|---|---|---|---|---|\n");
        rows(path, shape);
        constraints(path, shape);
    }

    private void rows(String path, Shape shape) {
        for (Shape.Field field : shape.fields().values()) {
            String at = path + "." + field.name();
            page.append("| `")
                    .append(at)
                    .append("` | ")
                    .append(cell(type(field.type())))
                    .append(" | ")
                    .append(field.required() ? "yes" : "")
                    .append(" | ")
                    .append(cell(description(field)))
                    .append(" | `")
                    .append(cell(field.example()))
                    .append("` |\n");
            if (field.type() instanceof Nested(Shape inner)) {
                rows(at, inner);
            } else if (field.type() instanceof ListOf(Nested(Shape inner), _, _)) {
                rows(at + "[]", inner);
            }
        }
    }

    private void constraints(String path, Shape shape) {
        for (List<String> group : shape.exactlyOne()) {
            page.append("\nExactly one of ")
                    .append(names(group))
                    .append(" in `")
                    .append(path)
                    .append("`.\n");
        }
        for (List<String> group : shape.atLeastOne()) {
            page.append("\nAt least one of ")
                    .append(names(group))
                    .append(" in `")
                    .append(path)
                    .append("`.\n");
        }
        for (Shape.Field field : shape.fields().values()) {
            String at = path + "." + field.name();
            if (field.type() instanceof Nested(Shape inner)) {
                constraints(at, inner);
            } else if (field.type() instanceof ListOf(Nested(Shape inner), _, _)) {
                constraints(at + "[]", inner);
            }
        }
    }

    private void rules() {
        page.append("\n## Problems of form\n\n| rule | meaning |\n|---|---|\n");
        for (SchemaRule rule : SchemaRule.values()) {
            page.append("| `")
                    .append(rule.id())
                    .append("` | ")
                    .append(cell(rule.meaning()))
                    .append(" |\n");
        }
    }

    static String description(Shape.Field field) {
        return field.description()
                + switch (field.where()) {
                    case EVERYWHERE -> "";
                    case FILES -> " A file, relative to the document's; not in custom resources.";
                    case RESOURCES -> " Custom resources only.";
                };
    }

    private static String names(List<String> group) {
        return "`" + String.join("`, `", group) + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }

    private static String type(FieldType type) {
        return switch (type) {
            case Text(Format format) -> format.described();
            case Flag(boolean onlyTrue) -> onlyTrue ? "`true`" : "`true` or `false`";
            case Word(List<String> words) -> names(words).replace("`, `", "` or `");
            case Span(var min, var max) ->
                    "duration, "
                            + (min.isZero() ? "" : "more than zero, ")
                            + "at most `"
                            + ShapeReader.written(max)
                            + "`";
            case ListOf(FieldType element, int min, int max) ->
                    "list of " + min + " to " + max + ": " + type(element);
            case MapOf(Format key, FieldType value, int min, int max) ->
                    "mapping of "
                            + min
                            + " to "
                            + max
                            + ": "
                            + key.described()
                            + " to "
                            + type(value);
            case Nested _ -> "mapping, see below";
            case SecretEntry _ -> "entry of a Secret: `name` and `key`";
            case Match _ -> "match";
            case Json json -> "JSON object" + (json.orText() ? ", or JSON text" : "");
        };
    }
}
