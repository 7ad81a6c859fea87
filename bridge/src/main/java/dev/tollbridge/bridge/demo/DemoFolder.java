package dev.tollbridge.bridge.demo;

import dev.tollbridge.bridge.secret.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A folder of its own below the system's temporary one, for its owner only, gone afterwards.
final class DemoFolder implements AutoCloseable {

    private final Path root;

    private DemoFolder(Path root) {
        this.root = root;
    }

    static DemoFolder create() {
        try {
            Path root = Files.createTempDirectory("tollbridge-demo-");
            Files.createDirectory(root.resolve("config"));
            Files.createDirectory(root.resolve("data"));
            return new DemoFolder(root);
        } catch (IOException e) {
            throw new UncheckedIOException("no temporary folder can be made", e);
        }
    }

    Path root() {
        return root;
    }

    Path config() {
        return root.resolve("config");
    }

    Path data() {
        return root.resolve("data");
    }

    /// @return where it is now
    Path write(String name, String content) {
        return write(name, Secret.of(content));
    }

    Path write(String name, Secret content) {
        Path file = root.resolve(name);
        try {
            Files.deleteIfExists(file);
            Files.createFile(
                    file,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, content.reveal());
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Removes all of it. What is being written at that moment by a thread that ends is met on the
    /// second round.
    @Override
    public void close() {
        for (int round = 0; round < 3 && Files.exists(root, LinkOption.NOFOLLOW_LINKS); round++) {
            try (Stream<Path> all = Files.walk(root)) {
                List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
                for (Path each : deepestFirst) {
                    Files.deleteIfExists(each);
                }
            } catch (IOException | UncheckedIOException e) {
                // Tried again; what stays in the end is said by whoever looks.
            }
        }
    }
}
