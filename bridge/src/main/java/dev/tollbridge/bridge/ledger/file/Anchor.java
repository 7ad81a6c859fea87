package dev.tollbridge.bridge.ledger.file;

import dev.tollbridge.bridge.audit.ChainHead;
import dev.tollbridge.bridge.audit.JournalOpening;
import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.StrictJson;
import dev.tollbridge.bridge.files.PrivateFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `DATA/ledger.json`: what was true of the record when it was last looked at, kept outside its
/// folder, so that a record that is gone, shorter, older or another one is noticed at the next
/// start (DESIGN 14, rule 4). It is written after what it names is durable, so after `kill -9` it
/// is at most a little behind, and never ahead.
///
/// @param first number of the first line there was
/// @param file name of the journal's file that held the head
/// @param fileId inode of that file: a copy that was put back has another
/// @param folderId inode of the folder
/// @param floor subject tokens issued before are refused
record Anchor(
        ChainHead head,
        long first,
        String file,
        long fileId,
        long folderId,
        @Nullable Instant floor) {

    /// Lines a record has before the first anchor is written.
    private static final long NEW_LINES = 2;

    /// @param reason for the operator; null: nothing was lost
    record Floor(@Nullable Instant before, @Nullable String reason) {}

    static @Nullable Anchor read(Path path) throws IOException {
        try {
            Claims json = StrictJson.object(Files.readAllBytes(path));
            Object floor = json.at("/floor");
            return new Anchor(
                    new ChainHead(text(json, "/ledger"), number(json, "/seq"), text(json, "/hash")),
                    number(json, "/first"),
                    text(json, "/file"),
                    number(json, "/file_id"),
                    number(json, "/folder_id"),
                    floor instanceof String time ? Instant.parse(time) : null);
        } catch (NoSuchFileException e) {
            return null;
        } catch (StrictJson.Malformed | RuntimeException e) {
            throw new IOException("not an anchor", e);
        }
    }

    private static String text(Claims json, String at) {
        return (String) Objects.requireNonNull(json.at(at));
    }

    private static long number(Claims json, String at) {
        return (Long) Objects.requireNonNull(json.at(at));
    }

    void write(Path path) throws IOException {
        String text =
                "{\"format\":1,\"ledger\":\""
                        + head.ledger()
                        + "\",\"first\":"
                        + first
                        + ",\"seq\":"
                        + head.seq()
                        + ",\"hash\":\""
                        + head.hash()
                        + "\",\"file\":\""
                        + file
                        + "\",\"file_id\":"
                        + fileId
                        + ",\"folder_id\":"
                        + folderId
                        + (floor == null ? "" : ",\"floor\":\"" + floor + '"')
                        + "}\n";
        replace(path, text);
    }

    /// Replaces a small file as one step.
    static void replace(Path path, String text) throws IOException {
        PrivateFiles.replaceUnforced(path, StandardCharsets.UTF_8.encode(text));
    }

    static long idOf(Path path) {
        try {
            Object inode = Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
            return inode instanceof Long number ? number : 0;
        } catch (IOException | UnsupportedOperationException e) {
            return 0;
        }
    }

    /// Compares what is there with what was there.
    ///
    /// @param anchor null when there is none
    /// @param keysBefore whether the data folder holds keys of an earlier run
    static Floor compare(
            @Nullable Anchor anchor,
            JournalOpening found,
            Path folder,
            boolean keysBefore,
            Instant now)
            throws IOException {
        if (anchor == null) {
            // No more than a new record's own lines: a first start that was interrupted.
            if (found.none() ? !keysBefore : found.seq() <= NEW_LINES) {
                return new Floor(null, null);
            }
            return new Floor(
                    now,
                    found.none()
                            ? "there are keys and no record"
                            : "ledger.json, which says what the record held, is gone");
        }
        String reason = difference(anchor, found, folder);
        return reason == null ? new Floor(anchor.floor(), null) : new Floor(now, reason);
    }

    private static @Nullable String difference(Anchor anchor, JournalOpening found, Path folder)
            throws IOException {
        if (found.none()) {
            return "the record is gone";
        }
        if (!anchor.head().ledger().equals(found.ledger())) {
            return "the record is another one";
        }
        if (found.seq() < anchor.head().seq()) {
            return "the record ends at line "
                    + found.seq()
                    + " and had "
                    + anchor.head().seq()
                    + " lines: it was cut or is an older copy";
        }
        if (!anchor.head().hash().equals(found.hashOf(anchor.head().seq()))) {
            return "line " + anchor.head().seq() + " of the record is not the one that was there";
        }
        if (found.firstSeq() > anchor.first()) {
            return "the record begins at line " + found.firstSeq() + ": earlier files are gone";
        }
        if (idOf(folder) != anchor.folderId()
                || (Files.exists(folder.resolve(anchor.file()))
                        && idOf(folder.resolve(anchor.file())) != anchor.fileId())) {
            return "the record's files were copied or put back";
        }
        return null;
    }

    /// Whether keys were made before this process began: then there was a record, too.
    static boolean keysBefore(Path data) {
        Path keys = data.resolve("keys");
        if (!Files.isDirectory(keys)) {
            return false;
        }
        Instant began = ProcessHandle.current().info().startInstant().orElse(Instant.MAX);
        try (Stream<Path> files = Files.walk(keys)) {
            List<Path> old =
                    files.filter(Files::isRegularFile)
                            .filter(file -> modified(file).isBefore(began))
                            .toList();
            return !old.isEmpty();
        } catch (IOException e) {
            return true;
        }
    }

    private static Instant modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toInstant();
        } catch (IOException e) {
            return Instant.MIN;
        }
    }
}
