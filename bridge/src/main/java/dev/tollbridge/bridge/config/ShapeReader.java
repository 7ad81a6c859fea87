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
import dev.tollbridge.bridge.config.Shape.Field;
import dev.tollbridge.bridge.config.YamlNode.Mapping;
import dev.tollbridge.bridge.config.YamlNode.Member;
import dev.tollbridge.bridge.config.YamlNode.Scalar;
import dev.tollbridge.bridge.config.YamlNode.Sequence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads nodes by the schema: every field known, present where required, of its type, within its
/// bounds.
final class ShapeReader {

    private final Report report;
    private final DocumentForm form;

    ShapeReader(Report report, DocumentForm form) {
        this.report = report;
        this.form = form;
    }

    /// @param path of the mapping inside the document
    Values read(Mapping mapping, Shape shape, String path) {
        Values values = new Values(path, mapping.line());
        for (Member entry : mapping.entries()) {
            String name = entry.name().text();
            String at = path + "." + name;
            Field field = shape.fields().get(name);
            if (field == null) {
                report.error(
                        SchemaRule.UNKNOWN_FIELD,
                        entry.name().line(),
                        path,
                        "unknown field " + Problems.quoted(name),
                        Suggestion.of(name, shape.fields().keySet()));
                continue;
            }
            values.written(name, entry.name().line());
            if (!field.in(form)) {
                notHere(entry, field, at);
                continue;
            }
            Object value = value(entry.value(), field.type(), at);
            if (value != null) {
                values.put(name, value);
            }
        }
        for (Field field : shape.fields().values()) {
            if (field.required() && !values.isWritten(field.name())) {
                missing(shape, field.name(), mapping.line(), path);
            }
        }
        groups(shape, values, path);
        return values;
    }

    private void missing(Shape shape, String name, int line, String path) {
        report.error(
                SchemaRule.MISSING_FIELD,
                line,
                path,
                "the field '" + name + "' is missing",
                "for example " + name + ": " + shape.known(name).example());
    }

    /// Said as it is: whoever moves documents between a directory and a cluster meets this.
    private void notHere(Member entry, Field field, String path) {
        if (form == DocumentForm.RESOURCE) {
            report.error(
                    SchemaRule.FILE_PATH,
                    entry.name().line(),
                    path,
                    "a custom resource names no file",
                    "put the content into a Secret of the bridge's namespace and name it: "
                            + "{name: ..., key: ...}");
        } else {
            report.error(
                    SchemaRule.SECRET_REFERENCE,
                    entry.name().line(),
                    path,
                    field.name()
                            + " is for custom resources: a document in a file has no namespace",
                    "name a file instead");
        }
    }

    private void groups(Shape shape, Values values, String path) {
        for (List<String> group : shape.exactlyOne()) {
            List<String> written = group.stream().filter(values::isWritten).toList();
            List<String> possible = shape.in(form, group);
            if (written.isEmpty() && possible.size() == 1) {
                missing(shape, possible.getFirst(), values.line(), path);
            } else if (written.size() != 1) {
                report.error(
                        SchemaRule.EXACTLY_ONE,
                        values.line(),
                        path,
                        "exactly one of "
                                + String.join(", ", possible)
                                + " must be written"
                                + (written.isEmpty()
                                        ? ""
                                        : ", not " + String.join(" and ", written)),
                        null);
            }
        }
        for (List<String> group : shape.atLeastOne()) {
            if (group.stream().noneMatch(values::isWritten)) {
                report.error(
                        SchemaRule.EXACTLY_ONE,
                        values.line(),
                        path,
                        "at least one of " + String.join(", ", group) + " must be written",
                        null);
            }
        }
    }

