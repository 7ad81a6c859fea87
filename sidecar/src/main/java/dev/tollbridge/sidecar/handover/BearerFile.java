package dev.tollbridge.sidecar.handover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/// What is shown at the endpoint: made anew by each start, in memory and in a file of the pod's
/// memory.
public final class BearerFile {

    private static final int BYTES = 32;

    private final Path file;
    private final String bearer;
    private boolean written;

    public BearerFile(Path file, SecureRandom random) {
        this.file = file;
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        this.bearer = HexFormat.of().formatHex(bytes);
    }

    public Path file() {
        return file;
    }

    /// For the endpoint to compare with.
    public String bearer() {
        return bearer;
    }

    /// Writes it unless it is there. A full disk at the start is no reason to end: with each
    /// credential it is tried again.
    public synchronized void ensure() throws IOException {
        if (!written || !Files.exists(file)) {
            AtomicFile.write(file, bearer);
            written = true;
        }
    }

    public synchronized void remove() throws IOException {
        Files.deleteIfExists(file);
    }
}
