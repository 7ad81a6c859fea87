package dev.tollbridge.bridge.ledger.file;

import java.util.Arrays;
import java.util.function.LongPredicate;

/// Where in the file being written the lines of an id or receipt are: an open-addressing table of
/// packed entries, 36 bits of the text's number and 28 of the line's offset. Another text may have
/// the same number; whoever looks reads the line.
final class Places {

    static final int OFFSET_BITS = 28;
    static final long MAX_OFFSET = (1L << OFFSET_BITS) - 1;

    private long[] entries = new long[1024];
    private int size;

    static long pack(long number, long offset) {
        return (number & ~MAX_OFFSET) | offset;
    }

    synchronized void add(long number, long offset) {
        if (offset > MAX_OFFSET) {
            return;
        }
        if (size >= entries.length / 2) {
            long[] old = entries;
            entries = new long[old.length * 2];
            for (long entry : old) {
                if (entry != 0) {
                    put(entry);
                }
            }
        }
        put(pack(number, offset));
        size++;
    }

    private void put(long entry) {
        int mask = entries.length - 1;
        int at = home(entry) & mask;
        while (entries[at] != 0) {
            at = (at + 1) & mask;
        }
        entries[at] = entry;
    }

    private static int home(long entry) {
        return (int) (((entry >>> OFFSET_BITS) * 0x9E3779B1L) >>> 8);
    }

    /// @return offsets of lines that may be meant, in the order of the file
    synchronized long[] find(long number) {
        long wanted = number & ~MAX_OFFSET;
        int mask = entries.length - 1;
        int at = home(wanted) & mask;
        long[] found = new long[4];
        int count = 0;
        while (entries[at] != 0) {
            if ((entries[at] & ~MAX_OFFSET) == wanted) {
                if (count == found.length) {
                    found = Arrays.copyOf(found, count * 2);
                }
                found[count++] = entries[at] & MAX_OFFSET;
            }
            at = (at + 1) & mask;
        }
        long[] offsets = Arrays.copyOf(found, count);
        Arrays.sort(offsets);
        return offsets;
    }

    /// All entries, sorted.
    synchronized long[] sorted() {
        long[] all = new long[size];
        int count = 0;
        for (long entry : entries) {
            if (entry != 0) {
                all[count++] = entry;
            }
        }
        Arrays.sort(all);
        return all;
    }

    synchronized void addAll(LongSource source, int count) {
        for (int i = 0; i < count; i++) {
            long entry = source.at(i);
            if (size >= entries.length / 2) {
                long[] old = entries;
                entries = new long[old.length * 2];
                for (long each : old) {
                    if (each != 0) {
                        put(each);
                    }
                }
            }
            put(entry);
            size++;
        }
    }

    @FunctionalInterface
    interface LongSource {
        long at(int index);
    }

    /// Looks in sorted entries.
    static void find(LongSource sorted, int count, long number, LongPredicate more) {
        long wanted = number & ~MAX_OFFSET;
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted.at(middle) < wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        for (int i = low; i < count; i++) {
            long entry = sorted.at(i);
            if ((entry & ~MAX_OFFSET) != wanted || !more.test(entry & MAX_OFFSET)) {
                return;
            }
        }
    }
}
