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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.RepresentToNode;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.representer.StandardRepresenter;

/// One kind as a CustomResourceDefinition: the same fields as in a file, without those that name
/// files.
///
/// The schema is structural, so it cannot say everything that the reader says: what is left is in
/// the resource's condition `Accepted`.
final class ResourceDefinition {

    private static final String GROUP =
            Schema.API_VERSION.substring(0, Schema.API_VERSION.indexOf('/'));
    private static final String VERSION =
            Schema.API_VERSION.substring(Schema.API_VERSION.indexOf('/') + 1);

    private final Kind kind;

    private ResourceDefinition(Kind kind) {
        this.kind = kind;
    }

    static ResourceDefinition of(Kind kind) {
        return new ResourceDefinition(kind);
    }

    String plural() {
        String singular = kind.written().toLowerCase(Locale.ROOT);
        return singular.endsWith("s") ? singular : singular + "s";
    }

    String fileName() {
        return GROUP + "_" + plural() + ".yaml";
    }

    String text() {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("apiVersion", "apiextensions.k8s.io/v1");
        root.put("kind", "CustomResourceDefinition");
        root.put("metadata", Map.of("name", plural() + "." + GROUP));
        root.put("spec", spec());
        return "# Made from the schema in the code; do not edit. ./mvnw -pl bridge test"
                + " -Dtest=ReferenceFilesTest -Dtollbridge.regenerate=true\n"
                + yaml(root);
    }

    private static String yaml(Map<String, Object> root) {
        DumpSettings settings =
                DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        .setDereferenceAliases(true)
                        .setWidth(120)
                        .build();
        return new Dump(settings, new Words(settings)).dumpToString(root);
    }

    /// kubectl reads YAML 1.1, where `off` and `True` are booleans.
    private static final class Words extends StandardRepresenter {
        private static final Pattern BOOLEAN =
                Pattern.compile("y|n|yes|no|on|off|true|false", Pattern.CASE_INSENSITIVE);

        Words(DumpSettings settings) {
            super(settings);
            RepresentToNode plain = Objects.requireNonNull(representers.get(String.class));
            representers.put(
                    String.class,
                    text ->
                            BOOLEAN.matcher((String) text).matches()
                                    ? representScalar(
                                            Tag.STR, (String) text, ScalarStyle.SINGLE_QUOTED)
                                    : plain.representData(text));
        }
    }

    private Map<String, Object> spec() {
        Map<String, Object> names = new LinkedHashMap<>();
        names.put("kind", kind.written());
        names.put("listKind", kind.written() + "List");
        names.put("plural", plural());
        names.put("singular", kind.written().toLowerCase(Locale.ROOT));
        names.put("categories", List.of("tollbridge"));
        Map<String, Object> version = new LinkedHashMap<>();
        version.put("name", VERSION);
        version.put("served", true);
        version.put("storage", true);
        version.put("subresources", Map.of("status", Map.of()));
        version.put("additionalPrinterColumns", columns());
        version.put("schema", Map.of("openAPIV3Schema", root()));
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("group", GROUP);
        spec.put("scope", "Cluster");
        spec.put("names", names);
        spec.put("versions", List.of(version));
        return spec;
    }

