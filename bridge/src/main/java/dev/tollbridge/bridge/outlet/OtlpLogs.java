package dev.tollbridge.bridge.outlet;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.StrictJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lines of the record as OpenTelemetry log records (OTLP 1.x, `ExportLogsServiceRequest` in the
/// JSON form of Protobuf: numbers of 64 bits are strings).
///
/// The body is the line itself, byte for byte, so that a chain can be verified from what a
/// collector kept; its members are attributes beside it, for searching.
final class OtlpLogs {

    private static final JsonFactory JSON = new JsonFactory();

    /// SeverityNumber of the log data model.
    private static final int INFO = 9;

    private static final int WARN = 13;

    private static final Set<String> WARNED = Set.of("refused", "failed", "uncertain");

    private OtlpLogs() {}

    static byte[] body(List<byte[]> lines) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeArrayFieldStart("resourceLogs");
            json.writeStartObject();
            json.writeObjectFieldStart("resource");
            json.writeArrayFieldStart("attributes");
            attribute(json, "service.name", "tollbridge");
            json.writeEndArray();
            json.writeEndObject();
            json.writeArrayFieldStart("scopeLogs");
            json.writeStartObject();
            json.writeObjectFieldStart("scope");
            json.writeStringField("name", "dev.tollbridge.audit");
            json.writeEndObject();
            json.writeArrayFieldStart("logRecords");
            for (byte[] line : lines) {
                record(json, line);
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void record(JsonGenerator json, byte[] line) throws IOException {
        Map<String, ?> members = members(line);
        boolean warned = members.get("kind") instanceof String kind && WARNED.contains(kind);
        json.writeStartObject();
        if (members.get("time") instanceof String time) {
            String nanos = nanos(time);
            if (nanos != null) {
                json.writeStringField("timeUnixNano", nanos);
            }
        }
        json.writeNumberField("severityNumber", warned ? WARN : INFO);
        json.writeStringField("severityText", warned ? "WARN" : "INFO");
        json.writeStringField("eventName", "tollbridge." + members.get("kind"));
        json.writeObjectFieldStart("body");
        json.writeStringField("stringValue", new String(line, StandardCharsets.UTF_8));
        json.writeEndObject();
        json.writeArrayFieldStart("attributes");
        for (Map.Entry<String, ?> member : members.entrySet()) {
            attribute(json, "tollbridge." + member.getKey(), member.getValue());
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void attribute(JsonGenerator json, String name, @Nullable Object value)
            throws IOException {
        if (value instanceof Map<?, ?> map) {
            for (Map.Entry<?, ?> each : map.entrySet()) {
                attribute(json, name + "." + each.getKey(), each.getValue());
            }
            return;
        }
        json.writeStartObject();
        json.writeStringField("key", name);
        json.writeObjectFieldStart("value");
        switch (value) {
            case Long number -> json.writeStringField("intValue", Long.toString(number));
            case Boolean truth -> json.writeBooleanField("boolValue", truth);
            case null, default -> json.writeStringField("stringValue", String.valueOf(value));
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static Map<String, ?> members(byte[] line) {
        try {
            return StrictJson.object(line).members();
        } catch (StrictJson.Malformed e) {
            // The bridge wrote it; a line that its strict reader does not take goes as it is.
            return Map.of();
        }
    }

    private static @Nullable String nanos(String time) {
        try {
            Instant at = Instant.parse(time);
            return Long.toString(
                    Math.addExact(
                            Math.multiplyExact(at.getEpochSecond(), 1_000_000_000L), at.getNano()));
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }

    /// How many records a collector says it did not take (`partialSuccess.rejectedLogRecords`).
    static long rejected(byte[] answer) {
        try {
            Claims claims = StrictJson.object(answer);
            return switch (claims.at("/partialSuccess/rejectedLogRecords")) {
                case Long number -> number;
                case String text -> Long.parseLong(text);
                case null, default -> 0;
            };
        } catch (StrictJson.Malformed | NumberFormatException e) {
            return 0;
        }
    }
}
