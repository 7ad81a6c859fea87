package dev.tollbridge.sidecar.handover;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// A file that is there whole or not at all, with its mode from the first byte on.
final class AtomicFile {

    /// The owner and the pod's group; nobody writes it twice.
    static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("r--r-----");

    private AtomicFile() {}

    /// What somebody was writing when it was killed.
    static void removeHalves(Path folder) {
        try (DirectoryStream<Path> halves = Files.newDirectoryStream(folder, ".*.new")) {
            for (Path half : halves) {
                Files.deleteIfExists(half);
            }
        } catch (IOException | DirectoryIteratorException e) {
            // No folder, no halves; one that cannot be removed is not in anybody's way.
        }
    }

    static void write(Path file, String text) throws IOException {
        Path half = file.resolveSibling("." + file.getFileName() + ".new");
        try {
            create(half, text);
        } catch (FileAlreadyExistsException leftBehind) {
            // Of a run that was killed.
            Files.deleteIfExists(half);
            create(half, text);
        }
        try {
            // The umask may have taken something away.
            Files.setPosixFilePermissions(half, READABLE);
            Files.move(
                    half,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(half);
            throw e;
        }
    }

    private static void create(Path half, String text) throws IOException {
        boolean written = false;
        try (FileChannel channel =
                FileChannel.open(
                        half,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-r-----")))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
            written = true;
        } finally {
            if (!written) {
                Files.deleteIfExists(half);
            }
        }
    }
}
