package dev.tollbridge.webhook.detect.parse;

import java.util.Arrays;
import java.util.Base64;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Finds base64 (standard and URL alphabet, wrapped or not) in text, and decodes it.
///
/// Looks at every {@link #SHORTEST}-th byte and at its neighbours only where that byte is of the
/// alphabet, so most text costs a fraction of a step per byte.
public final class Base64Runs {

    /// Shorter runs hold no credential that matters: 24 bytes.
    public static final int SHORTEST = 32;

    /// A line of wrapped base64 is at least this long, all but the last.
    private static final int WRAPPED = 56;

    /// What a decoding begins with, to be judged before the rest is decoded: 24 bytes.
    private static final int HEAD = 32;

    private static final boolean[] ALPHABET = new boolean[256];

    static {
        for (char c :
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
                        .toCharArray()) {
            ALPHABET[c] = true;
        }
    }

    /// Takes one decoding.
    @FunctionalInterface
    public interface Sink {
        /// @param at where in the text the run begins
        /// @param end where it ends, exclusive
        void accept(byte[] decoded, int at, int end);
    }

    private Base64Runs() {}

    /// @param worthwhile given the first bytes of what a run would decode to: most runs of the
    ///   alphabet's characters are names and paths, which decode to noise
    public static void find(byte[] text, Budget budget, Predicate<byte[]> worthwhile, Sink sink) {
        int i = SHORTEST - 1;
        while (i < text.length) {
            if (!ALPHABET[text[i] & 0xff]) {
                i += SHORTEST;
                continue;
            }
            int from = i;
            while (from > 0 && i - from < SHORTEST && ALPHABET[text[from - 1] & 0xff]) {
                from--;
            }
            int to = i + 1;
            while (to < text.length && ALPHABET[text[to] & 0xff]) {
                to++;
            }
            if (to - from >= SHORTEST) {
                // what came before the look-back is of the run as well
                while (from > 0 && ALPHABET[text[from - 1] & 0xff]) {
                    from--;
                }
                budget.steps(to - from);
                to = emit(text, from, to, budget, worthwhile, sink);
            }
            i = to + SHORTEST - 1;
        }
    }

    private static int emit(
            byte[] text, int from, int to, Budget budget, Predicate<byte[]> worthwhile, Sink sink) {
        int end = wrapped(text, from, to, budget);
        byte[] head = decode(text, from, from + HEAD);
        if (head == null || !worthwhile.test(head)) {
            return end;
        }
        byte[] decoded = decode(text, from, end);
        if (decoded != null) {
            budget.expand(decoded.length);
            sink.accept(decoded, from, end);
        }
        return end;
    }

    /// Lines that continue the run, with whatever indentation.
    private static int wrapped(byte[] text, int from, int to, Budget budget) {
        int end = to;
        int lineLength = to - from;
        while (lineLength >= WRAPPED && end < text.length) {
            int i = end;
            if (text[i] == '\\' && i + 1 < text.length && text[i + 1] == 'n') {
                i += 2;
            } else {
                while (i < text.length && (text[i] == '\r' || text[i] == '\n' || text[i] == ' ')) {
                    i++;
                }
            }
            int begin = i;
            while (i < text.length && ALPHABET[text[i] & 0xff]) {
                i++;
            }
            boolean newLine = begin > end && (begin >= text.length || text[end] != ' ');
            if (!newLine || i == begin || i - begin > to - from) {
                break;
            }
            budget.steps(i - end);
            lineLength = i - begin;
            end = i;
            if (lineLength < to - from) {
                break;
            }
        }
        return end;
    }

    /// @return null when it is none
    public static byte @Nullable [] decode(byte[] text, int from, int to) {
        byte[] plain = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            byte b = text[i];
            if (b == '-') {
                plain[length++] = '+';
            } else if (b == '_') {
                plain[length++] = '/';
            } else if (ALPHABET[b & 0xff]) {
                if (b == 'n' && i > from && text[i - 1] == '\\') {
                    continue;
                }
                plain[length++] = b;
            }
        }
        // One character too many is a sign cut off, not a reason to look away.
        if (length % 4 == 1) {
            length--;
        }
        try {
            return Base64.getDecoder().decode(Arrays.copyOf(plain, length));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
