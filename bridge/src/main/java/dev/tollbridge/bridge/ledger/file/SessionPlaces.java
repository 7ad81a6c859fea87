package dev.tollbridge.bridge.ledger.file;

import java.util.Arrays;

/// Where one file of the journal has lines of job sessions, in order, and until when each matters.
/// There are few: a session writes one when it turns, which is every few minutes.
final class SessionPlaces {

    private long[] entries = new long[16];
    private int size;

    /// @param until in seconds since 1970
    synchronized void add(long offset, long until) {
        if (2 * size == entries.length) {
            entries = Arrays.copyOf(entries, entries.length * 2);
        }
        entries[2 * size] = offset;
        entries[2 * size + 1] = until;
        size++;
    }

    synchronized int size() {
        return size;
    }

    synchronized long offset(int index) {
        return entries[2 * index];
    }

    synchronized long until(int index) {
        return entries[2 * index + 1];
    }

    synchronized SessionPlaces copy() {
        SessionPlaces copy = new SessionPlaces();
        copy.entries = entries.clone();
        copy.size = size;
        return copy;
    }

    /// @param now in seconds since 1970
    synchronized long[] endingAfter(long now) {
        long[] offsets = new long[size];
        int found = 0;
        for (int i = 0; i < size; i++) {
            if (entries[2 * i + 1] > now) {
                offsets[found++] = entries[2 * i];
            }
        }
        return Arrays.copyOf(offsets, found);
    }
}
