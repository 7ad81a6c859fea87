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

    /// @param where in which form of documents it may be written
    /// @param description one sentence or two, Markdown
    /// @param example a value as written in YAML
    record Field(
            String name,
            FieldType type,
            boolean required,
            Where where,
            String description,
            String example) {

        /// Whether documents of this form may have it.
        boolean in(DocumentForm form) {
            return switch (where) {
                case EVERYWHERE -> true;
                case FILES -> form == DocumentForm.FILE;
                case RESOURCES -> form == DocumentForm.RESOURCE;
            };
        }
    }

    /// Which documents may have a field: a custom resource names no file, because whoever may write
    /// it would choose what the bridge reads; a file has no namespace whose Secrets it could mean.
    enum Where {
        EVERYWHERE,
        FILES,
        RESOURCES
    }

    /// The fields of a group that documents of this form may have.
    List<String> in(DocumentForm form, List<String> group) {
        return group.stream().filter(name -> known(name).in(form)).toList();
    }

    Field known(String name) {
        Field field = fields.get(name);
        if (field == null) {
            throw new IllegalStateException(this.name + " has a group with the unknown " + name);
        }
        return field;
    }

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
            return put(field, type, true, Where.EVERYWHERE, description, example);
        }

        Builder optional(String field, FieldType type, String description, String example) {
            return put(field, type, false, Where.EVERYWHERE, description, example);
        }

        /// Content that lies outside the document: in a file, or, for a custom resource, in an
        /// entry of a Secret.
        ///
        /// @param file field that names the file
        /// @param secret field that names the Secret's entry
        Builder optionalContent(
                String file, String secret, String description, String fileExample) {
            put(
                    file,
                    new FieldType.Text(Format.PATH),
                    false,
                    Where.FILES,
                    description,
                    fileExample);
            return put(
                    secret,
                    new FieldType.SecretEntry(),
                    false,
                    Where.RESOURCES,
                    description,
                    "{name: my-secret, key: " + lastPart(fileExample) + "}");
        }

        /// The same; one of the two must be written.
        Builder requiredContent(
                String file, String secret, String description, String fileExample) {
            return optionalContent(file, secret, description, fileExample)
                    .exactlyOneOf(file, secret);
        }

        private static String lastPart(String path) {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        private Builder put(
                String field,
                FieldType type,
                boolean required,
                Where where,
                String description,
                String example) {
            fields.put(field, new Field(field, type, required, where, description, example));
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
