package dev.tollbridge.bridge.outlet;

import dev.tollbridge.bridge.audit.ChainHead;
import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.StrictJson;
import dev.tollbridge.bridge.files.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How far an outlet has taken the record, in `DATA/outlets/<name>.json`: written about once a
/// second, so that a crash repeats a second of lines and leaves out none.
///
/// Without a file, or with one of another record, an outlet begins with what comes from now on.
public final class OutletCursor {

    private static final Logger LOG = LoggerFactory.getLogger(OutletCursor.class);
    private static final long PERIOD_NANOS = 1_000_000_000L;

    private final Path file;
    private final String ledger;
    private final LongSupplier nanos;
    private long last;
    private long kept;
    private long keptAt;

    private OutletCursor(Path file, String ledger, long last, LongSupplier nanos) {
        this.file = file;
        this.ledger = ledger;
        this.last = last;
        this.kept = -1;
        this.nanos = nanos;
        this.keptAt = nanos.getAsLong();
    }

    /// @param folder made (0700) where there is none
    /// @param head of the record as it is now
    /// @param nanos as `System.nanoTime`
    public static OutletCursor open(Path folder, String name, ChainHead head, LongSupplier nanos)
            throws IOException {
        Files.createDirectories(
                folder,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path file = folder.resolve(name + ".json");
        Long before = read(file, head);
        OutletCursor cursor =
                new OutletCursor(file, head.ledger(), before == null ? head.seq() : before, nanos);
        cursor.write();
        return cursor;
    }

    private static @Nullable Long read(Path file, ChainHead head) throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        try {
            Claims json = StrictJson.object(Files.readAllBytes(file));
            Long seq = json.integer("seq");
            return seq != null
                            && seq >= 0
                            && seq <= head.seq()
                            && head.ledger().equals(json.string("ledger"))
                    ? seq
                    : null;
        } catch (StrictJson.Malformed e) {
            LOG.warn("{} cannot be read; the outlet goes on with what comes now", file);
            return null;
        }
    }

    /// Number of the last line that was taken.
    public synchronized long last() {
        return last;
    }

    synchronized void reached(long seq) {
        last = seq;
        if (nanos.getAsLong() - keptAt >= PERIOD_NANOS) {
            keep();
        }
    }

    /// Writes it down, if it moved.
    synchronized void keep() {
        if (last == kept) {
            return;
        }
        try {
            write();
        } catch (IOException e) {
            LOG.warn("{} cannot be written: lines may be repeated after a restart", file);
        }
    }

    private void write() throws IOException {
        String text = "{\"ledger\":\"" + ledger + "\",\"seq\":" + last + "}\n";
        PrivateFiles.replaceUnforced(file, StandardCharsets.UTF_8.encode(text));
        kept = last;
        keptAt = nanos.getAsLong();
    }
}
