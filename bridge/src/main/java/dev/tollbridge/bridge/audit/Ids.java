package dev.tollbridge.bridge.audit;

import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Makes the identifiers people see: a prefix and a ULID (48 bits of milliseconds, 80 random bits,
/// Crockford's base 32), so that an identifier says when it was made and where in the record to
/// look.
///
/// Safe for use by many threads when the generator is (`SecureRandom` is).
public final class Ids {

    /// Characters of a ULID.
    static final int ULID_LENGTH = 26;

    /// Characters before the ULID, such as `iss_`.
    static final int PREFIX_LENGTH = 4;

    private static final char[] ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();

    private final InstantSource clock;
    private final RandomGenerator random;

    /// @param random unpredictable, for a receipt is an address that a caller holds
    public Ids(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /// `iss_...`, made now.
    public String issuance() {
        return at("iss_", clock.instant());
    }

    /// `iss_...`, whose time is the decision's.
    public String issuance(Instant decidedAt) {
        return at("iss_", decidedAt);
    }

    /// `rct_...`, made now.
    public String receipt() {
        return at("rct_", clock.instant());
    }

    /// `prs_...`, made now: one per request.
    public String presentation() {
        return at("prs_", clock.instant());
    }

    /// `ses_...`, made now: one per job session.
    public String session() {
        return at("ses_", clock.instant());
    }

    private String at(String prefix, Instant time) {
        long millis = time.toEpochMilli();
        long low = random.nextLong();
        int high = (int) (random.nextLong() >>> 48);
        char[] text = new char[PREFIX_LENGTH + ULID_LENGTH];
        prefix.getChars(0, PREFIX_LENGTH, text, 0);
        for (int i = 0; i < 10; i++) {
            text[PREFIX_LENGTH + i] = ALPHABET[(int) (millis >>> (5 * (9 - i))) & 31];
        }
        // 80 random bits: 16 from one number, 64 from the other, five at a time.
        for (int i = 0; i < 16; i++) {
            int shift = 5 * (15 - i);
            long five =
                    shift >= 64
                            ? (high >>> (shift - 64))
                            : shift > 59
                                    ? (low >>> shift) | ((long) high << (64 - shift))
                                    : low >>> shift;
            text[PREFIX_LENGTH + 10 + i] = ALPHABET[(int) five & 31];
        }
        return new String(text);
    }

    /// When an identifier was made, in milliseconds since 1970, or -1 when it is none of ours.
    public static long millisOf(String id) {
        if (id.length() != PREFIX_LENGTH + ULID_LENGTH || id.charAt(3) != '_') {
            return -1;
        }
        long millis = 0;
        for (int i = PREFIX_LENGTH; i < id.length(); i++) {
            int digit = digit(id.charAt(i));
            if (digit < 0) {
                return -1;
            }
            if (i < PREFIX_LENGTH + 10) {
                millis = millis << 5 | digit;
            }
        }
        return millis;
    }

    private static int digit(char c) {
        for (int i = 0; i < ALPHABET.length; i++) {
            if (ALPHABET[i] == c) {
                return i;
            }
        }
        return -1;
    }
}
