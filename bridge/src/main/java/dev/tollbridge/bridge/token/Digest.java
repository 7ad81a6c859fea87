package dev.tollbridge.bridge.token;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// SHA-256, as this package uses it.
final class Digest {

    private static final HexFormat HEX = HexFormat.of();

    private Digest() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// The first 128 bits: 32 hexadecimal digits.
    static String hex128(byte[] digest) {
        return HEX.formatHex(digest, 0, 16);
    }

    /// All 256 bits of a text in UTF-8: 64 hexadecimal digits.
    static String hex(String text) {
        return HEX.formatHex(sha256().digest(utf8(text)));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Length before content, so that no two sequences of fields give the same bytes.
    static void field(MessageDigest digest, byte[] content) {
        int length = content.length;
        digest.update((byte) (length >>> 24));
        digest.update((byte) (length >>> 16));
        digest.update((byte) (length >>> 8));
        digest.update((byte) length);
        digest.update(content);
    }

    static void field(MessageDigest digest, String content) {
        field(digest, utf8(content));
    }
}
