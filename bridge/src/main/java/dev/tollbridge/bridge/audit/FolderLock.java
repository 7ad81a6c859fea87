package dev.tollbridge.bridge.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/// Keeps a folder to one process.
public final class FolderLock implements AutoCloseable {

    private final FileChannel channel;

    private FolderLock(FileChannel channel) {
        this.channel = channel;
    }

    /// Makes the folder (0700) where there is none, and locks it until {@link #close} or the end of
    /// the process.
    ///
    /// @throws JournalProblem when another process has it
    public static FolderLock take(Path folder) {
        try {
            Files.createDirectories(folder, FileChannelDisk.OWNER_ONLY_FOLDER);
            FileChannel channel =
                    FileChannel.open(
                            folder.resolve("lock"),
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            FileChannelDisk.OWNER_ONLY);
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return new FolderLock(channel);
                }
            } catch (OverlappingFileLockException e) {
                // The same process has it: as bad as another one.
            }
            channel.close();
        } catch (IOException e) {
            throw new JournalProblem("cannot use the folder " + folder + ": " + e, e);
        }
        throw new JournalProblem(
                folder
                        + " is in use by another bridge. One process at a time may serve a data"
                        + " folder: stop the other one, or give this one another --data.");
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new JournalProblem("cannot release the folder's lock: " + e, e);
        }
    }
}
