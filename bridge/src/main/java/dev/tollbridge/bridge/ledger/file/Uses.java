package dev.tollbridge.bridge.ledger.file;

import java.util.Arrays;

/// What one file of the journal does to the tables of uses and revocations, in order.
final class Uses {

    static final int WIDTH = 5;

    /// A presentation takes a use.
    static final int TAKE = 0;

    /// A presentation gives one back.
    static final int GIVE_BACK = 1;

    /// An issuance is revoked.
    static final int REVOKE = 2;

    private long[] entries = new long[WIDTH * 64];
    private int size;

    void add(int what, Keys.Wide key, long presentation, long until, int peer) {
        if (size * WIDTH == entries.length) {
            entries = Arrays.copyOf(entries, entries.length * 2);
        }
        int at = size++ * WIDTH;
        entries[at] = key.high();
        entries[at + 1] = key.low();
        entries[at + 2] = presentation;
        entries[at + 3] = until << 2 | what;
        entries[at + 4] = peer;
    }

    int size() {
        return size;
    }

    long raw(int index) {
        return entries[index];
    }
}
