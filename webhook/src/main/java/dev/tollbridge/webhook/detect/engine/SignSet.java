package dev.tollbridge.webhook.detect.engine;

/// The signs that one text has.
final class SignSet {

    private final long[] bits;
    private boolean any;

    SignSet(int size) {
        this.bits = new long[(size + 63) >>> 6];
    }

    boolean has(int sign) {
        return (bits[sign >>> 6] & 1L << sign) != 0;
    }

    void add(int sign) {
        bits[sign >>> 6] |= 1L << sign;
        any = true;
    }

    boolean isEmpty() {
        return !any;
    }
}
