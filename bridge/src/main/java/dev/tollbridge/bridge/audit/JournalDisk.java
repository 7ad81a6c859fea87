package dev.tollbridge.bridge.audit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// The disk as the journal sees it; tests give a slow or broken one.
@FunctionalInterface
public interface JournalDisk {

    /// Opens a file for writing at its end; makes it (0600) if there is none.
    Appender open(Path file) throws IOException;

    /// One open file.
    interface Appender extends Closeable {
        /// Writes all of it behind what is there.
        void append(ByteBuffer bytes) throws IOException;

        /// Returns when all that was written has reached the disk.
        void force() throws IOException;

        /// Cuts the file to its first `size` bytes.
        void truncate(long size) throws IOException;
    }
}
