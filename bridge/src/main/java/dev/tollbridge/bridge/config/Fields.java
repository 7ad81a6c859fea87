package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.FieldType.Flag;
import dev.tollbridge.bridge.config.FieldType.ListOf;
import dev.tollbridge.bridge.config.FieldType.Nested;
import dev.tollbridge.bridge.config.FieldType.Span;
import dev.tollbridge.bridge.config.FieldType.Text;
import dev.tollbridge.bridge.config.FieldType.Word;
import java.time.Duration;
import java.util.List;

/// Types of fields that several kinds of document have.
final class Fields {

    private Fields() {}

    static final FieldType FLAG = new Flag(false);
    static final FieldType TRUE = new Flag(true);
    static final FieldType LINE = new Text(Format.LINE);
    static final FieldType HTTPS = new Text(Format.HTTPS_URL);
    static final FieldType ENDPOINT = new Text(Format.ENDPOINT_URL);
    static final FieldType NAME = new Text(Format.NAME);
    static final FieldType OWNER = new Text(Format.OWNER);
    static final FieldType TEMPLATE = new Text(Format.TEMPLATE);
    static final FieldType SCOPES = new ListOf(new Text(Format.SCOPE), 0, 200);
    static final FieldType CONSTRAINT = new Word(List.of("none", "dpop", "mtls", "any"));
    static final FieldType MODE = new Word(List.of("off", "audit", "warn", "enforce"));
    static final String ENABLED =
            "`false` stops it at once on every path, also when the rest of the edit is refused."
                    + " Default `true`.";

    static Span span(Duration max) {
        return new Span(Duration.ofSeconds(1), max);
    }

    static Nested nested(Shape.Builder shape) {
        return new Nested(shape.build());
    }
}
