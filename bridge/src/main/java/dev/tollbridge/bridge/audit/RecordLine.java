package dev.tollbridge.bridge.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A line of the record, read back.
///
/// @param format what a file's first line says about the file's form; 0 on every other line
/// @param seq number in the chain; 0 for a line outside it
/// @param prev SHA-256 of the line before, in hexadecimal
public record RecordLine(int format, long seq, String prev, AuditRecord record) {

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(4)
                                    .maxStringLength(32 << 20)
                                    .build())
                    .build();

    /// The form that a file's first line names, also for a form this version cannot read; 0 when
    /// the line names none.
    static int formatOf(byte[] bytes, int offset, int length) {
        byte[] start = {'{', '"', 'f', 'o', 'r', 'm', 'a', 't', '"', ':'};
        if (length <= start.length) {
            return 0;
        }
        for (int i = 0; i < start.length; i++) {
            if (bytes[offset + i] != start[i]) {
                return 0;
            }
        }
        int format = 0;
        for (int i = offset + start.length; i < offset + length; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9 || format > 100_000) {
                break;
            }
            format = format * 10 + digit;
        }
        return format;
    }

    /// @throws IOException when the bytes are not a line of the record; the message does not quote
    ///   them
    public static RecordLine parse(byte[] bytes, int offset, int length) throws IOException {
        try (JsonParser parser = FACTORY.createParser(bytes, offset, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a JSON object");
            }
            Members members = new Members();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                parser.nextToken();
                members.read(name, parser);
            }
            if (parser.nextToken() != null) {
                throw new IOException("something follows the JSON object");
            }
            return members.line();
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IOException("a member has a value that cannot be: " + e.getClass(), e);
        }
    }

    /// What has been read so far.
    private static final class Members {
        private int format;
        private long seq;
        private String prev = "";
        private @Nullable Instant time;
        private AuditRecord.@Nullable Kind kind;
        private @Nullable String id;
        private @Nullable String receipt;
        private @Nullable String reason;
        private @Nullable String detail;
        private @Nullable String issuer;
        private @Nullable String subject;
        private Map<String, String> claims = Map.of();
        private @Nullable String tokenFingerprint;
        private @Nullable String jtiHash;
        private @Nullable Instant subjectExpires;
        private @Nullable Instant replayUntil;
        private @Nullable String presentation;
        private @Nullable String replay;
        private @Nullable String grant;
        private @Nullable String target;
        private @Nullable String targetKind;
        private @Nullable String scope;
        private @Nullable Duration ttl;
        private @Nullable Instant expires;
        private @Nullable String senderConstraint;
        private @Nullable String peer;
        private @Nullable String userAgent;
        private @Nullable String owner;
        private boolean otherPeer;
        private @Nullable Duration duration;

        void read(String name, JsonParser parser) throws IOException {
            switch (name) {
                case "format" -> format = parser.getIntValue();
                case "seq" -> seq = parser.getLongValue();
                case "prev" -> prev = parser.getText();
                case "time" -> time = Instant.parse(parser.getText());
                case "kind" ->
                        kind = AuditRecord.Kind.valueOf(parser.getText().toUpperCase(Locale.ROOT));
                case "id" -> id = parser.getText();
                case "receipt" -> receipt = parser.getText();
                case "reason" -> reason = parser.getText();
                case "detail" -> detail = parser.getText();
                case "issuer" -> issuer = parser.getText();
                case "subject" -> subject = parser.getText();
                case "claims" -> claims = claims(parser);
                case "token_fingerprint" -> tokenFingerprint = parser.getText();
                case "jti_hash" -> jtiHash = parser.getText();
                case "subject_expires" -> subjectExpires = Instant.parse(parser.getText());
                case "replay_until" -> replayUntil = Instant.parse(parser.getText());
                case "presentation" -> presentation = parser.getText();
                case "replay" -> replay = parser.getText();
                case "grant" -> grant = parser.getText();
                case "target" -> target = parser.getText();
                case "target_kind" -> targetKind = parser.getText();
                case "scope" -> scope = parser.getText();
                case "ttl" -> ttl = Duration.ofSeconds(parser.getLongValue());
                case "expires" -> expires = Instant.parse(parser.getText());
                case "sender_constraint" -> senderConstraint = parser.getText();
                case "peer" -> peer = parser.getText();
                case "user_agent" -> userAgent = parser.getText();
                case "owner" -> owner = parser.getText();
                case "other_peer" -> otherPeer = parser.getBooleanValue();
                case "duration_ms" -> duration = Duration.ofMillis(parser.getLongValue());
                default -> parser.skipChildren();
            }
        }

        private static Map<String, String> claims(JsonParser parser) throws IOException {
            Map<String, String> claims = new LinkedHashMap<>();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String name = parser.currentName();
                if (name == null || parser.nextToken() != JsonToken.VALUE_STRING) {
                    throw new IOException("a claim is not a string");
                }
                claims.put(name, parser.getText());
            }
            return claims;
        }

        RecordLine line() throws IOException {
            if (time == null || kind == null) {
                throw new IOException("time or kind is missing");
            }
            return new RecordLine(
                    format,
                    seq,
                    prev,
                    new AuditRecord(
                            time,
                            kind,
                            id,
                            receipt,
                            reason,
                            detail,
                            issuer,
                            subject,
                            claims,
                            tokenFingerprint,
                            jtiHash,
                            subjectExpires,
                            presentation,
                            replay,
                            grant,
                            target,
                            targetKind,
                            scope,
                            ttl,
                            expires,
                            senderConstraint,
                            peer,
                            userAgent,
                            owner,
                            otherPeer,
                            duration,
                            replayUntil));
        }
    }
}