    /// @return null after a problem
    @Nullable Object value(YamlNode node, FieldType type, String path) {
        if (isNull(node, path)) {
            return null;
        }
        return switch (type) {
            case Text(Format format) -> text(node, format, path);
            case Flag(boolean onlyTrue) -> flag(node, onlyTrue, path);
            case Word(List<String> words) -> word(node, words, path);
            case Span span -> span(node, span, path);
            case ListOf list -> list(node, list, path);
            case MapOf map -> map(node, map, path);
            case Nested(Shape shape) ->
                    node instanceof Mapping mapping
                            ? read(mapping, shape, path)
                            : wrongType(node, "a mapping", path);
            case SecretEntry _ ->
                    node instanceof Mapping mapping
                            ? read(mapping, Schema.SECRET_ENTRY, path)
                            : wrongType(node, "a mapping of name and key", path);
            case Match _ -> new MatchReader(report).read(node, path);
            case Json json -> json(node, json, path);
        };
    }

    private boolean isNull(YamlNode node, String path) {
        if (node instanceof Scalar scalar && scalar.type() == Scalar.Type.NULL) {
            report.error(
                    SchemaRule.NULL_VALUE,
                    node.line(),
                    path,
                    "has no value",
                    "leave the field out, or give it a value");
            return true;
        }
        return false;
    }

    private @Nullable Object wrongType(YamlNode node, String wanted, String path) {
        report.error(
                SchemaRule.WRONG_TYPE,
                node.line(),
                path,
                "must be " + wanted + ", not " + node.described());
        return null;
    }

    private @Nullable Object text(YamlNode node, Format format, String path) {
        if (!(node instanceof Scalar scalar)) {
            if (node instanceof Sequence && path.equals("spec.audience")) {
                // The one mistake of this kind that would open a door if it were tolerated.
                report.error(
                        SchemaRule.WRONG_TYPE,
                        node.line(),
                        path,
                        "must be one text, not a list: a token meant for another service must not"
                                + " be accepted here");
                return null;
            }
            return wrongType(node, "text", path);
        }
        boolean harmless =
                format.mayBeNumber()
                        && scalar.type() == Scalar.Type.INTEGER
                        && Checks.consistsOf(scalar.text(), "");
        if (scalar.type() != Scalar.Type.TEXT && !harmless) {
            if (format == Format.DURATION) {
                return parsed(scalar, format, path);
            }
            return quoteIt(report, scalar, path);
        }
        return parsed(scalar, format, path);
    }

    static @Nullable Object quoteIt(Report report, Scalar scalar, String path) {
        report.error(
                SchemaRule.QUOTE_IT,
                scalar.line(),
                path,
                "is " + scalar.described() + " where text is meant; quote it",
                "write \"" + bare(scalar.text()) + "\"");
        return null;
    }

    private static String bare(String text) {
        String quoted = Problems.quoted(text);
        return quoted.substring(1, quoted.length() - 1);
    }

    private @Nullable Object parsed(Scalar scalar, Format format, String path) {
        try {
            return format.parse(scalar.text());
        } catch (Format.Invalid e) {
            report.error(
                    scalar.text().isEmpty() ? SchemaRule.EMPTY : SchemaRule.INVALID_VALUE,
                    scalar.line(),
                    path,
                    e.said(),
                    e.suggestion());
            return null;
        }
    }

    private @Nullable Object flag(YamlNode node, boolean onlyTrue, String path) {
        if (!(node instanceof Scalar scalar)) {
            return wrongType(node, "true or false", path);
        }
        if (scalar.type() != Scalar.Type.BOOLEAN) {
            report.error(
                    SchemaRule.WRONG_TYPE,
                    node.line(),
                    path,
                    "must be true or false, not " + Problems.quoted(scalar.text()),
                    "write true or false, without quotes");
            return null;
        }
        boolean value = scalar.text().charAt(0) == 't' || scalar.text().charAt(0) == 'T';
        if (onlyTrue && !value) {
            report.error(
                    SchemaRule.INVALID_VALUE,
                    node.line(),
                    path,
                    "false says nothing here",
                    "leave the field out");
            return null;
        }
        return value;
    }

