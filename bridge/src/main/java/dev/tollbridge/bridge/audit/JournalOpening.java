package dev.tollbridge.bridge.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what there is of a journal, shows it to the follower, and says what it found. Changes
/// nothing but this: a last line that a crash left unfinished is cut off, after a copy of it was
/// put beside the file.
public final class JournalOpening {

    private final Path folder;
    private final JournalFollower follower;
    private final List<String> cuts = new ArrayList<>();

    private List<Path> files = List.of();
    private @Nullable String ledger;
    private long seq;
    private String hash = LineWriter.NO_LINE;
    private @Nullable Path last;
    private long lastSize;

    private JournalOpening(Path folder, JournalFollower follower) {
        this.folder = folder;
        this.follower = follower;
    }

    /// @throws JournalProblem when the journal is damaged or of another version
    public static JournalOpening read(Path folder, JournalFollower follower) {
        JournalOpening opening = new JournalOpening(folder, follower);
        try {
            opening.readFiles();
        } catch (IOException e) {
            throw new JournalProblem("cannot read the record in " + folder + ": " + e, e);
        }
        return opening;
    }

    /// Whether there is no journal at all.
    public boolean none() {
        return last == null;
    }

    /// The record's id; null when there is none.
    public @Nullable String ledger() {
        return ledger;
    }

    /// Number of the last line, 0 when there is none.
    public long seq() {
        return seq;
    }

    /// Number of the first line there still is.
    public long firstSeq() {
        return files.isEmpty() ? 1 : SegmentFiles.firstSeq(files.getFirst());
    }

    /// What was cut off, in words.
    public List<String> cuts() {
        return cuts;
    }

