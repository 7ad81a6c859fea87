package dev.tollbridge.bridge.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes records as lines into one buffer and keeps the chain: each line carries the SHA-256, in
/// hexadecimal, of the line before without its line feed. Not for use by two threads.
///
/// By hand and not through a JSON library because it runs for every exchange: members are copied
/// from constants, strings are escaped while they are copied.
final class LineWriter {

    /// Of the line before the first.
    static final String NO_LINE = "0".repeat(64);

    /// What the first member of a file's first line says.
    static final int FORMAT = 1;

    /// Longer texts are cut: no caller may fill the disk with one record.
    private static final int MAX_TEXT = 4096;

    /// Details are written by the bridge itself.
    private static final int MAX_DETAIL = 4 << 20;

    private static final long SECONDS_PER_DAY = 86_400;
    private static final byte[] HEX = "0123456789abcdef".getBytes(US_ASCII);

    private static final byte[] FORMAT_MEMBER = ascii("{\"format\":" + FORMAT + ",\"seq\":");
    private static final byte[] SEQ = ascii("{\"seq\":");
    private static final byte[] PREV = ascii(",\"prev\":\"");
    private static final byte[] TIME = ascii("\",\"time\":\"");
    private static final byte[] KIND = ascii("\",\"kind\":\"");
    private static final byte[] ID = member("id");
    private static final byte[] RECEIPT = member("receipt");
    private static final byte[] REASON = member("reason");
    private static final byte[] DETAIL = member("detail");
    private static final byte[] ISSUER = member("issuer");
    private static final byte[] SUBJECT = member("subject");
    private static final byte[] CLAIMS = ascii(",\"claims\":{");
    private static final byte[] TOKEN_FINGERPRINT = member("token_fingerprint");
    private static final byte[] JTI_HASH = member("jti_hash");
    private static final byte[] SUBJECT_EXPIRES = member("subject_expires");
    private static final byte[] REPLAY_UNTIL = member("replay_until");
    private static final byte[] PRESENTATION = member("presentation");
    private static final byte[] REPLAY = member("replay");
    private static final byte[] GRANT = member("grant");
    private static final byte[] TARGET = member("target");
    private static final byte[] TARGET_KIND = member("target_kind");
    private static final byte[] SCOPE = member("scope");
    private static final byte[] TTL = ascii(",\"ttl\":");
    private static final byte[] EXPIRES = member("expires");
    private static final byte[] SENDER_CONSTRAINT = member("sender_constraint");
    private static final byte[] PEER = member("peer");
    private static final byte[] USER_AGENT = member("user_agent");
    private static final byte[] OWNER = member("owner");
    private static final byte[] OTHER_PEER = ascii(",\"other_peer\":true");
    private static final byte[] SESSION = member("session");
    private static final byte[] STATE = member("state");
    private static final byte[] DURATION_MS = ascii(",\"duration_ms\":");

    private final MessageDigest sha256 = sha256();
    private final byte[] hash = new byte[32];
    private final byte[] hex = NO_LINE.getBytes(US_ASCII);

    private byte[] buffer = new byte[1 << 16];
    private int size;
    private long seq;

