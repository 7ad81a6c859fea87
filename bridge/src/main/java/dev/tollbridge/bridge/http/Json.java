package dev.tollbridge.bridge.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes JSON.
final class Json {

    // The default pool is per thread, which with a virtual thread per request means no pool.
    private static final JsonFactory FACTORY =
            JsonFactory.builder().recyclerPool(JsonRecyclerPools.newConcurrentDequePool()).build();

    private Json() {}

    @FunctionalInterface
    interface Writing {
        void write(JsonGenerator json) throws IOException;
    }

    /// @param about how many bytes it will be
    static byte[] bytes(int about, Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(about);
        try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
            writing.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// A tree of maps, lists, strings, numbers, booleans and nulls; anything else by its
    /// `toString`.
    static byte[] tree(@Nullable Object tree) {
        return bytes(1024, json -> write(json, tree));
    }

    private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
        switch (value) {
            case null -> json.writeNull();
            case Map<?, ?> object -> {
                json.writeStartObject();
                for (Map.Entry<?, ?> member : object.entrySet()) {
                    json.writeFieldName(String.valueOf(member.getKey()));
                    write(json, member.getValue());
                }
                json.writeEndObject();
            }
            case Iterable<?> list -> {
                json.writeStartArray();
                for (Object element : list) {
                    write(json, element);
                }
                json.writeEndArray();
            }
            case Boolean bool -> json.writeBoolean(bool);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case BigInteger number -> json.writeNumber(number);
            case Double number -> json.writeNumber(number);
            case Object text -> json.writeString(text.toString());
        }
    }
}