    /// The hash of a line, or null when the journal has no such line.
    public @Nullable String hashOf(long line) throws IOException {
        if (line == seq) {
            return hash;
        }
        Path in = null;
        for (Path file : files) {
            if (SegmentFiles.firstSeq(file) <= line) {
                in = file;
            }
        }
        if (in == null || line > seq) {
            return null;
        }
        byte[] bytes = Files.readAllBytes(in);
        long number = SegmentFiles.firstSeq(in);
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                if (number == line) {
                    var sha256 = LineWriter.sha256();
                    sha256.update(bytes, start, i - start);
                    return HexFormat.of().formatHex(sha256.digest());
                }
                number++;
                start = i + 1;
            }
        }
        return null;
    }

    /// Begins to write behind what was read.
    ///
    /// @param fallbackLedger the record's id where there is none yet
    public Journal start(String fallbackLedger, Journal.Settings settings) {
        String id = ledger == null ? fallbackLedger : ledger;
        try {
            return Journal.start(
                    folder, id, settings, follower, last, lastSize, new ChainHead(id, seq, hash));
        } catch (IOException e) {
            throw new JournalProblem("cannot write the record in " + folder + ": " + e, e);
        }
    }

    private void readFiles() throws IOException {
        files = SegmentFiles.in(folder);
        Path newest = files.isEmpty() ? null : files.getLast();
        if (newest != null && files.size() > 1 && Files.size(newest) == 0) {
            // The crash came between making the file and its first line. It goes before anything is
            // read, because the file before it is then the one that is written on.
            Files.delete(newest);
            files = files.subList(0, files.size() - 1);
        }
        for (int i = 0; i < files.size(); i++) {
            Path file = files.get(i);
            boolean lastOne = i == files.size() - 1;
            long first = SegmentFiles.firstSeq(file);
            if (i > 0 && first != seq + 1) {
                throw new JournalProblem(
                        file.getFileName()
                                + ": the file before it ends at line "
                                + seq
                                + ", so "
                                + (first - seq - 1)
                                + " lines are missing between the two. "
                                + advice());
            }
            String before = i == 0 ? (first == 1 ? LineWriter.NO_LINE : null) : hash;
            readFile(file, first, before, lastOne);
        }
    }

    private void readFile(Path file, long first, @Nullable String before, boolean lastOne)
            throws IOException {
        String headerHash = before;
        RecordLine header = header(file, lastOne);
        if (header != null) {
            String named = header.record().id();
            if (ledger != null && !ledger.equals(named)) {
                throw new JournalProblem(
                        file.getFileName() + " belongs to another record. " + advice());
            }
            ledger = named;
            if (before != null && !header.prev().equals(before)) {
                throw damage(
                        file, 1, 0, "does not carry the hash of the last line of the file before");
            }
            headerHash = header.prev();
        }
        follower.file(file, first);
        long size = Files.size(file);
        JournalFollower.Known known = header == null ? null : follower.known(file, size);
        SegmentScan.Outcome outcome;
        if (known == null) {
            outcome = scan(file, 0, first - 1, headerHash);
        } else if (known.bytes() == size) {
            outcome = new SegmentScan.Outcome(size, 0, known.seq(), known.hash(), null);
        } else if (known.bytes() < size) {
            // An index of an earlier end, which a later one had no time to replace.
            outcome = scan(file, known.bytes(), known.seq(), known.hash());
        } else {
            throw damage(
                    file,
                    0,
                    size,
                    "has " + size + " bytes and had " + known.bytes() + " when it was complete");
        }
        SegmentScan.Fault fault = outcome.fault();
        if (fault != null) {
            if (!lastOne || !fault.torn()) {
                throw damage(file, outcome.seq() - first + 2, outcome.bytes(), fault.what());
            }
            cut(file, outcome.bytes(), size);
        }
        seq = outcome.seq();
        hash = outcome.hash();
        last = file;
        lastSize = outcome.bytes();
        if (!lastOne && (known == null || known.bytes() < size)) {
            follower.sealed(
                    file,
                    new JournalFollower.Known(outcome.bytes(), outcome.seq(), outcome.hash()));
        }
    }

    private SegmentScan.Outcome scan(Path file, long from, long before, @Nullable String prev)
            throws IOException {
        return new SegmentScan(
                        file,
                        (line, offset, length) -> follower.record(line.record(), offset, length))
                .from(from, before, prev);
    }

    /// @return null when the file has no whole first line
    private static @Nullable RecordLine header(Path file, boolean lastOne) throws IOException {
        byte[] start = new byte[4096];
        int read;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            read = Math.max(0, channel.read(ByteBuffer.wrap(start)));
        }
        int end = 0;
        while (end < read && start[end] != '\n') {
            end++;
        }
        if (end == read) {
            if (lastOne) {
                return null;
            }
            throw damage(file, 1, 0, "is not the first line of a file of the record");
        }
        int format = RecordLine.formatOf(start, 0, end);
        if (format != LineWriter.FORMAT && format != 0) {
            throw new JournalProblem(
                    file
                            + ": line 1 says format "
                            + format
                            + "; this version of Tollbridge reads format "
                            + LineWriter.FORMAT
                            + ". Start the version that wrote it, or use another data folder; the"
                            + " file has not been touched.");
        }
        try {
            RecordLine line = RecordLine.parse(start, 0, end);
            if (format == 0) {
                throw damage(file, 1, 0, "names no format");
            }
            return line;
        } catch (IOException e) {
            throw damage(file, 1, 0, "is not a line of the record");
        }
    }

    private void cut(Path file, long from, long size) throws IOException {
        Path copy = file.resolveSibling(file.getFileName() + "." + from + ".torn");
        try (FileChannel in =
                        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileChannel out =
                        FileChannel.open(
                                copy,
                                java.util.Set.of(
                                        StandardOpenOption.CREATE,
                                        StandardOpenOption.TRUNCATE_EXISTING,
                                        StandardOpenOption.WRITE),
                                FileChannelDisk.OWNER_ONLY)) {
            long at = from;
            while (at < size) {
                at += in.transferTo(at, size - at, out);
            }
            out.force(true);
            in.truncate(from);
            in.force(true);
        }
        cuts.add(
                "an unfinished line of "
                        + (size - from)
                        + " bytes was cut off "
                        + file.getFileName()
                        + " at byte "
                        + from
                        + " and kept as "
                        + copy.getFileName());
    }

    private static JournalProblem damage(Path file, long line, long offset, String what) {
        return new JournalProblem(
                file
                        + (line > 0 ? ": line " + line + " (byte " + offset + ") " : " ")
                        + what
                        + ". "
                        + advice());
    }

    private static String advice() {
        return "The record was damaged or edited; nothing has been changed. Restore the file, or"
                + " move the folder aside as evidence and start again: subject tokens issued before"
                + " that moment will then be refused. `tollbridge audit verify` says more.";
    }
}
