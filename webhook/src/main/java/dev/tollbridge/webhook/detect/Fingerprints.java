package dev.tollbridge.webhook.detect;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Keyed fingerprints of values: HMAC-SHA-256, cut to 128 bits. Without the key nobody can try
/// guesses against one.
public final class Fingerprints {

    private static final int BYTES = 16;

    private final SecretKeySpec key;

    private Fingerprints(SecretKeySpec key) {
        this.key = key;
    }

    /// @param key at least 16 bytes; whoever shares it gets the same fingerprints
    public static Fingerprints keyed(byte[] key) {
        if (key.length < BYTES) {
            throw new IllegalArgumentException("a key for fingerprints has at least 16 bytes");
        }
        return new Fingerprints(new SecretKeySpec(key, "HmacSHA256"));
    }

    public String of(String value) {
        return of(value.getBytes(StandardCharsets.UTF_8));
    }

    public String of(byte[] value) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return HexFormat.of().formatHex(mac.doFinal(value), 0, BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }
}
