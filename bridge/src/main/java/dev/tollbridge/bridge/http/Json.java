package dev.tollbridge.bridge.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tollbridge.bridge.claims.JsonTree;
import dev.tollbridge.bridge.claims.PooledJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// Writes JSON.
final class Json {

    private Json() {}

    @FunctionalInterface
    interface Writing {
        void write(JsonGenerator json) throws IOException;
    }

    /// @param about how many bytes it will be
    static byte[] bytes(int about, Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(about);
        try (JsonGenerator json = PooledJson.FACTORY.createGenerator(bytes)) {
            writing.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /// A tree of maps, lists, strings, numbers, booleans and nulls; anything else by its
    /// `toString`.
    static byte[] tree(@Nullable Object tree) {
        return bytes(1024, json -> JsonTree.write(json, tree));
    }
}
