package dev.tollbridge.bridge.ledger.file;

/// What has been used and until when that matters: an insert-if-absent table of 128-bit keys on
/// primitive arrays, about 45 bytes an entry. Entries whose time has passed leave by themselves:
/// they are written over, and dropped whenever a part of the table is laid out anew.
///
/// The table is made of 256 parts, each with its own lock, that grow one by one: no insertion waits
/// for more than a 256th of the table to move.
final class UseTable {

    enum Taken {
        /// The key was free.
        NEW,
        /// The same presentation holds it.
        SHARED,
        /// Another presentation holds it.
        HELD,
        /// The table has as many entries as it may.
        FULL
    }

    private static final int PARTS = 256;

    /// Times are kept in 32 bits, counted from 2020-09-13.
    private static final long ORIGIN = 1_600_000_000L;

    /// No entry was ever here. An entry given back has 1, which is long past.
    private static final int EMPTY = 0;

    private final Part[] parts = new Part[PARTS];

    /// @param max entries, at most
    UseTable(int max) {
        int share = Math.max(16, max / PARTS);
        for (int i = 0; i < PARTS; i++) {
            parts[i] = new Part(share);
        }
    }

    private Part part(long high) {
        return parts[(int) (high >>> 56)];
    }

    /// @param until in seconds since 1970
    /// @param now in seconds since 1970
    Taken take(long high, long low, long presentation, long until, int peer, long now) {
        Part part = part(high);
        synchronized (part) {
            return part.take(high, low, presentation, seconds(until), peer, seconds(now), true);
        }
    }

    /// Enters what the journal says was taken. Not bounded: forgetting it would allow a replay.
    void restore(long high, long low, long presentation, long until, int peer, long now) {
        Part part = part(high);
        synchronized (part) {
            part.take(high, low, presentation, seconds(until), peer, seconds(now), false);
        }
    }

    /// Undoes one take of this presentation; the last one frees the key.
    void giveBack(long high, long low, long presentation, long now) {
        Part part = part(high);
        synchronized (part) {
            part.giveBack(high, low, presentation, seconds(now));
        }
    }

    /// Frees the key, whoever holds it.
    void remove(long high, long low, long now) {
        Part part = part(high);
        synchronized (part) {
            part.remove(high, low, seconds(now));
        }
    }

    boolean contains(long high, long low, long now) {
        Part part = part(high);
        synchronized (part) {
            return part.find(high, low, seconds(now)) >= 0;
        }
    }

    /// Whether the key is held, and was taken by another peer.
    boolean otherPeer(long high, long low, int peer, long now) {
        Part part = part(high);
        synchronized (part) {
            int at = part.find(high, low, seconds(now));
            return at >= 0 && part.peers[at] != peer;
        }
    }

    /// Slots in use, entries past their time included.
    int size() {
        int size = 0;
        for (Part part : parts) {
            synchronized (part) {
                size += part.used;
            }
        }
        return size;
    }

    private static int seconds(long epochSecond) {
        return Math.clamp(epochSecond - ORIGIN, 2, Integer.MAX_VALUE);
    }

    private static final class Part {
        private final int max;
        private int capacity = 16;
        private int used;
        private long[] keys = new long[2 * capacity];
        private long[] presentations = new long[capacity];
        private int[] untils = new int[capacity];
        private int[] peers = new int[capacity];
        private short[] takes = new short[capacity];

        Part(int max) {
            this.max = max;
        }

        int home(long low) {
            // Mixed well, so that keys that follow a pattern do not end up side by side.
            return (int) Math.unsignedMultiplyHigh(Keys.mix(low), capacity);
        }

        int find(long high, long low, int now) {
            int at = home(low);
            while (untils[at] != EMPTY) {
                if (keys[2 * at] == high && keys[2 * at + 1] == low) {
                    return untils[at] > now ? at : -1;
                }
                at = at + 1 == capacity ? 0 : at + 1;
            }
            return -1;
        }

        Taken take(
                long high,
                long low,
                long presentation,
                int until,
                int peer,
                int now,
                boolean bounded) {
            int at = home(low);
            int free = -1;
            while (untils[at] != EMPTY) {
                if (keys[2 * at] == high && keys[2 * at + 1] == low) {
                    if (untils[at] > now) {
                        if (presentations[at] != presentation) {
                            return Taken.HELD;
                        }
                        if (takes[at] < Short.MAX_VALUE) {
                            takes[at]++;
                        }
                        untils[at] = Math.max(untils[at], until);
                        return Taken.SHARED;
                    }
                    free = at;
                    break;
                }
                if (free < 0 && untils[at] <= now) {
                    free = at;
                }
                at = at + 1 == capacity ? 0 : at + 1;
            }
            if (free >= 0) {
                // A key found past its time is the only slot of that key. A passed slot of another
                // key may be taken only because the walk went on to an empty slot or to the key.
                put(free, high, low, presentation, until, peer);
                return Taken.NEW;
            }
            if (used + 1 > capacity - capacity / 7) {
                if (!layOut(now, bounded)) {
                    return Taken.FULL;
                }
                return take(high, low, presentation, until, peer, now, bounded);
            }
            put(at, high, low, presentation, until, peer);
            used++;
            return Taken.NEW;
        }

        private void put(int at, long high, long low, long presentation, int until, int peer) {
            keys[2 * at] = high;
            keys[2 * at + 1] = low;
            presentations[at] = presentation;
            untils[at] = until;
            peers[at] = peer;
            takes[at] = 1;
        }

        void giveBack(long high, long low, long presentation, int now) {
            int at = find(high, low, now);
            if (at >= 0 && presentations[at] == presentation && --takes[at] <= 0) {
                untils[at] = 1;
            }
        }

        void remove(long high, long low, int now) {
            int at = find(high, low, now);
            if (at >= 0) {
                untils[at] = 1;
            }
        }

        /// Lays the part out anew without what is past, a little larger than it needs to be.
        ///
        /// @return false when it holds as much as it may
        boolean layOut(int now, boolean bounded) {
            int live = 0;
            for (int until : untils) {
                if (until > now) {
                    live++;
                }
            }
            if (bounded && live >= max) {
                return false;
            }
            long[] oldKeys = keys;
            long[] oldPresentations = presentations;
            int[] oldUntils = untils;
            int[] oldPeers = peers;
            short[] oldTakes = takes;
            capacity = Math.max(16, live + live / 2 - live / 8);
            keys = new long[2 * capacity];
            presentations = new long[capacity];
            untils = new int[capacity];
            peers = new int[capacity];
            takes = new short[capacity];
            used = 0;
            for (int i = 0; i < oldUntils.length; i++) {
                if (oldUntils[i] > now) {
                    int at = home(oldKeys[2 * i + 1]);
                    while (untils[at] != EMPTY) {
                        at = at + 1 == capacity ? 0 : at + 1;
                    }
                    put(
                            at,
                            oldKeys[2 * i],
                            oldKeys[2 * i + 1],
                            oldPresentations[i],
                            oldUntils[i],
                            oldPeers[i]);
                    takes[at] = oldTakes[i];
                    used++;
                }
            }
            return true;
        }
    }
}
