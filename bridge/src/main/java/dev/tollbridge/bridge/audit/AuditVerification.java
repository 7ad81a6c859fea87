package dev.tollbridge.bridge.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Checks the chain over all files of a record: what `tollbridge audit verify` does. Reads only;
/// may run beside the bridge.
public final class AuditVerification {

    /// @param lines that hold
    /// @param head the last of them; null: there is none
    /// @param firstSeq number of the first line there is; above 1 where older files were removed
    /// @param problem the first thing that is wrong, with file and line; null: nothing
    /// @param unfinished bytes of a line that is being written, or was when the bridge was killed
    public record Result(
            long lines,
            @Nullable ChainHead head,
            long firstSeq,
            @Nullable String problem,
            long unfinished) {
        public boolean holds() {
            return problem == null;
        }
    }

    private static final class Found {
        private String ledger = "";
        private boolean otherLedger;

        /// Of the line the expected head names.
        private @Nullable String hash;
    }

    private AuditVerification() {}

    /// @param folder `DATA/audit`
    /// @param expected a head kept elsewhere, such as a copy of `head.json`: says whether the tail
    ///   is missing or lines before it were written anew; null: none
    /// @throws IOException when a file cannot be read
    public static Result verify(Path folder, @Nullable ChainHead expected) throws IOException {
        return verify(folder, expected, null, 1);
    }

    /// @param begin the last line that retention removed, as `begin.jws` says, its signature
    ///   checked: what is left has to continue it; null: retention removed nothing
    /// @param firstLine that somebody who removed files by hand knows to be the first; 1: nobody
    ///   did
    public static Result verify(
            Path folder, @Nullable ChainHead expected, @Nullable ChainHead begin, long firstLine)
            throws IOException {
        List<Path> files = SegmentFiles.in(folder);
        long firstSeq = files.isEmpty() ? 1 : SegmentFiles.firstSeq(files.getFirst());
        long seq = firstSeq - 1;
        long lines = 0;
        long unfinished = 0;
        String hash = firstSeq == 1 ? LineWriter.NO_LINE : null;
        Found found = new Found();
        String problem = null;
        if (files.isEmpty() && begin != null) {
            problem = "the lines after " + begin.seq() + " are missing: there is no file";
        } else if (begin != null && begin.seq() == firstSeq - 1) {
            hash = begin.hash();
            found.ledger = begin.ledger();
        } else if (firstSeq != firstLine && !continues(firstSeq, expected)) {
            problem = missingBeginning(firstSeq, begin, firstLine);
        }
        for (int i = 0; i < files.size() && problem == null; i++) {
            Path file = files.get(i);
            String name = file.getFileName().toString();
            if (SegmentFiles.firstSeq(file) != seq + 1) {
                problem =
                        name
                                + ": lines "
                                + (seq + 1)
                                + " to "
                                + (SegmentFiles.firstSeq(file) - 1)
                                + " are missing before it";
                break;
            }
            SegmentScan.Outcome outcome =
                    new SegmentScan(
                                    file,
                                    (line, _, _) -> {
                                        if (line.format() != 0) {
                                            String named = line.record().id();
                                            if (found.ledger.isEmpty()) {
                                                found.ledger = named == null ? "" : named;
                                            } else if (!found.ledger.equals(named)) {
                                                found.otherLedger = true;
                                            }
                                        }
                                        // A line carries the hash of the one before.
                                        if (expected != null && line.seq() == expected.seq() + 1) {
                                            found.hash = line.prev();
                                        }
                                    })
                            .from(0, seq, hash);
            lines += outcome.lines();
            seq = outcome.seq();
            hash = outcome.hash();
            SegmentScan.Fault fault = outcome.fault();
            if (fault == null) {
                continue;
            }
            if (fault.torn() && i == files.size() - 1) {
                unfinished = Files.size(file) - outcome.bytes();
            } else {
                problem =
                        name
                                + ": line "
                                + (outcome.lines() + 1)
                                + " (byte "
                                + outcome.bytes()
                                + ") "
                                + fault.what();
            }
        }
        if (problem == null && found.otherLedger) {
            problem = "a file of another record is among the files";
        }
        if (lines == 0 && problem == null && expected == null) {
            return new Result(0, null, firstSeq, null, unfinished);
        }
        String id = found.ledger;
        if (problem == null && expected != null) {
            String there = seq == expected.seq() ? hash : found.hash;
            problem = compare(expected, id, seq, there, firstSeq);
        }
        ChainHead head = hash == null || lines == 0 ? null : new ChainHead(id, seq, hash);
        return new Result(lines, head, firstSeq, problem, unfinished);
    }

    /// Whether the head that was kept elsewhere is that of the line before the first there is.
    private static boolean continues(long firstSeq, @Nullable ChainHead expected) {
        return expected != null && expected.seq() == firstSeq - 1;
    }

    private static @Nullable String missingBeginning(
            long firstSeq, @Nullable ChainHead begin, long firstLine) {
        long vouched = Math.max(begin == null ? 0 : begin.seq(), firstLine - 1);
        // Removing stopped half-way: more is there than may be missing.
        return vouched >= firstSeq
                ? null
                : "lines "
                        + (vouched + 1)
                        + " to "
                        + (firstSeq - 1)
                        + " are missing at its beginning: "
                        + (begin == null
                                ? "nothing that the bridge signed says that retention removed them"
                                : "retention removed only those up to " + begin.seq());
    }

    private static @Nullable String compare(
            ChainHead expected, String ledger, long seq, @Nullable String there, long firstSeq) {
        if (seq < expected.seq()) {
            return "the record ends at line "
                    + seq
                    + ": lines up to "
                    + expected.seq()
                    + " are missing at its end";
        }
        if (!ledger.equals(expected.ledger())) {
            return "this is record " + ledger + ", expected was " + expected.ledger();
        }
        if (expected.seq() >= firstSeq - 1 && !expected.hash().equals(there)) {
            return "line "
                    + expected.seq()
                    + " is not the one that was there: it or a line before it was written anew";
        }
        return null;
    }
}
