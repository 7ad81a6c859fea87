package dev.tollbridge.bridge.audit;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Derives something from the journal, such as an index. Called in the journal's order: by the
/// thread that opens the journal, then by the one that writes it, always after the record is
/// durable.
public interface JournalFollower {

    /// How much of a file this follower knows already, from an earlier run.
    ///
    /// @param size of the file as it is now
    /// @return null: nothing, or of a file longer than this one is now; it wants to be shown all
    @Nullable Known known(Path file, long size);

    /// Records from here on are of this file. Called before the file's first record.
    void file(Path file, long firstSeq);

    /// @param offset where in the file the line begins
    /// @param length without line feed
    void record(AuditRecord record, long offset, int length);

    /// The file is complete: nothing will be added to it.
    void sealed(Path file, Known all);

    /// @param bytes how many bytes of the file are covered
    /// @param seq number of the last line covered
    /// @param hash that line's SHA-256, in hexadecimal
    record Known(long bytes, long seq, String hash) {}
}
