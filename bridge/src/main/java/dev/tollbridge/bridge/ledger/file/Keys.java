package dev.tollbridge.bridge.ledger.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Numbers that stand for texts in tables and indexes.
final class Keys {

    /// 128 bits of a text's SHA-256.
    record Wide(long high, long low) {}

    /// Targets come from configuration, so there are few; the bound is for safety.
    private static final int MAX_CACHED = 200_000;

    private final Map<String, Wide> targets = new ConcurrentHashMap<>();

    /// What a single-use token is known by.
    Wide token(String jtiHash) {
        if (jtiHash.length() == 32) {
            long high = hex(jtiHash, 0);
            long low = hex(jtiHash, 16);
            if (valid(jtiHash)) {
                return new Wide(high, low);
            }
        }
        return sha256(jtiHash);
    }

    /// What a token used for one target is known by.
    Wide token(String jtiHash, String target) {
        Wide token = token(jtiHash);
        Wide other = targets.get(target);
        if (other == null) {
            other = sha256(target);
            if (targets.size() < MAX_CACHED) {
                targets.put(target, other);
            }
        }
        // Both are digests of which a caller chooses neither.
        return new Wide(token.high() ^ other.high(), token.low() ^ other.low());
    }

    /// What a token is known by as a sequence of bytes, in the same table as the others.
    static Wide fingerprint(String fingerprint) {
        long narrow = narrow(fingerprint);
        return new Wide(mix(narrow ^ 0x66_69_6E_67_65_72L), narrow);
    }

    static Wide id(String id) {
        long narrow = narrow(id);
        return new Wide(mix(narrow ^ 0x69_64L), narrow);
    }

    /// 64 bits for a text nobody outside chooses, or where another with the same number only makes
    /// a line be read in vain.
    static long narrow(String text) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        return mix(hash);
    }

    static int peer(@Nullable String peer) {
        return peer == null ? 0 : (int) (narrow(peer) >>> 32);
    }

    /// Every bit of the result depends on every bit of the value.
    static long mix(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xFF51AFD7ED558CCDL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return mixed ^ (mixed >>> 33);
    }

    private static long hex(String text, int from) {
        long value = 0;
        for (int i = from; i < from + 16; i++) {
            value = value << 4 | (Character.digit(text.charAt(i), 16) & 15);
        }
        return value;
    }

    private static boolean valid(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return true;
    }

    private static Wide sha256(String text) {
        try {
            ByteBuffer digest =
                    ByteBuffer.wrap(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
            return new Wide(digest.getLong(), digest.getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
