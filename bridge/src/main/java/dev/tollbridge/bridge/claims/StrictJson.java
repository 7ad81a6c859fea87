package dev.tollbridge.bridge.claims;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads one JSON object and refuses whatever two readers could understand differently: a name
/// twice in one object (also when one is written with escapes), anything after the object,
/// comments, `NaN`, a number no double can hold, malformed UTF-8, half a surrogate pair, a byte
/// order mark, a nesting or size beyond the bound.
public final class StrictJson {

    /// Deep enough for every token seen, shallow enough that no stack notices.
    public static final int MAX_DEPTH = 16;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    // The default pool is per thread: with a virtual thread per request, none.
                    .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxNumberLength(64)
                                    .maxNameLength(1024)
                                    .maxStringLength(256 * 1024)
                                    .build())
                    .build();

    private StrictJson() {}

    /// @throws Malformed when the bytes are not exactly one acceptable JSON object
    public static Claims object(byte[] utf8) throws Malformed {
        return object(utf8, 0, utf8.length);
    }

    public static Claims object(byte[] utf8, int offset, int length) throws Malformed {
        // Jackson decodes UTF-8 leniently in places (overlong forms, surrogates) and guesses UTF-16
        // and UTF-32 from
        // zero bytes: the JDK's decoder reports all of these.
        String text;
        try {
            text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(utf8, offset, length))
                            .toString();
        } catch (CharacterCodingException e) {
            throw new Malformed("not UTF-8");
        }
        try (JsonParser parser = FACTORY.createParser(text)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Malformed("not a JSON object");
            }
            Map<String, @Nullable Object> members = object(parser);
            if (parser.nextToken() != null) {
                throw new Malformed("something follows the JSON object");
            }
            return new Claims(members);
        } catch (IOException e) {
            // Jackson's message may quote the input: say only where.
            throw new Malformed("not acceptable JSON (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static Map<String, @Nullable Object> object(JsonParser parser) throws IOException {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            int before = members.size();
            members.put(wellFormed(name), value(parser));
            // Cheaper than the parser's own detection, which keeps a second set of the names.
            if (members.size() == before) {
                throw new IOException("a name twice in one object");
            }
        }
        return Collections.unmodifiableMap(members);
    }

    private static @Nullable Object value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> list(parser);
            case VALUE_STRING -> wellFormed(parser.getText());
            case VALUE_NUMBER_INT -> integer(parser);
            case VALUE_NUMBER_FLOAT -> fraction(parser);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw new IOException("unexpected " + parser.currentToken());
        };
    }

    /// An escape can write half a surrogate pair, which UTF-8 cannot: encoders replace it, and two
    /// different names or values become one.
    private static String wellFormed(String text) throws IOException {
        boolean afterHigh = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isLowSurrogate(c) != afterHigh) {
                throw new IOException("half a surrogate pair");
            }
            afterHigh = Character.isHighSurrogate(c);
        }
        if (afterHigh) {
            throw new IOException("half a surrogate pair");
        }
        return text;
    }

    private static Object fraction(JsonParser parser) throws IOException {
        double number = parser.getDoubleValue();
        if (Double.isInfinite(number)) {
            throw new IOException("a number beyond every double");
        }
        return number;
    }

    private static Object integer(JsonParser parser) throws IOException {
        return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? parser.getBigIntegerValue()
                : (Object) parser.getLongValue();
    }

    private static List<@Nullable Object> list(JsonParser parser) throws IOException {
        List<@Nullable Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(parser));
        }
        return Collections.unmodifiableList(elements);
    }

    /// Not exactly one acceptable JSON object. The message never quotes the input.
    public static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }
}
