package dev.tollbridge.bridge.signing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// The key that revocation handles are derived with and sealed under. Made once, kept beside the
/// signing keys, never published.
public final class HandleKey {

    /// Bytes of a code: enough that nobody guesses one, short enough to be written in a log by
    /// hand.
    public static final int CODE_LENGTH = 16;

    static final int KEY_LENGTH = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int IDLE_MACS = 64;
    private static final String SEALING = "AES/GCM/NoPadding";
    private static final int NONCE_LENGTH = 12;
    private static final int TAG_BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// Replaced as a whole only when somebody threw the bridge's keys away and another bridge made
    /// new ones.
    private volatile Material now;

    private record Material(SecretKey key, ArrayBlockingQueue<Mac> idle) {
        static Material of(byte[] key) {
            if (key.length != KEY_LENGTH) {
                throw new IllegalArgumentException("a handle key has " + KEY_LENGTH + " bytes");
            }
            return new Material(
                    new SecretKeySpec(key, ALGORITHM), new ArrayBlockingQueue<>(IDLE_MACS));
        }
    }

    HandleKey(byte[] key) {
        now = Material.of(key);
    }

    void become(byte[] key) {
        now = Material.of(key);
    }

    static byte[] random() {
        byte[] bytes = new byte[KEY_LENGTH];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /// The first {@link #CODE_LENGTH} bytes of the name's HMAC-SHA256.
    public byte[] code(String name) {
        Material material = now;
        try {
            Mac mac = material.idle().poll();
            if (mac == null) {
                mac = Mac.getInstance(ALGORITHM);
                mac.init(material.key());
            }
            byte[] code = mac.doFinal(name.getBytes(StandardCharsets.UTF_8));
            material.idle().offer(mac);
            return Arrays.copyOf(code, CODE_LENGTH);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    /// Seals a text for whoever will show it again together with the same name: AES-256-GCM under a
    /// key of the name's own (HKDF-SHA256, RFC 5869), so that what was sealed for one name opens
    /// for no other, and no key seals more than a few texts.
    ///
    /// @return nonce, ciphertext and tag
    public byte[] seal(String name, byte[] text) {
        byte[] nonce = new byte[NONCE_LENGTH];
        RANDOM.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, name, nonce).doFinal(text);
            byte[] all = Arrays.copyOf(nonce, NONCE_LENGTH + sealed.length);
            System.arraycopy(sealed, 0, all, NONCE_LENGTH, sealed.length);
            return all;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + SEALING, e);
        }
    }

    /// The text that was sealed for this name; null when these bytes are not it.
    public byte @Nullable [] open(String name, byte[] sealed) {
        if (sealed.length < NONCE_LENGTH + TAG_BITS / 8) {
            return null;
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, name, Arrays.copyOf(sealed, NONCE_LENGTH))
                    .doFinal(sealed, NONCE_LENGTH, sealed.length - NONCE_LENGTH);
        } catch (AEADBadTagException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + SEALING, e);
        }
    }

    private Cipher cipher(int mode, String name, byte[] nonce) throws GeneralSecurityException {
        byte[] bound = name.getBytes(StandardCharsets.UTF_8);
        byte[] info = ("tollbridge sealed handle " + name).getBytes(StandardCharsets.UTF_8);
        SecretKey own =
                KDF.getInstance("HKDF-SHA256")
                        .deriveKey(
                                "AES",
                                HKDFParameterSpec.ofExtract()
                                        .addIKM(now.key())
                                        .thenExpand(info, KEY_LENGTH));
        Cipher cipher = Cipher.getInstance(SEALING);
        cipher.init(mode, own, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(bound);
        return cipher;
    }

    @Override
    public String toString() {
        return "HandleKey";
    }
}
