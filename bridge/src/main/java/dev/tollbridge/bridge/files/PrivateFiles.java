package dev.tollbridge.bridge.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Files that only their owner may read.
public final class PrivateFiles {

    private PrivateFiles() {}

    /// Puts a file (0600) in the place of whatever has its name, as a whole: whoever reads at the
    /// same time sees what was there before or all of this. When this returns it is on the disk;
    /// when the machine stops before, the old one is. What a crash leaves behind is a hidden file
    /// that the next call overwrites.
    ///
    /// For one writer at a time: two would write the same hidden file.
    public static void replace(Path file, byte[] content) throws IOException {
        replace(file, ByteBuffer.wrap(content), true);
    }

    /// The same, for what is written often and can be made anew: nothing is forced to disk, so when
    /// the machine stops, either may be there, or neither whole.
    public static void replaceUnforced(Path file, ByteBuffer content) throws IOException {
        replace(file, content, false);
    }

    private static void replace(Path file, ByteBuffer content, boolean force) throws IOException {
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel =
                FileChannel.open(
                        fresh,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            if (force) {
                channel.force(true);
            }
        }
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        // The new name is only as durable as the folder that holds it.
        Path folder = file.toAbsolutePath().getParent();
        if (force && folder != null) {
            try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }
}
