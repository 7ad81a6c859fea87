package dev.tollbridge.bridge.mint.github;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.secret.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.PrivateKey;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Private keys of Apps, from their files. A file is looked at for every token and read again when
/// it has changed, so that a key is exchanged without a restart.
final class AppKeys {

    /// A key of 16384 bits is 13 kB of PEM.
    private static final int MAX_BYTES = 16 * 1024;

    private static final int MOST_FILES = 1_000;
    private static final Duration WAIT = Duration.ofSeconds(5);

    /// Others may read it, or somebody else may write it. The group may read: that is how
    /// Kubernetes hands a Secret to a process that is not root (`fsGroup`).
    private static final Set<PosixFilePermission> TOO_OPEN =
            Set.of(
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE,
                    PosixFilePermission.OTHERS_EXECUTE);

    private final Cache<Path, Known> known = Caffeine.newBuilder().maximumSize(MOST_FILES).build();

    /// How a file looked when it was read.
    private record Looks(FileTime modified, long size, @Nullable Object file) {}

    private record Known(Looks looks, PrivateKey key) {}

    /// @param directory of the document; null: a custom resource, which names no files (DESIGN 14,
    ///   rule 2)
    /// @throws MintFailure when there is no key that can be used; certain, nobody was asked
    PrivateKey key(@Nullable Path directory, String written) throws MintFailure {
        if (directory == null) {
            throw MintFailure.refused("a custom resource cannot name a file");
        }
        Path file = directory.resolve(written).normalize();
        try {
            Looks looks = looks(file);
            Known before = known.getIfPresent(file);
            if (before != null && before.looks.equals(looks)) {
                return before.key;
            }
            PrivateKey key = PemRsaKey.parse(read(file));
            known.put(file, new Known(looks, key));
            return key;
        } catch (Unusable unusable) {
            known.invalidate(file);
            throw failure(written, unusable.why());
        } catch (IOException e) {
            known.invalidate(file);
            throw failure(written, "cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static MintFailure failure(String written, String why) {
        return MintFailure.unavailable("the App's private key " + written + " " + why, true, WAIT);
    }

    /// Follows links: a mounted Secret is one, and is replaced by moving it.
    private static Looks looks(Path file) throws IOException, Unusable {
        BasicFileAttributes attributes;
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            PosixFileAttributes posix = Files.readAttributes(file, PosixFileAttributes.class);
            for (PosixFilePermission permission : posix.permissions()) {
                if (TOO_OPEN.contains(permission)) {
                    throw new Unusable(
                            "is open to others: its mode must be 0600, 0400 or, for a group, 0440");
                }
            }
            attributes = posix;
        } else {
            attributes = Files.readAttributes(file, BasicFileAttributes.class);
        }
        if (!attributes.isRegularFile()) {
            throw new Unusable("is no regular file");
        }
        return new Looks(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }

    private static Secret read(Path file) throws IOException, Unusable {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new Unusable("is too large for a key");
            }
            return Secret.of(new String(bytes, StandardCharsets.ISO_8859_1));
        }
    }

    /// Why a file is no key to use, as the end of a sentence. Never quotes the file.
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String why) {
            super(why, null, false, false);
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }
}
