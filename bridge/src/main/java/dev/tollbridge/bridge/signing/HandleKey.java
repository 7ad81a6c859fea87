package dev.tollbridge.bridge.signing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// The key that revocation handles are derived with. Made once, kept beside the signing keys, never
/// published.
public final class HandleKey {

    /// Bytes of a code: enough that nobody guesses one, short enough to be written in a log by
    /// hand.
    public static final int CODE_LENGTH = 16;

    static final int KEY_LENGTH = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int IDLE_MACS = 64;

    private final SecretKey key;
    private final ArrayBlockingQueue<Mac> idle = new ArrayBlockingQueue<>(IDLE_MACS);

    HandleKey(byte[] key) {
        if (key.length != KEY_LENGTH) {
            throw new IllegalArgumentException("a handle key has " + KEY_LENGTH + " bytes");
        }
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    static byte[] random() {
        byte[] bytes = new byte[KEY_LENGTH];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /// The first {@link #CODE_LENGTH} bytes of the name's HMAC-SHA256.
    public byte[] code(String name) {
        try {
            Mac mac = idle.poll();
            if (mac == null) {
                mac = Mac.getInstance(ALGORITHM);
                mac.init(key);
            }
            byte[] code = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
            idle.offer(mac);
            return Arrays.copyOf(code, CODE_LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "HandleKey";
    }
}
