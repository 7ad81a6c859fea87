package dev.tollbridge.webhook.scan;

import java.util.concurrent.Semaphore;

/// How much of the files may be in memory at once, whatever the number of workers: a share of the
/// heap. What is made of a file (its text, its tree) takes some twenty times its size at worst.
final class InHand {

    private static final int PER_BYTE = 24;
    private static final int UNIT = 64 << 10;

    private final int all;
    private final Semaphore free;

    /// @param heap in bytes; however small, one file of any size that is judged whole is let in
    InHand(long heap) {
        this.all = Math.clamp(heap / PER_BYTE / UNIT, 1, 1 << 20);
        this.free = new Semaphore(all, true);
    }

    interface Work<E extends Exception> {
        void run() throws E;
    }

    /// Waits until there is room.
    ///
    /// @param size in bytes
    <E extends Exception> void hold(long size, Work<E> work) throws E {
        int units = Math.clamp(size / UNIT + 1, 1, all);
        free.acquireUninterruptibly(units);
        try {
            work.run();
        } finally {
            free.release(units);
        }
    }
}
