package dev.tollbridge.bridge.token;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Base64url without padding (RFC 4648 section 5, RFC 7515 section 2), read so that a sequence of
/// bytes has exactly one spelling.
///
/// JOSE libraries skip what they do not know, and the JDK's decoder ignores the bits left over at
/// the end: either way one signed token could be presented in several spellings, and a replay guard
/// that saw one would not know the other.
final class Base64Url {

    private static final byte NOT_A_DIGIT = -1;
    private static final byte[] DIGITS = new byte[128];

    static {
        Arrays.fill(DIGITS, NOT_A_DIGIT);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        for (int i = 0; i < alphabet.length(); i++) {
            DIGITS[alphabet.charAt(i)] = (byte) i;
        }
    }

    private Base64Url() {}

    /// @return the bytes, or null when the characters from `from` (included) to `to` (excluded) are
    ///   not the one spelling of any
    static byte @Nullable [] decode(byte[] ascii, int from, int to) {
        int length = to - from;
        int rest = length & 3;
        if (rest == 1) {
            return null;
        }
        byte[] bytes = new byte[(length >> 2) * 3 + (rest == 0 ? 0 : rest - 1)];
        int in = from;
        int out = 0;
        int end = to - rest;
        // A wrong character has the value -1: ORed together, the sign says whether one was there.
        int all = 0;
        while (in < end) {
            int a = digit(ascii[in]);
            int b = digit(ascii[in + 1]);
            int c = digit(ascii[in + 2]);
            int d = digit(ascii[in + 3]);
            all |= a | b | c | d;
            bytes[out] = (byte) (a << 2 | b >> 4);
            bytes[out + 1] = (byte) (b << 4 | c >> 2);
            bytes[out + 2] = (byte) (c << 6 | d);
            in += 4;
            out += 3;
        }
        if (rest != 0) {
            int a = digit(ascii[in]);
            int b = digit(ascii[in + 1]);
            int c = rest == 3 ? digit(ascii[in + 2]) : 0;
            all |= a | b | c;
            int leftOver = rest == 2 ? b & 0x0f : c & 0x03;
            if (leftOver != 0) {
                return null;
            }
            bytes[out] = (byte) (a << 2 | b >> 4);
            if (rest == 3) {
                bytes[out + 1] = (byte) (b << 4 | c >> 2);
            }
        }
        return all < 0 ? null : bytes;
    }

    private static int digit(byte ascii) {
        return ascii < 0 ? NOT_A_DIGIT : DIGITS[ascii];
    }
}
