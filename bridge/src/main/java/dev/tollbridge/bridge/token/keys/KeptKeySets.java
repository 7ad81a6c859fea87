package dev.tollbridge.bridge.token.keys;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.StrictJson;
import dev.tollbridge.bridge.files.PrivateFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The last good key set of each issuer, in a folder, so that a restart during an issuer's outage
/// does not become an outage of the bridge.
///
/// A file that others could have written, that is of another issuer or source, or that comes from
/// the future is not believed.
final class KeptKeySets {

    private static final Logger LOG = LoggerFactory.getLogger(KeptKeySets.class);

    /// A key set as a JSON string can be twice its size: every quote is escaped.
    private static final int MAX_BYTES = 3 * KeyAdmission.MAX_BYTES;

    private static final long VERSION = 1;
    private static final Set<PosixFilePermission> WRITE_OF_OTHERS =
            EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private final Path folder;

    KeptKeySets(Path folder) {
        this.folder = folder;
    }

    /// @param jwks as published
    @SuppressWarnings("ArrayRecordComponent") // read once and dropped
    record Kept(byte[] jwks, Instant fetchedAt) {}

    /// @param source what the set must have come from, exactly
    @Nullable Kept read(String name, String source, Instant now) {
        Path file = file(name);
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return null;
            }
            Claims kept = StrictJson.object(checkedContent(file));
            Long version = kept.integer("version");
            Long millis = kept.integer("fetchedAt");
            String jwks = kept.string("jwks");
            if (version == null || version != VERSION || millis == null || jwks == null) {
                throw new IOException("not a kept key set");
            }
            if (!source.equals(kept.string("source"))) {
                return null;
            }
            Instant fetchedAt = Instant.ofEpochMilli(millis);
            if (fetchedAt.isAfter(now)) {
                throw new IOException("fetched in the future");
            }
            return new Kept(jwks.getBytes(StandardCharsets.UTF_8), fetchedAt);
        } catch (IOException | StrictJson.Malformed | UnsupportedOperationException e) {
            LOG.warn("kept key set {} is not used: {}", file, e.getMessage());
            return null;
        }
    }

    private static byte[] checkedContent(Path file) throws IOException {
        PosixFileAttributes attributes =
                Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (!attributes.isRegularFile()) {
            throw new IOException("not a regular file");
        }
        for (PosixFilePermission permission : attributes.permissions()) {
            if (WRITE_OF_OTHERS.contains(permission)) {
                throw new IOException("others may write it");
            }
        }
        if (attributes.size() > MAX_BYTES) {
            throw new IOException("too large");
        }
        return Files.readAllBytes(file);
    }

    /// Best effort: a folder that cannot be written costs a restart's comfort, not the keys.
    ///
    /// @param stillWanted asked under the same lock as {@link #forget}, so that the keys of an
    ///   issuer that was removed do not come back
    synchronized void write(
            String name,
            String source,
            byte[] jwks,
            Instant fetchedAt,
            BooleanSupplier stillWanted) {
        if (!stillWanted.getAsBoolean()) {
            return;
        }
        Path file = file(name);
        try {
            Files.createDirectories(folder);
            PrivateFiles.replace(file, json(source, jwks, fetchedAt));
        } catch (IOException | UnsupportedOperationException e) {
            LOG.warn("the key set of {} cannot be kept: {}", name, e.toString());
        }
    }

    private static byte[] json(String source, byte[] jwks, Instant fetchedAt) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.writeStartObject();
            json.writeNumberField("version", VERSION);
            json.writeStringField("source", source);
            json.writeNumberField("fetchedAt", fetchedAt.toEpochMilli());
            json.writeStringField("jwks", new String(jwks, StandardCharsets.UTF_8));
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    synchronized void forget(String name) {
        try {
            Files.deleteIfExists(file(name));
        } catch (IOException e) {
            LOG.warn("the kept key set of {} cannot be deleted: {}", name, e.toString());
        }
    }

    /// Document names are DNS labels; whatever else somebody made of one stays inside the folder.
    private Path file(String name) {
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain =
                    (c >= 'a' && c <= 'z')
                            || (c >= '0' && c <= '9')
                            || c == '-'
                            || (c == '.' && i > 0);
            if (plain) {
                safe.append(c);
            } else {
                safe.append('_').append(Integer.toHexString(c)).append('_');
            }
        }
        return folder.resolve(safe + ".json");
    }
}
