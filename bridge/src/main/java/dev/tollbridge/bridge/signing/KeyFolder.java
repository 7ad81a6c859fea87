package dev.tollbridge.bridge.signing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The folder the keys are kept in: readable by its owner only, changed by one process at a time,
/// each file replaced as a whole or not at all.
final class KeyFolder {

    private static final Set<PosixFilePermission> FOLDER_MODE =
            PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE_MODE =
            PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<?> NEW_FOLDER =
            PosixFilePermissions.asFileAttribute(FOLDER_MODE);
    private static final FileAttribute<?> NEW_FILE =
            PosixFilePermissions.asFileAttribute(FILE_MODE);

    /// A file holds a few keys of a few kilobytes each.
    private static final long MAX_FILE = 1 << 20;

    private static final int LOCK_ATTEMPTS = 100;
    private static final long LOCK_PAUSE_MILLIS = 50;

    /// File locks are held by the process: two keyrings in one process need another one.
    private static final ReentrantLock IN_PROCESS = new ReentrantLock();

    private final Path folder;

    private KeyFolder(Path folder) {
        this.folder = folder;
    }

    static KeyFolder open(Path folder) {
        try {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                Path parent = folder.getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                Files.createDirectory(folder, NEW_FOLDER);
            }
            tighten(folder, FOLDER_MODE);
            return new KeyFolder(folder);
        } catch (IOException | UnsupportedOperationException e) {
            throw new KeyringUnavailable("the key folder " + folder + " cannot be used", e);
        }
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    /// A change that no other process can come between.
    interface Change<T, E extends Exception> {
        T make() throws E;
    }

    <T, E extends Exception> T exclusively(Change<T, E> change) throws E {
        IN_PROCESS.lock();
        try (FileChannel channel = lockFile();
                FileLock lock = lock(channel)) {
            if (!lock.isValid()) {
                throw new KeyringUnavailable("the lock of " + folder + " was lost", null);
            }
            return change.make();
        } catch (IOException e) {
            throw new KeyringUnavailable("the key folder " + folder + " cannot be locked", e);
        } finally {
            IN_PROCESS.unlock();
        }
    }

    private FileChannel lockFile() throws IOException {
        return FileChannel.open(
                path("lock"),
                Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                NEW_FILE);
    }

    private FileLock lock(FileChannel channel) throws IOException {
        for (int attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(LOCK_PAUSE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
        }
        throw new KeyringUnavailable("another process is changing the keys in " + folder, null);
    }

    /// Empty when there is no such file.
    Optional<byte[]> read(String name) {
        Path file = path(name);
        try {
            tighten(file, FILE_MODE);
            if (Files.size(file) > MAX_FILE) {
                throw new KeyringUnavailable(file + " cannot be used: it is too large", null);
            }
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new KeyringUnavailable(file + " cannot be read", e);
        }
    }

    /// Replaces a file as a whole. When this returns it is on the disk; when the machine stops
    /// before, the old one is. What a crash leaves behind is a `.new` file that the next change
    /// overwrites.
    void write(String name, byte[] bytes) {
        Path fresh = path(name + ".new");
        try {
            Files.deleteIfExists(fresh);
            try (FileChannel channel =
                    FileChannel.open(
                            fresh,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            NEW_FILE)) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(
                    fresh,
                    path(name),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            // The new name is only as durable as the folder that holds it.
            try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException e) {
            throw new KeyringUnavailable(path(name) + " cannot be written", e);
        }
    }

    /// Something that differs whenever the file was replaced; null when there is none.
    @Nullable Object version(String name) {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(path(name), BasicFileAttributes.class);
            return attributes.fileKey() + " " + attributes.lastModifiedTime();
        } catch (IOException e) {
            return null;
        }
    }

    /// Volumes are mounted with modes of their own (Kubernetes adds the group's bits); what we own
    /// we set right, and what stays open to everybody we do not use.
    private static void tighten(Path path, Set<PosixFilePermission> mode) throws IOException {
        Set<PosixFilePermission> found =
                Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
        if (mode.containsAll(found)) {
            return;
        }
        try {
            Files.setPosixFilePermissions(path, mode);
        } catch (IOException e) {
            if (found.contains(PosixFilePermission.OTHERS_READ)
                    || found.contains(PosixFilePermission.OTHERS_WRITE)
                    || found.contains(PosixFilePermission.OTHERS_EXECUTE)) {
                throw new KeyringUnavailable(
                        path
                                + " is open to others ("
                                + PosixFilePermissions.toString(found)
                                + ") and cannot be closed",
                        e);
            }
        }
    }
}
