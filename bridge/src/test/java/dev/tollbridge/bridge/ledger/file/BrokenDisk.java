package dev.tollbridge.bridge.ledger.file;

import dev.tollbridge.bridge.audit.FileChannelDisk;
import dev.tollbridge.bridge.audit.JournalDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/// The real disk, that does as it is told: full, failing, hanging.
final class BrokenDisk implements JournalDisk {

    volatile boolean full;
    volatile boolean forceFails;

    /// Forces pass as long as there are permits.
    final Semaphore forces = new Semaphore(Integer.MAX_VALUE / 2);

    private final FileChannelDisk real = new FileChannelDisk();

    void hang() {
        forces.drainPermits();
    }

    void goOn() {
        forces.release(1_000_000);
    }

    @Override
    public Appender open(Path file) throws IOException {
        Appender appender = real.open(file);
        return new Appender() {
            @Override
            public void append(ByteBuffer bytes) throws IOException {
                if (full) {
                    // As a disk does that becomes full in the middle.
                    appender.append(bytes.slice(0, bytes.remaining() / 2));
                    throw new IOException("No space left on device");
                }
                appender.append(bytes);
            }

            @Override
            public void force() throws IOException {
                forces.acquireUninterruptibly();
                if (forceFails) {
                    throw new IOException("Input/output error");
                }
                appender.force();
            }

            @Override
            public void truncate(long size) throws IOException {
                appender.truncate(size);
            }

            @Override
            public void close() throws IOException {
                appender.close();
            }
        };
    }
}
