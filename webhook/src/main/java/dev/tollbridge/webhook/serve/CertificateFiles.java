package dev.tollbridge.webhook.serve;

import dev.tollbridge.webhook.http.Certificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A certificate chain and its key in files that somebody else renews, such as cert-manager. Looked
/// at again now and then; a pair that cannot be used is left alone.
final class CertificateFiles {

    private static final int MOST_BYTES = 1024 * 1024;

    private final Logger log = LoggerFactory.getLogger(CertificateFiles.class);
    private final Path chain;
    private final Path key;
    private Certificate current;

    CertificateFiles(Path chain, Path key) {
        this.chain = chain;
        this.key = key;
        try {
            current = read();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    synchronized Certificate current() {
        return current;
    }

    /// Calls back when the files hold another pair that fits together.
    synchronized void look(Consumer<Certificate> renewed) {
        try {
            Certificate now = read();
            if (!now.equals(current)) {
                current = now;
                renewed.accept(now);
                log.info("the certificate {} was read again", chain);
            }
        } catch (IOException e) {
            log.error("the one before stays: {}", e.getMessage());
        }
    }

    private Certificate read() throws IOException {
        Certificate pair = new Certificate(text(chain), text(key));
        String problem = Pem.problem(pair);
        if (!problem.isEmpty()) {
            throw new IOException(
                    "the certificate " + chain + " with the key " + key + ": " + problem);
        }
        return pair;
    }

    static String text(Path file) throws IOException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new IOException(file + " cannot be read");
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException(file + " is too large");
        }
        return Files.readString(file);
    }
}
