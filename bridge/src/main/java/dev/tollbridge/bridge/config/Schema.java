package dev.tollbridge.bridge.config;

import static dev.tollbridge.bridge.config.Fields.LINE;
import static dev.tollbridge.bridge.config.Fields.NAME;

import dev.tollbridge.bridge.config.FieldType.MapOf;
import dev.tollbridge.bridge.config.FieldType.Text;

/// Every field of every document, said once: the reader, the reference page and the JSON Schema are
/// made from this.
final class Schema {

    static final String API_VERSION = "tollbridge.dev/v1alpha1";

    private Schema() {}

    /// The two fields of a reference to a Secret's entry.
    static final Shape SECRET_ENTRY =
            Shape.named("secretRef")
                    .required(
                            "name",
                            NAME,
                            "A Secret of the bridge's own namespace, with the label"
                                    + " `tollbridge.dev/configuration: \"true\"`.",
                            "github-app")
                    .required(
                            "key",
                            new Text(Format.IDENTIFIER),
                            "The entry of its `data`.",
                            "private-key.pem")
                    .build();

    static final Shape METADATA =
            Shape.named("metadata")
                    .required(
                            "name", NAME, "Unique among the documents of its kind.", "my-document")
                    .optional(
                            "labels",
                            new MapOf(Format.LINE, LINE, 0, 64),
                            "For your own tools; without effect.",
                            "{team: payments}")
                    .optional(
                            "annotations",
                            new MapOf(Format.LINE, new Text(Format.TEXT), 0, 64),
                            "For your own tools; without effect.",
                            "{ticket: SEC-17}")
                    .build();

    static Shape of(Kind kind) {
        return switch (kind) {
            case TRUSTED_ISSUER -> IssuerSchema.TRUSTED_ISSUER;
            case TARGET -> TargetSchema.TARGET;
            case GRANT -> GrantSchema.GRANT;
            case EXEMPTION -> WebhookSchema.EXEMPTION;
            case ADMISSION_SETTINGS -> WebhookSchema.ADMISSION_SETTINGS;
        };
    }
}