    private long cachedDay = Long.MIN_VALUE;
    private byte[] cachedDate = new byte[0];

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static byte[] member(String name) {
        return ascii(",\"" + name + "\":\"");
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    /// Continues behind a line.
    void continueAfter(long lastSeq, String lastHash) {
        seq = lastSeq;
        byte[] bytes = ascii(lastHash);
        System.arraycopy(bytes, 0, hex, 0, hex.length);
    }

    /// Number of the last line written.
    long seq() {
        return seq;
    }

    /// SHA-256 of the last line written, in hexadecimal.
    String lastHash() {
        return new String(hex, US_ASCII);
    }

    byte[] buffer() {
        return buffer;
    }

    int size() {
        return size;
    }

    void clear() {
        size = 0;
        if (buffer.length > 16 << 20) {
            buffer = new byte[1 << 16];
        }
    }

    /// The first line of a file: says which form the file has.
    void firstLine(AuditRecord record) {
        line(FORMAT_MEMBER, record);
    }

    void line(AuditRecord record) {
        line(SEQ, record);
    }

    /// A line outside the chain: no number, no hash.
    void loose(AuditRecord record) {
        ensure(64);
        buffer[size++] = '{';
        raw(TIME, 2);
        members(record);
    }

    private void line(byte[] start, AuditRecord record) {
        int from = size;
        raw(start, 0);
        number(++seq);
        raw(PREV, 0);
        raw(hex, 0);
        raw(TIME, 0);
        members(record);
        chain(from, size - 1);
    }

    private void members(AuditRecord record) {
        time(record.time(), true);
        raw(KIND, 0);
        raw(ascii(record.kind().code()), 0);
        ensure(1);
        buffer[size++] = '"';
        text(ID, record.id());
        text(RECEIPT, record.receipt());
        text(REASON, record.reason());
        text(ISSUER, record.issuer());
        text(SUBJECT, record.subject());
        claims(record.claims());
        text(TOKEN_FINGERPRINT, record.tokenFingerprint());
        text(JTI_HASH, record.jtiHash());
        time(SUBJECT_EXPIRES, record.subjectExpires());
        time(REPLAY_UNTIL, record.replayUntil());
        text(PRESENTATION, record.presentation());
        text(REPLAY, record.replay());
        text(GRANT, record.grant());
        text(TARGET, record.target());
        text(TARGET_KIND, record.targetKind());
        text(SCOPE, record.scope());
        Duration ttl = record.ttl();
        if (ttl != null) {
            raw(TTL, 0);
            number(ttl.toSeconds());
        }
        time(EXPIRES, record.expires());
        text(SENDER_CONSTRAINT, record.senderConstraint());
        text(PEER, record.peer());
        text(USER_AGENT, record.userAgent());
        text(OWNER, record.owner());
        if (record.otherPeer()) {
            raw(OTHER_PEER, 0);
        }
        Duration duration = record.duration();
        if (duration != null) {
            raw(DURATION_MS, 0);
            number(duration.toMillis());
        }
        text(SESSION, record.session());
        text(STATE, record.state(), MAX_DETAIL);
        text(DETAIL, record.detail(), MAX_DETAIL);
        ensure(2);
        buffer[size++] = '}';
        buffer[size++] = '\n';
    }

    private void chain(int from, int to) {
        try {
            sha256.update(buffer, from, to - from);
            sha256.digest(hash, 0, hash.length);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 has 32 bytes", e);
        }
        for (int i = 0; i < hash.length; i++) {
            hex[2 * i] = HEX[(hash[i] >> 4) & 15];
            hex[2 * i + 1] = HEX[hash[i] & 15];
        }
    }

    private void claims(Map<String, String> claims) {
        if (claims.isEmpty()) {
            return;
        }
        raw(CLAIMS, 0);
        for (Map.Entry<String, String> claim : claims.entrySet()) {
            ensure(1);
            buffer[size++] = '"';
            escaped(claim.getKey(), MAX_TEXT);
            ensure(3);
            buffer[size++] = '"';
            buffer[size++] = ':';
            buffer[size++] = '"';
            escaped(claim.getValue(), MAX_TEXT);
            ensure(2);
            buffer[size++] = '"';
            buffer[size++] = ',';
        }
        // The last comma becomes the end of the object.
        buffer[size - 1] = '}';
    }

    private void text(byte[] member, @Nullable String value) {
        text(member, value, MAX_TEXT);
    }

    private void text(byte[] member, @Nullable String value, int max) {
        if (value == null) {
            return;
        }
        raw(member, 0);
        escaped(value, max);
        ensure(1);
        buffer[size++] = '"';
    }

    private void time(byte[] member, @Nullable Instant value) {
        if (value == null) {
            return;
        }
        raw(member, 0);
        time(value, false);
        ensure(1);
        buffer[size++] = '"';
    }

    private void time(Instant time, boolean millis) {
        long seconds = time.getEpochSecond();
        long day = Math.floorDiv(seconds, SECONDS_PER_DAY);
        if (day != cachedDay) {
            // Outside the years 0 to 9999 nothing sorts or parses any more; such a time is hostile.
            LocalDate date = LocalDate.ofEpochDay(Math.clamp(day, -719_528L, 2_932_896L));
            cachedDate = ascii(date + "T");
            cachedDay = day;
        }
        raw(cachedDate, 0);
        int second = (int) Math.floorMod(seconds, SECONDS_PER_DAY);
        ensure(16);
        two(second / 3600);
        buffer[size++] = ':';
        two(second / 60 % 60);
        buffer[size++] = ':';
        two(second % 60);
        if (millis) {
            int fraction = Math.floorMod(time.toEpochMilli(), 1000);
            buffer[size++] = '.';
            buffer[size++] = (byte) ('0' + fraction / 100);
            two(fraction % 100);
        }
        buffer[size++] = 'Z';
    }

    private void two(int number) {
        buffer[size++] = (byte) ('0' + number / 10);
        buffer[size++] = (byte) ('0' + number % 10);
    }

    private void number(long value) {
        ensure(20);
        if (value < 0) {
            raw(ascii(Long.toString(value)), 0);
            return;
        }
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        long rest = value;
        for (int at = size + digits - 1; at >= size; at--) {
            buffer[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
    }

    private void escaped(String text, int max) {
        int length = Math.min(text.length(), max);
        // A character takes six bytes at most.
        ensure(6 * length + 3);
        byte[] to = buffer;
        int at = size;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
                to[at++] = (byte) c;
            } else if (c == '"' || c == '\\') {
                to[at++] = '\\';
                to[at++] = (byte) c;
            } else if (c < 0x80 || Character.isSurrogate(c)) {
                // Surrogates stay escapes: a pair reads back as it was, half a pair spoils nothing.
                to[at++] = '\\';
                to[at++] = 'u';
                to[at++] = HEX[c >> 12];
                to[at++] = HEX[(c >> 8) & 15];
                to[at++] = HEX[(c >> 4) & 15];
                to[at++] = HEX[c & 15];
            } else if (c < 0x800) {
                to[at++] = (byte) (0xc0 | c >> 6);
                to[at++] = (byte) (0x80 | (c & 0x3f));
            } else {
                to[at++] = (byte) (0xe0 | c >> 12);
                to[at++] = (byte) (0x80 | ((c >> 6) & 0x3f));
                to[at++] = (byte) (0x80 | (c & 0x3f));
            }
        }
        size = at;
        if (text.length() > max) {
            raw(ascii("..."), 0);
        }
    }

    private void raw(byte[] bytes, int from) {
        ensure(bytes.length);
        System.arraycopy(bytes, from, buffer, size, bytes.length - from);
        size += bytes.length - from;
    }

    private void ensure(int more) {
        if (size + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + more));
        }
    }
}
