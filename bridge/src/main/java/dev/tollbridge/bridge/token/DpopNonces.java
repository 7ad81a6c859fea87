package dev.tollbridge.bridge.token;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Nonces for DPoP proofs (RFC 9449 section 8), which show that a proof was made just now and not
/// ahead of time.
///
/// Nothing is stored per nonce: one is the number of a five-minute period and a MAC over it. It is
/// good during its period and the next one. The MAC key is drawn at start and changed every hour of
/// the clock; the key before stays good for the nonces made with it. A replica or a restarted
/// bridge knows none of another's nonces, and answers with one of its own.
public final class DpopNonces {

    static final Duration PERIOD = Duration.ofMinutes(5);
    private static final long PERIODS_PER_KEY = 12;
    private static final int MAC_BYTES = 16;
    private static final int NONCE_BYTES = Long.BYTES + MAC_BYTES;
    private static final int NONCE_LENGTH = 32;

    private record Key(long generation, SecretKeySpec key) {}

    private final InstantSource clock;
    private final RandomGenerator random;
    private Key current;
    private Key previous;

    /// @param random a {@link java.security.SecureRandom}, but for tests
    public DpopNonces(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
        this.current = draw(period() / PERIODS_PER_KEY);
        this.previous = draw(current.generation - 1);
    }

    /// A nonce for the next proof: 32 base64url characters.
    public String issue() {
        long period = period();
        byte[] nonce = new byte[NONCE_BYTES];
        ByteBuffer.wrap(nonce).putLong(period).put(mac(key(period), period));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(nonce);
    }

    /// Whether this bridge gave the nonce, in this period or the one before.
    public boolean valid(String nonce) {
        if (nonce.length() != NONCE_LENGTH) {
            return false;
        }
        byte @Nullable [] bytes =
                Base64Url.decode(
                        nonce.getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                        0,
                        NONCE_LENGTH);
        if (bytes == null) {
            return false;
        }
        long period = ByteBuffer.wrap(bytes).getLong();
        long now = period();
        return (period == now || period == now - 1)
                && MessageDigest.isEqual(
                        mac(key(period), period),
                        Arrays.copyOfRange(bytes, Long.BYTES, NONCE_BYTES));
    }

    private long period() {
        return Math.floorDiv(clock.millis(), PERIOD.toMillis());
    }

    private synchronized SecretKeySpec key(long period) {
        long generation = Math.floorDiv(period, PERIODS_PER_KEY);
        if (generation > current.generation) {
            previous = generation == current.generation + 1 ? current : draw(generation - 1);
            current = draw(generation);
        }
        // A clock that was set back finds the older key or none that verifies.
        return generation >= current.generation ? current.key : previous.key;
    }

    private Key draw(long generation) {
        byte[] key = new byte[32];
        random.nextBytes(key);
        return new Key(generation, new SecretKeySpec(key, "HmacSHA256"));
    }

    private static byte[] mac(SecretKeySpec key, long period) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            byte[] all = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(period).array());
            return Arrays.copyOf(all, MAC_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
