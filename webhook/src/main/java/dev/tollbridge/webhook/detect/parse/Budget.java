package dev.tollbridge.webhook.detect.parse;

import dev.tollbridge.webhook.detect.Uninspected.Reason;

/// Counts the work done for one content. Whoever loops over something that a sender chose spends
/// here first; what is spent is bounded, so time is.
public final class Budget {

    /// Stackless: thrown across readers, caught once.
    public static final class Spent extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final Reason reason;

        public Spent(Reason reason) {
            super(reason.words(), null, false, false);
            this.reason = reason;
        }

        public Reason reason() {
            return reason;
        }
    }

    private final long steps;
    private long spent;
    private long bytesLeft;
    private int partsLeft;

    /// @param steps of any kind: a byte looked at, a node made, a rule tried
    /// @param bytes that decodings and archives may give, all together
    /// @param parts members of archives, documents, embedded values
    public Budget(long steps, long bytes, int parts) {
        this.steps = steps;
        this.bytesLeft = bytes;
        this.partsLeft = parts;
    }

    public void step() {
        steps(1);
    }

    public void steps(long count) {
        spent += count;
        if (spent > steps) {
            throw new Spent(Reason.EXPANDS_TOO_MUCH);
        }
    }

    /// Before bytes come out of a decoding.
    public void expand(long bytes) {
        bytesLeft -= bytes;
        if (bytesLeft < 0) {
            throw new Spent(Reason.EXPANDS_TOO_MUCH);
        }
    }

    /// How much may still come out.
    public long bytesLeft() {
        return Math.max(0, bytesLeft);
    }

    public void part() {
        if (--partsLeft < 0) {
            throw new Spent(Reason.TOO_MANY_PARTS);
        }
    }

    public long spent() {
        return spent;
    }
}
