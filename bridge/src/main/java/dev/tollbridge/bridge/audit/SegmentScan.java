package dev.tollbridge.bridge.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Reads one file of the journal line by line and checks the chain as it goes.
final class SegmentScan {

    /// No line the bridge writes is longer.
    private static final int MAX_LINE = 64 << 20;

    /// What was found.
    ///
    /// @param bytes up to the end of the last good line
    /// @param lines good lines read
    /// @param seq number of the last good line
    /// @param hash of the last good line
    /// @param fault what is wrong with what follows; null: nothing follows
    record Outcome(long bytes, long lines, long seq, String hash, @Nullable Fault fault) {}

    /// @param torn whether an interrupted write explains it: the line has no end, or holds the
    ///   zeros of blocks that were never written
    record Fault(String what, boolean torn) {}

    @FunctionalInterface
    interface Visitor {
        void line(RecordLine line, long offset, int length);
    }

    private final Path file;
    private final Visitor visitor;
    private final MessageDigest sha256 = LineWriter.sha256();
    private byte[] buffer = new byte[1 << 18];

    SegmentScan(Path file, Visitor visitor) {
        this.file = file;
        this.visitor = visitor;
    }

    /// @param seq number of the line before `offset`
    /// @param hash of the line before `offset`; null: unknown, whatever the first line says
    Outcome from(long offset, long seq, @Nullable String hash) throws IOException {
        String prev = hash;
        long at = offset;
        long last = seq;
        long lines = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.position(offset);
            InputStream in = Channels.newInputStream(channel);
            int filled = 0;
            boolean more = true;
            while (more) {
                int read = in.read(buffer, filled, buffer.length - filled);
                more = read >= 0;
                filled += Math.max(read, 0);
                int start = 0;
                for (int i = 0; i < filled; i++) {
                    if (buffer[i] != '\n') {
                        continue;
                    }
                    int length = i - start;
                    RecordLine line;
                    try {
                        line = RecordLine.parse(buffer, start, length);
                    } catch (IOException e) {
                        return new Outcome(
                                at,
                                lines,
                                last,
                                prev == null ? LineWriter.NO_LINE : prev,
                                new Fault(
                                        "not a line of the record",
                                        hasZero(buffer, start, filled)));
                    }
                    if (prev == null) {
                        prev = line.prev();
                    }
                    if (line.seq() != last + 1 || !line.prev().equals(prev)) {
                        String what =
                                line.seq() != last + 1
                                        ? "has number "
                                                + line.seq()
                                                + ", "
                                                + (last + 1)
                                                + " was due"
                                        : "does not carry the hash of the line before it: one of"
                                                + " the two was changed";
                        return new Outcome(at, lines, last, prev, new Fault(what, false));
                    }
                    sha256.update(buffer, start, length);
                    prev = HexFormat.of().formatHex(sha256.digest());
                    last++;
                    lines++;
                    visitor.line(line, at, length);
                    at += length + 1;
                    start = i + 1;
                }
                System.arraycopy(buffer, start, buffer, 0, filled - start);
                filled -= start;
                if (filled == buffer.length) {
                    if (filled >= MAX_LINE) {
                        break;
                    }
                    buffer = Arrays.copyOf(buffer, buffer.length * 2);
                }
            }
            Fault fault = filled == 0 ? null : new Fault("a line without end", filled < MAX_LINE);
            return new Outcome(at, lines, last, prev == null ? LineWriter.NO_LINE : prev, fault);
        }
    }

    private static boolean hasZero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == 0) {
                return true;
            }
        }
        return false;
    }
}
