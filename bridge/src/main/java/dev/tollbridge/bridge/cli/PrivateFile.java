package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.secret.Secret;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/// Files that hold a secret.
final class PrivateFile {

    private static final int LONGEST = 64 * 1024;

    private PrivateFile() {}

    /// Writes it for its owner only (0600), as a whole: whoever reads at the same time sees what
    /// was there before or all of this. A link is replaced, not followed.
    static void write(Path file, Secret content) {
        byte[] suffix = new byte[6];
        new SecureRandom().nextBytes(suffix);
        Path draft =
                file.resolveSibling(
                        "." + file.getFileName() + "." + HexFormat.of().formatHex(suffix));
        try {
            if (Files.isDirectory(file)) {
                throw CommandFailure.usage(file + " is a directory");
            }
            try (FileChannel channel =
                    FileChannel.open(
                            draft,
                            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------")))) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(content.reveal());
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw CommandFailure.usage(file + " cannot be written");
        } finally {
            try {
                Files.deleteIfExists(draft);
            } catch (IOException e) {
                // What could not be written could not be made either.
            }
        }
    }

    /// Its text, without white space around it.
    static Secret read(String option, Path file) {
        try {
            if (Files.size(file) > LONGEST) {
                throw CommandFailure.usage(option + ": " + file + " is larger than 64 KiB");
            }
            String text = Files.readString(file).strip();
            if (text.isEmpty()) {
                throw CommandFailure.usage(option + ": " + file + " is empty");
            }
            return Secret.of(text);
        } catch (IOException e) {
            throw CommandFailure.usage(option + ": " + file + " cannot be read");
        }
    }
}
