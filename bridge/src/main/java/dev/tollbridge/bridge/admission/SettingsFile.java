package dev.tollbridge.bridge.admission;

import dev.tollbridge.bridge.config.DocumentReader;
import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.config.Loaded;
import dev.tollbridge.bridge.config.Problem.Severity;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One file of documents: one `AdmissionSettings`, any number of `Exemption` and `Target`. Looked
/// at again while the webhook runs; a bad edit keeps what was in force, and says so.
public final class SettingsFile {

    private static final int MAX_BYTES = 16 * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(SettingsFile.class);

    private final Path file;
    private final InstantSource clock;
    private byte[] seen = {};
    private volatile boolean stale;

    /// What a reading gave.
    ///
    /// @param problems why it cannot be put in force; empty where it can
    public record Read(Documents documents, List<String> problems) {}

    public SettingsFile(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    /// Reads it.
    public synchronized Read read() {
        try {
            seen = bytes();
            return parsed(seen);
        } catch (IOException e) {
            return unreadable(e);
        }
    }

    /// Whether the last edit could not be put in force.
    public boolean stale() {
        return stale;
    }

    /// Reads it again if it changed, and hands on what can be put in force.
    public synchronized void look(Consumer<Documents> changed) {
        Read read;
        try {
            byte[] now = bytes();
            if (Arrays.equals(now, seen)) {
                return;
            }
            seen = now;
            read = parsed(now);
        } catch (IOException e) {
            read = unreadable(e);
        }
        if (read.problems().isEmpty()) {
            stale = false;
            changed.accept(read.documents());
            LOG.info("{} was read again and is in force", file);
        } else if (!stale) {
            stale = true;
            LOG.error(
                    "{} changed and cannot be put in force; what was in force stays: {}",
                    file,
                    String.join("; ", read.problems()));
        }
    }

    private Read unreadable(IOException e) {
        String why = e instanceof CharacterCodingException ? "it is not UTF-8" : reason(e);
        return new Read(Documents.EMPTY, List.of(file + " cannot be read: " + why));
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private byte[] bytes() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("it has more than " + MAX_BYTES + " bytes");
            }
            return bytes;
        }
    }

    private Read parsed(byte[] bytes) throws CharacterCodingException {
        DocumentReader reader =
                new DocumentReader(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        reader.read(String.valueOf(file.getFileName()), text);
        Loaded loaded = reader.loaded();
        List<String> errors = new ArrayList<>();
        loaded.problems()
                .forEach(problem -> {
                    if (problem.severity() == Severity.ERROR) {
                        errors.add(problem.toString());
                    } else {
                        LOG.warn("{}", problem);
                    }
                });
        if (loaded.documents().admissionSettings().size() > 1) {
            errors.add(file + ": there is one AdmissionSettings, not several");
        }
        return new Read(loaded.documents(), errors);
    }
}
