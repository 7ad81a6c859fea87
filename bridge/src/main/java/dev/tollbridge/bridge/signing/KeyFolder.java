package dev.tollbridge.bridge.signing;

import dev.tollbridge.bridge.files.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The folder the keys are kept in: readable by its owner only, changed by one process at a time,
/// each file replaced as a whole or not at all.
final class KeyFolder implements KeyStorage {

    /// Below the data folder.
    static final String NAME = "keys";

    private static final Set<PosixFilePermission> FOLDER_MODE =
            PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> FILE_MODE =
            PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<?> NEW_FOLDER =
            PosixFilePermissions.asFileAttribute(FOLDER_MODE);
    private static final FileAttribute<?> NEW_FILE =
            PosixFilePermissions.asFileAttribute(FILE_MODE);

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

    @Override
    public String place(String entry) {
        return folder.resolve(entry).toString();
    }

    @Override
    public @Nullable String version() {
        StringBuilder all = new StringBuilder();
        for (String name : new TreeSet<>(ENTRIES)) {
            try {
                BasicFileAttributes attributes =
                        Files.readAttributes(folder.resolve(name), BasicFileAttributes.class);
                all.append(name)
                        .append(' ')
                        .append(attributes.fileKey())
                        .append(' ')
                        .append(attributes.lastModifiedTime())
                        .append('\n');
            } catch (IOException e) {
                // It is not there, or cannot be seen: what reads it says why.
            }
        }
        return all.isEmpty() ? null : all.toString();
    }

    @Override
    public Kept read() {
        // The version before the content: if it changes in between, the next look reads again.
        String version = version();
        Map<String, byte[]> entries = new HashMap<>();
        for (String name : ENTRIES) {
            read(name).ifPresent(bytes -> entries.put(name, bytes));
        }
        return new Kept(entries, version);
    }

    private Optional<byte[]> read(String name) {
        Path file = folder.resolve(name);
        try {
            tighten(file, FILE_MODE);
            if (Files.size(file) > LONGEST_ENTRY) {
                throw new KeyringUnavailable(file + " cannot be used: it is too large", null);
            }
            return Optional.of(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new KeyringUnavailable(file + " cannot be read", e);
        }
    }

    /// A machine that stops between two files leaves one of them new. Only the first start writes
    /// several, and that is completed by the next.
    @Override
    public Optional<Kept> replace(Kept seen, Map<String, byte[]> changed) {
        IN_PROCESS.lock();
        try (FileChannel channel = lockFile();
                FileLock lock = lock(channel)) {
            if (!lock.isValid()) {
                throw new KeyringUnavailable("the lock of " + folder + " was lost", null);
            }
            // By content: two replacements within one tick of the disk's clock look alike.
            if (!read().sameEntries(seen)) {
                return Optional.empty();
            }
            for (Map.Entry<String, byte[]> entry : changed.entrySet()) {
                write(folder.resolve(entry.getKey()), entry.getValue());
            }
            return Optional.of(read());
        } catch (IOException e) {
            throw new KeyringUnavailable("the key folder " + folder + " cannot be locked", e);
        } finally {
            IN_PROCESS.unlock();
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            PrivateFiles.replace(file, bytes);
        } catch (IOException e) {
            throw new KeyringUnavailable(file + " cannot be written", e);
        }
    }

    private FileChannel lockFile() throws IOException {
        return FileChannel.open(
                folder.resolve("lock"),
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
