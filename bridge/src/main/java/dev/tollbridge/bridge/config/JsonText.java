package dev.tollbridge.bridge.config;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.tollbridge.bridge.config.Format.Invalid;
import dev.tollbridge.bridge.config.YamlNode.Mapping;
import dev.tollbridge.bridge.config.YamlNode.Member;
import dev.tollbridge.bridge.config.YamlNode.Scalar;
import dev.tollbridge.bridge.config.YamlNode.Sequence;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/// JSON objects inside documents: written out as YAML, or given as JSON text.
final class JsonText {

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(YamlText.MAX_DEPTH)
                                    .build())
                    .build();

    private JsonText() {}

    /// @return the text itself
    static String checked(String text) throws Invalid {
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Invalid("must be a JSON object", null);
            }
            int depth = 1;
            while (depth > 0) {
                JsonToken token = parser.nextToken();
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            }
            if (parser.nextToken() != null) {
                throw new Invalid("something follows the JSON object", null);
            }
            return text;
        } catch (IOException e) {
            throw new Invalid("is not JSON", null);
        }
    }

    static String written(YamlNode node) throws Invalid {
        if (!(node instanceof Mapping)) {
            throw new Invalid("must be a mapping, not " + node.described(), null);
        }
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            write(node, generator);
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter does not fail", e);
        }
        return text.toString();
    }

    private static void write(YamlNode node, JsonGenerator generator) throws IOException, Invalid {
        switch (node) {
            case Mapping mapping -> {
                generator.writeStartObject();
                for (Member entry : mapping.entries()) {
                    generator.writeFieldName(entry.name().text());
                    write(entry.value(), generator);
                }
                generator.writeEndObject();
            }
            case Sequence sequence -> {
                generator.writeStartArray();
                for (YamlNode element : sequence.elements()) {
                    write(element, generator);
                }
                generator.writeEndArray();
            }
            case Scalar scalar -> scalar(scalar, generator);
        }
    }

    private static void scalar(Scalar scalar, JsonGenerator generator) throws IOException, Invalid {
        switch (scalar.type()) {
            case TEXT -> generator.writeString(scalar.text());
            case NULL -> generator.writeNull();
            case BOOLEAN ->
                    generator.writeBoolean(Character.toLowerCase(scalar.text().charAt(0)) == 't');
            case INTEGER, FLOAT -> {
                if (scalar.text().length() > 32 || !isJsonNumber(scalar.text())) {
                    throw new Invalid(
                            Problems.quoted(scalar.text()) + " is not a number of JSON",
                            "quote it if it is text");
                }
                generator.writeNumber(scalar.text());
            }
        }
    }

    /// RFC 8259 section 6.
    private static boolean isJsonNumber(String text) {
        int at = text.charAt(0) == '-' ? 1 : 0;
        boolean leadingZero =
                text.length() > at + 1
                        && text.charAt(at) == '0'
                        && Character.isDigit(text.charAt(at + 1));
        int point = text.indexOf('.');
        boolean bare =
                point >= 0
                        && (point == at
                                || point == text.length() - 1
                                || !Character.isDigit(text.charAt(point + 1)));
        return at < text.length()
                && Character.isDigit(text.charAt(at))
                && !leadingZero
                && !bare
                && text.indexOf('x') < 0
                && text.indexOf('o') < 0;
    }
}