    private Map<String, Object> root() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("apiVersion", described("string", "`" + Schema.API_VERSION + "`."));
        members.put("kind", described("string", "`" + kind.written() + "`."));
        members.put("metadata", new LinkedHashMap<>(Map.of("type", "object")));
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("description", "What is wanted.");
        spec.putAll(object(Schema.of(kind)));
        members.put("spec", spec);
        members.put("status", status());
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("description", meaning());
        root.put("type", "object");
        root.put("required", List.of("spec"));
        root.put("properties", members);
        return root;
    }

    private String meaning() {
        return switch (kind) {
            case TRUSTED_ISSUER ->
                    "An OpenID Connect issuer whose tokens are believed, with its keys, audience"
                            + " and rules.";
            case TARGET -> "Something that a short-lived credential can be minted for.";
            case GRANT ->
                    "A policy: which subjects of which issuer may have which target, how scoped,"
                            + " for how long.";
            case EXEMPTION -> "Something that the admission webhook lets pass for a limited time.";
            case ADMISSION_SETTINGS ->
                    "What the admission webhook does in which namespace. There is one.";
        };
    }

    private List<Object> columns() {
        List<Object> columns = new ArrayList<>();
        switch (kind) {
            case TRUSTED_ISSUER -> {
                columns.add(column("Preset", ".spec.preset", 0));
                columns.add(column("Issuer", ".spec.issuer", 1));
                columns.add(column("Audience", ".spec.audience", 1));
                columns.add(condition("Accepted"));
                columns.add(condition("Ready"));
                columns.add(condition("Warm"));
            }
            case TARGET -> {
                columns.add(column("Kind", ".status.kind", 0));
                columns.add(column("Owner", ".spec.owner", 0));
                columns.add(column("Max TTL", ".spec.maxTtl", 1));
                columns.add(condition("Accepted"));
                columns.add(condition("Ready"));
            }
            case GRANT -> {
                columns.add(column("Issuer", ".spec.issuer", 0));
                columns.add(column("Targets", ".spec.allow[*].target", 0));
                columns.add(column("Owner", ".spec.owner", 1));
                columns.add(column("Mode", ".spec.mode", 1));
                columns.add(column("Expires", ".spec.expires", 0));
                columns.add(condition("Accepted"));
                columns.add(condition("Ready"));
                columns.add(condition("Warm"));
            }
            case EXEMPTION -> {
                columns.add(column("Namespace", ".spec.namespace", 0));
                columns.add(column("Approved by", ".spec.approvedBy", 0));
                columns.add(column("Expires", ".spec.expires", 0));
                columns.add(column("Reason", ".spec.reason", 1));
                columns.add(condition("Accepted"));
            }
            case ADMISSION_SETTINGS -> {
                columns.add(column("Default", ".spec.default", 0));
                columns.add(condition("Accepted"));
                columns.add(condition("Ready"));
            }
        }
        Map<String, Object> why =
                column("Why", ".status.conditions[?(@.status==\"False\")].message", 1);
        columns.add(why);
        Map<String, Object> age = column("Age", ".metadata.creationTimestamp", 0);
        age.put("type", "date");
        columns.add(age);
        return columns;
    }

    private static Map<String, Object> condition(String type) {
        return column(type, ".status.conditions[?(@.type==\"" + type + "\")].status", 0);
    }

    /// @param priority 0: always shown; 1: with `-o wide`
    private static Map<String, Object> column(String name, String path, int priority) {
        Map<String, Object> column = new LinkedHashMap<>();
        column.put("name", name);
        column.put("type", "string");
        column.put("jsonPath", path);
        if (priority > 0) {
            column.put("priority", priority);
        }
        return column;
    }

    private Map<String, Object> status() {
        Map<String, Object> members = new LinkedHashMap<>();
        Map<String, Object> generation =
                described("integer", "The generation that this status is about.");
        generation.put("format", "int64");
        members.put("observedGeneration", generation);
        if (kind == Kind.TARGET) {
            members.put("kind", described("string", "The kind of target, such as `aws`."));
        }
        members.put("conditions", conditions());
        Map<String, Object> status =
                described("object", "What became of it. Written by the bridge.");
        status.put("properties", members);
        return status;
    }

    /// The fields of `metav1.Condition`.
    private static Map<String, Object> conditions() {
        Map<String, Object> members = new LinkedHashMap<>();
        Map<String, Object> type =
                described(
                        "string",
                        "`Accepted`: it has no error of its own and none by what it refers to."
                                + " `Ready`: it is in force. `Warm`: what it needs is at hand, such as"
                                + " the issuer's keys.");
        type.put("maxLength", 316);
        members.put("type", type);
        Map<String, Object> value = described("string", "Whether it holds.");
        value.put("enum", List.of("True", "False", "Unknown"));
        members.put("status", value);
        Map<String, Object> generation = described("integer", "The generation this is about.");
        generation.put("format", "int64");
        members.put("observedGeneration", generation);
        Map<String, Object> since = described("string", "When `status` last changed.");
        since.put("format", "date-time");
        members.put("lastTransitionTime", since);
        Map<String, Object> reason =
                described("string", "The rule or the circumstance, in one word.");
        reason.put("maxLength", 1024);
        members.put("reason", reason);
        Map<String, Object> message = described("string", "The same for people.");
        message.put("maxLength", 32768);
        members.put("message", message);
        Map<String, Object> condition = new LinkedHashMap<>();
        condition.put("type", "object");
        condition.put(
                "required", List.of("type", "status", "lastTransitionTime", "reason", "message"));
        condition.put("properties", members);
        Map<String, Object> conditions = described("array", "Conditions by type.");
        conditions.put("x-kubernetes-list-type", "map");
        conditions.put("x-kubernetes-list-map-keys", List.of("type"));
        conditions.put("items", condition);
        return conditions;
    }

    private static Map<String, Object> described(String type, String description) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("description", description);
        schema.put("type", type);
        return schema;
    }

    private static Map<String, Object> object(Shape shape) {
        Map<String, Object> members = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        List<Object> rules = new ArrayList<>();
        for (Shape.Field field : shape.fields().values()) {
            if (!field.in(DocumentForm.RESOURCE)) {
                continue;
            }
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("description", field.description() + " Example: `" + field.example() + "`.");
            schema.putAll(type(field.type()));
            members.put(field.name(), schema);
            if (field.required()) {
                required.add(field.name());
            }
        }
        for (List<String> group : shape.exactlyOne()) {
            List<String> possible = shape.in(DocumentForm.RESOURCE, group);
            if (possible.size() == 1) {
                required.add(possible.getFirst());
            } else {
                rules.add(rule(possible, "exactly one of ", " == 1"));
            }
        }
        List<Object> alternatives = new ArrayList<>();
        for (List<String> group : shape.atLeastOne()) {
            List<String> possible = shape.in(DocumentForm.RESOURCE, group);
            if (possible.stream().allMatch(name -> visibleToCel(shape.known(name).type()))) {
                rules.add(rule(possible, "at least one of ", " >= 1"));
            } else {
                possible.forEach(name -> alternatives.add(Map.of("required", List.of(name))));
            }
        }
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        if (!alternatives.isEmpty()) {
            schema.put("anyOf", alternatives);
        }
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("properties", members);
        if (!rules.isEmpty()) {
            schema.put("x-kubernetes-validations", rules);
        }
        return schema;
    }

    /// CEL does not see values whose type the schema does not say.
    private static boolean visibleToCel(FieldType type) {
        return !(type instanceof Match);
    }

    private static Map<String, Object> rule(List<String> group, String words, String bound) {
        Map<String, Object> rule = new LinkedHashMap<>();
        rule.put(
                "rule",
                group.stream()
                        .map(name -> "has(self." + name + ")")
                        .collect(Collectors.joining(", ", "[", "].filter(x, x).size()" + bound)));
        rule.put("message", words + String.join(", ", group) + " must be written");
        return rule;
    }

    private static Map<String, Object> type(FieldType type) {
        Map<String, Object> schema = new LinkedHashMap<>();
        switch (type) {
            case Text(Format format) -> {
                if (format.mayBeNumber()) {
                    schema.put("x-kubernetes-int-or-string", true);
                } else {
                    schema.put("type", "string");
                    schema.put("minLength", 1);
                    schema.put("maxLength", longest(format));
                    if (format.pattern() != null) {
                        schema.put("pattern", format.pattern());
                    }
                }
            }
            case Flag(boolean onlyTrue) -> {
                schema.put("type", "boolean");
                if (onlyTrue) {
                    schema.put("enum", List.of(true));
                }
            }
            case Word(List<String> words) -> {
                schema.put("type", "string");
                schema.put("enum", words);
            }
            case Span _ -> {
                schema.put("type", "string");
                schema.put("minLength", 2);
                schema.put("maxLength", 40);
                schema.put("pattern", Format.DURATION.pattern());
            }
            case ListOf(FieldType element, int min, int max) -> {
                schema.put("type", "array");
                if (min > 0) {
                    schema.put("minItems", min);
                }
                schema.put("maxItems", max);
                list(schema, element);
                schema.put("items", type(element));
            }
            case MapOf(Format _, FieldType value, int min, int max) -> {
                schema.put("type", "object");
                if (min > 0) {
                    schema.put("minProperties", min);
                }
                schema.put("maxProperties", max);
                schema.put("additionalProperties", type(value));
            }
            case Nested(Shape shape) -> schema.putAll(object(shape));
            case SecretEntry _ -> schema.putAll(object(Schema.SECRET_ENTRY));
            case Match _ -> {
                // A form is text, a boolean or a mapping, which a structural schema cannot say.
                schema.put("type", "object");
                schema.put("minProperties", 1);
                schema.put("maxProperties", MatchReader.MAX_CLAIMS);
                schema.put(
                        "additionalProperties",
                        new LinkedHashMap<>(Map.of("x-kubernetes-preserve-unknown-fields", true)));
            }
            case Json json -> {
                if (!json.orText()) {
                    schema.put("type", "object");
                }
                schema.put("x-kubernetes-preserve-unknown-fields", true);
            }
        }
        return schema;
    }

    /// What stands twice is refused where the API server can tell: among texts, and among mappings
    /// that begin with a name they must have.
    private static void list(Map<String, Object> schema, FieldType element) {
        switch (element) {
            case Text _, Word _ -> schema.put("x-kubernetes-list-type", "set");
            case Nested(Shape shape) -> {
                Shape.Field first = shape.fields().values().iterator().next();
                schema.put("x-kubernetes-list-type", first.required() ? "map" : "atomic");
                if (first.required()) {
                    schema.put("x-kubernetes-list-map-keys", List.of(first.name()));
                }
            }
            case Flag _, Span _, ListOf _, MapOf _, SecretEntry _, Match _, Json _ ->
                    schema.put("x-kubernetes-list-type", "atomic");
        }
    }

    private static int longest(Format format) {
        return switch (format) {
            case LABEL -> 63;
            case NAME -> 253;
            case DATE -> 10;
            case IDENTIFIER -> 128;
            case ISSUER_URL -> 512;
            case LINE,
                    OWNER,
                    HTTPS_URL,
                    ENDPOINT_URL,
                    RESOURCE_URI,
                    CLAIM_NAME,
                    ROLE_ARN,
                    POLICY_ARN,
                    SCOPE,
                    RULE_ID ->
                    2048;
            case TEXT,
                    PATH,
                    DURATION,
                    TEMPLATE,
                    PARAMETER,
                    REGION,
                    TAG_KEY,
                    GOOGLE_PROVIDER,
                    SERVICE_ACCOUNT_EMAIL,
                    TENANT,
                    GUID,
                    REPOSITORY,
                    NUMBER_ID,
                    COUNT ->
                    Checks.MAX_TEXT;
        };
    }
}