    private @Nullable Object word(YamlNode node, List<String> words, String path) {
        if (!(node instanceof Scalar scalar)) {
            return wrongType(node, "one of " + String.join(", ", words), path);
        }
        if (!words.contains(scalar.text())) {
            report.error(
                    SchemaRule.INVALID_VALUE,
                    node.line(),
                    path,
                    Problems.quoted(scalar.text()) + " is not one of " + String.join(", ", words),
                    Suggestion.of(scalar.text(), words));
            return null;
        }
        return scalar.text();
    }

    private @Nullable Object span(YamlNode node, Span span, String path) {
        if (!(text(node, Format.DURATION, path) instanceof Duration duration)) {
            return null;
        }
        if (duration.compareTo(span.min()) < 0 || duration.compareTo(span.max()) > 0) {
            report.error(
                    SchemaRule.INVALID_VALUE,
                    node.line(),
                    path,
                    duration.isZero()
                            ? "must be more than zero"
                            : "must be at most " + written(span.max()));
            return null;
        }
        return duration;
    }

    /// A duration as documents write it.
    static String written(Duration duration) {
        StringBuilder text = new StringBuilder();
        append(text, duration.toDaysPart(), 'd');
        append(text, duration.toHoursPart(), 'h');
        append(text, duration.toMinutesPart(), 'm');
        append(text, duration.toSecondsPart(), 's');
        return text.isEmpty() ? "0s" : text.toString();
    }

    private static void append(StringBuilder text, long amount, char unit) {
        if (amount > 0) {
            text.append(amount).append(unit);
        }
    }

    private @Nullable Object list(YamlNode node, ListOf type, String path) {
        if (!(node instanceof Sequence sequence)) {
            return wrongType(node, "a list", path);
        }
        int size = sequence.elements().size();
        if (!within(node, size, type.min(), type.max(), path)) {
            return null;
        }
        List<Object> elements = new ArrayList<>(size);
        Set<Object> seen = new HashSet<>();
        for (int i = 0; i < size; i++) {
            String at = path + "[" + i + "]";
            Object element = value(sequence.elements().get(i), type.element(), at);
            if (element != null) {
                elements.add(element);
                if (!seen.add(element)) {
                    report.error(
                            SchemaRule.DUPLICATE_VALUE,
                            sequence.elements().get(i).line(),
                            at,
                            "stands twice in the list");
                }
            }
        }
        return Collections.unmodifiableList(elements);
    }

    private boolean within(YamlNode node, int size, int min, int max, String path) {
        if (size < min) {
            report.error(SchemaRule.EMPTY, node.line(), path, "must not be empty");
        } else if (size > max) {
            report.error(
                    SchemaRule.TOO_LARGE,
                    node.line(),
                    path,
                    "has " + size + " entries; at most " + max);
        }
        return size >= min && size <= max;
    }

    private @Nullable Object map(YamlNode node, MapOf type, String path) {
        if (!(node instanceof Mapping mapping)) {
            return wrongType(node, "a mapping", path);
        }
        if (!within(node, mapping.entries().size(), type.min(), type.max(), path)) {
            return null;
        }
        Map<String, Object> entries = new LinkedHashMap<>();
        for (Member entry : mapping.entries()) {
            String at = path + "." + bare(entry.name().text());
            Object key = parsed(entry.name(), type.key(), at);
            Object value = value(entry.value(), type.value(), at);
            if (key != null && value != null) {
                entries.put(entry.name().text(), value);
            }
        }
        return Collections.unmodifiableMap(entries);
    }

    private @Nullable Object json(YamlNode node, Json type, String path) {
        try {
            String json =
                    type.orText()
                                    && node instanceof Scalar scalar
                                    && scalar.type() == Scalar.Type.TEXT
                            ? JsonText.checked(scalar.text())
                            : JsonText.written(node);
            if (json.length() > type.max()) {
                report.error(
                        SchemaRule.TOO_LARGE,
                        node.line(),
                        path,
                        "is " + json.length() + " characters of JSON; at most " + type.max());
                return null;
            }
            return json;
        } catch (Format.Invalid e) {
            report.error(SchemaRule.INVALID_VALUE, node.line(), path, e.said(), e.suggestion());
            return null;
        }
    }
}
