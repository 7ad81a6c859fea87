package dev.tollbridge.bridge.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The schema as JSON Schema (draft 7, which editors know best).
final class JsonSchemaText {

    private JsonSchemaText() {}

    static String text() throws JsonProcessingException {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("$schema", "http://json-schema.org/draft-07/schema#");
        root.put("title", "Tollbridge documents (" + Schema.API_VERSION + ")");
        List<Object> kinds = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            kinds.add(document(kind));
        }
        root.put("oneOf", kinds);
        Map<String, Object> definitions = new LinkedHashMap<>();
        definitions.put("form", form(true));
        definitions.put("match", match());
        root.put("definitions", definitions);
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    }

    private static Map<String, Object> document(Kind kind) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("apiVersion", Map.of("const", Schema.API_VERSION));
        members.put("kind", Map.of("const", kind.written()));
        members.put("metadata", object(Schema.METADATA));
        members.put("spec", object(Schema.of(kind)));
        return closed(members, List.of("apiVersion", "kind", "metadata", "spec"));
    }

    private static Map<String, Object> closed(Map<String, Object> members, List<String> required) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", members);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    private static Map<String, Object> object(Shape shape) {
        Map<String, Object> members = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (Shape.Field field : shape.fields().values()) {
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("description", ReferencePage.description(field));
            schema.putAll(type(field.type()));
            members.put(field.name(), schema);
            if (field.required()) {
                required.add(field.name());
            }
        }
        Map<String, Object> schema = closed(members, required);
        List<Object> groups = new ArrayList<>();
        for (List<String> group : shape.exactlyOne()) {
            groups.add(Map.of("oneOf", requiring(group)));
        }
        for (List<String> group : shape.atLeastOne()) {
            groups.add(Map.of("anyOf", requiring(group)));
        }
        if (!groups.isEmpty()) {
            schema.put("allOf", groups);
        }
        return schema;
    }

    private static List<Object> requiring(List<String> group) {
        return group.stream().<Object>map(name -> Map.of("required", List.of(name))).toList();
    }

    private static Map<String, Object> type(FieldType type) {
        Map<String, Object> schema = new LinkedHashMap<>();
        switch (type) {
            case Text(Format format) -> {
                schema.put("type", format.mayBeNumber() ? List.of("string", "integer") : "string");
                if (format.pattern() != null) {
                    schema.put("pattern", format.pattern());
                }
                if (!format.mayBeNumber()) {
                    schema.put("minLength", 1);
                }
            }
            case Flag(boolean onlyTrue) -> {
                schema.put("type", "boolean");
                if (onlyTrue) {
                    schema.put("const", true);
                }
            }
            case Word(List<String> words) -> schema.put("enum", words);
            case Span _ -> {
                schema.put("type", "string");
                schema.put("pattern", Format.DURATION.pattern());
                schema.put("minLength", 2);
            }
            case ListOf(FieldType element, int min, int max) -> {
                schema.put("type", "array");
                schema.put("items", type(element));
                schema.put("minItems", min);
                schema.put("maxItems", max);
                schema.put("uniqueItems", true);
            }
            case MapOf(Format key, FieldType value, int min, int max) -> {
                schema.put("type", "object");
                if (key.pattern() != null) {
                    schema.put("propertyNames", Map.of("pattern", key.pattern()));
                }
                schema.put("additionalProperties", type(value));
                schema.put("minProperties", min);
                schema.put("maxProperties", max);
            }
            case Nested(Shape shape) -> schema.putAll(object(shape));
            case SecretEntry _ -> schema.putAll(object(Schema.SECRET_ENTRY));
            case Match _ -> schema.put("$ref", "#/definitions/match");
            case Json json ->
                    schema.put("type", json.orText() ? List.of("object", "string") : "object");
        }
        return schema;
    }

    private static Map<String, Object> match() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("minProperties", 1);
        schema.put("maxProperties", MatchReader.MAX_CLAIMS);
        schema.put("additionalProperties", Map.of("$ref", "#/definitions/form"));
        return schema;
    }

    private static Map<String, Object> form(boolean mayBeAnyOf) {
        List<Object> forms = new ArrayList<>();
        forms.add(scalar("string"));
        forms.add(scalar("boolean"));
        Map<String, Object> prefix = scalar("string");
        prefix.put("pattern", "[:/]$");
        forms.add(closed(Map.of("prefix", prefix), List.of("prefix")));
        Map<String, Object> glob = scalar("string");
        glob.put("minLength", 1);
        forms.add(closed(Map.of("glob", glob), List.of("glob")));
        if (mayBeAnyOf) {
            Map<String, Object> list = scalar("array");
            list.put("minItems", 1);
            list.put("items", form(false));
            forms.add(closed(Map.of("anyOf", list), List.of("anyOf")));
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("oneOf", forms);
        return schema;
    }

    private static Map<String, Object> scalar(String type) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", type);
        return schema;
    }
}
