package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.Document.Place;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/// Reads a directory of documents.
public final class ConfigDirectory {

    /// Some 250,000 grants.
    static final int MAX_FILE = 128 * 1024 * 1024;

    static final long MAX_BYTES = 512L * 1024 * 1024;

    private final InstantSource clock;
    private final DocumentForm form;

    /// @param clock today's UTC date bounds the end of exemptions
    public ConfigDirectory(InstantSource clock) {
        this(clock, DocumentForm.FILE);
    }

    /// @param form what the documents are: those of a repository may be meant for a cluster
    public ConfigDirectory(InstantSource clock, DocumentForm form) {
        this.clock = clock;
        this.form = form;
    }

    /// Reads `*.yaml` and `*.yml` under the directory, recursively, and those `*.json` that have an
    /// `apiVersion` or a `kind` (others are key sets, claims and the like). Names that start with a
    /// dot are passed over: editors and Kubernetes keep their own files under such names. Never
    /// throws because of what is there: whatever is wrong becomes a problem.
    public Loaded load(Path directory) {
        DocumentReader reader =
                new DocumentReader(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC), form);
        DirectoryListing listing = DirectoryListing.of(directory, ConfigDirectory::isDocument);
        for (DirectoryListing.Trouble trouble : listing.troubles()) {
            if (trouble.hides()) {
                reader.unlisted(new Place(trouble.file(), 0), trouble.message());
            } else {
                reader.unreadable(trouble.file(), trouble.rule(), 0, trouble.message());
            }
        }
        long left = MAX_BYTES;
        for (DirectoryListing.File file : listing.files()) {
            byte[] bytes = bytes(file, left, reader);
            if (bytes != null) {
                left -= bytes.length;
                String text = text(file, bytes, reader);
                if (text != null && isMeant(file, text)) {
                    reader.read(file.name(), text);
                }
            }
        }
        return reader.loaded();
    }

    private static boolean isDocument(String name) {
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }

    private static boolean isMeant(DirectoryListing.File file, String text) {
        return !file.name().endsWith(".json")
                || text.contains("\"apiVersion\"")
                || text.contains("\"kind\"");
    }

    private static byte @Nullable [] bytes(
            DirectoryListing.File file, long left, DocumentReader reader) {
        int limit = (int) Math.min(left, MAX_FILE);
        try (InputStream in = Files.newInputStream(file.real())) {
            byte[] bytes = in.readNBytes(limit + 1);
            if (bytes.length <= limit) {
                return bytes;
            }
            reader.unreadable(
                    file.name(),
                    SchemaRule.TOO_LARGE,
                    0,
                    limit == MAX_FILE
                            ? "a file of more than " + MAX_FILE + " bytes"
                            : "more than " + MAX_BYTES + " bytes in all");
        } catch (IOException e) {
            reader.unreadable(
                    file.name(),
                    SchemaRule.UNREADABLE,
                    0,
                    "cannot be read (" + e.getClass().getSimpleName() + ")");
        }
        return null;
    }

    private static @Nullable String text(
            DirectoryListing.File file, byte[] bytes, DocumentReader reader) {
        // A lenient decoder would put replacement characters where an attacker or a broken editor
        // put something else: two readers, two meanings.
        CharBuffer text = CharBuffer.allocate(bytes.length);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CoderResult result =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)
                        .decode(in, text, true);
        if (!result.isError()) {
            return text.flip().toString();
        }
        int line = 1;
        for (int i = 0; i < in.position(); i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        reader.unreadable(file.name(), SchemaRule.UNREADABLE, line, "is not UTF-8");
        return null;
    }
}
