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
        private final RecordDraft draft = new RecordDraft();

        void read(String name, JsonParser parser) throws IOException {
            switch (name) {
                case "format" -> format = parser.getIntValue();
                case "seq" -> seq = parser.getLongValue();
                case "prev" -> prev = parser.getText();
                case "time" -> draft.time(Instant.parse(parser.getText()));
                case "kind" ->
                        draft.kind(
                                AuditRecord.Kind.valueOf(
                                        parser.getText().toUpperCase(Locale.ROOT)));
                case "id" -> draft.id(parser.getText());
                case "receipt" -> draft.receipt(parser.getText());
                case "reason" -> draft.reason(parser.getText());
                case "detail" -> draft.detail(parser.getText());
                case "issuer" -> draft.issuer(parser.getText());
                case "subject" -> draft.subject(parser.getText());
                case "claims" -> draft.claims(claims(parser));
                case "token_fingerprint" -> draft.tokenFingerprint(parser.getText());
                case "jti_hash" -> draft.jtiHash(parser.getText());
                case "subject_expires" -> draft.subjectExpires(Instant.parse(parser.getText()));
                case "replay_until" -> draft.replayUntil(Instant.parse(parser.getText()));
                case "presentation" -> draft.presentation(parser.getText());
                case "replay" -> draft.replay(parser.getText());
                case "grant" -> draft.grant(parser.getText());
                case "target" -> draft.target(parser.getText());
                case "target_kind" -> draft.targetKind(parser.getText());
                case "scope" -> draft.scope(parser.getText());
                case "ttl" -> draft.ttl(Duration.ofSeconds(parser.getLongValue()));
                case "expires" -> draft.expires(Instant.parse(parser.getText()));
                case "sender_constraint" -> draft.senderConstraint(parser.getText());
                case "peer" -> draft.peer(parser.getText());
                case "user_agent" -> draft.userAgent(parser.getText());
                case "owner" -> draft.owner(parser.getText());
                case "session" -> draft.session(parser.getText());
                case "state" -> draft.state(parser.getText());
                case "other_peer" -> draft.otherPeer(parser.getBooleanValue());
                case "duration_ms" -> draft.duration(Duration.ofMillis(parser.getLongValue()));
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

        RecordLine line() {
            return new RecordLine(format, seq, prev, draft.build());
        }
    }
}
