package dev.tollbridge.bridge.config;

import java.util.Locale;

/// The rules of form that documents have to keep, by the id that problems carry. What documents
/// mean, and which are dangerous, has rules of its own elsewhere.
public enum SchemaRule {
    UNREADABLE("A file or directory cannot be read, is no regular file, or is not UTF-8."),
    SYMLINK_LEAVES_DIRECTORY("A symbolic link points out of the configuration directory."),
    TOO_LARGE("A file, a document, a text, a list or the whole configuration is beyond its bound."),
    YAML_SYNTAX("The text is not YAML 1.2."),
    YAML_FORBIDDEN(
            "Anchors, aliases, tags and directives are not accepted: a document means what it"
                    + " shows."),
    YAML_DEPTH("Mappings and lists are nested too deeply."),
    DUPLICATE_KEY("A field stands twice in one mapping."),
    NOT_A_DOCUMENT("A document is a mapping of `apiVersion`, `kind`, `metadata` and `spec`."),
    API_VERSION("`apiVersion` is `tollbridge.dev/v1alpha1`."),
    UNKNOWN_KIND("`kind` is one of the five document kinds."),
    DUPLICATE_NAME("Two documents of one kind have the same name."),
    UNKNOWN_FIELD("A field that the schema does not have. It is never ignored."),
    MISSING_FIELD("A field that must be written is not."),
    FILE_PATH(
            "A custom resource names a file: whoever may write it would choose what the bridge"
                    + " reads."),
    SECRET_REFERENCE(
            "A document in a file refers to a Secret. Only custom resources do; a file names a"
                    + " file."),
    NULL_VALUE("A field is written without a value. Leave it out, or give it one."),
    WRONG_TYPE("A value has another type than the field."),
    QUOTE_IT(
            "An unquoted number or boolean stands where text is meant; YAML would change it."
                    + " Quote it."),
    INVALID_VALUE("A value has the right type and is not acceptable."),
    EXACTLY_ONE("Of several fields exactly one (or at least one) must be written."),
    EMPTY("A list, mapping or text that must not be empty is."),
    DUPLICATE_VALUE("A list holds the same value twice."),
    RESERVED_CLAIM("A `jwt` target sets a claim that is the bridge's or a cloud's to set."),
    FEDERATION_AUDIENCE("A `jwt` target has an audience that clouds expect of the bridge itself."),
    CANNOT_BE_BOUND("`senderConstraint` on a kind of target whose credential cannot be bound."),
    LIFETIME("A lifetime is outside of what the provider can issue."),
    EXEMPTION_UNPINNED("An exemption pins neither a fingerprint nor an object and a detector."),
    TOO_MANY_PROBLEMS("There are more problems than are listed.");

    private final String meaning;
    private final String id = name().toLowerCase(Locale.ROOT).replace('_', '-');

    SchemaRule(String meaning) {
        this.meaning = meaning;
    }

    /// As in {@link Problem#rule()}.
    public String id() {
        return id;
    }

    public String meaning() {
        return meaning;
    }
}
