package dev.tollbridge.bridge.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Reads the record's lines for those who look at them, a block at a time. Also while it is being
/// written: a line that is not complete yet is left out.
public final class AuditReader {

    private static final int BLOCK = 1 << 18;

    private AuditReader() {}

    /// All lines of a record that satisfy the filter, oldest first.
    ///
    /// @param folder `DATA/audit`
    /// @throws UncheckedIOException when a file cannot be read or holds what is not a line
    public static void forwards(
            Path folder, Predicate<AuditRecord> wanted, Consumer<RecordLine> each) {
        try {
            for (Path file : SegmentFiles.in(folder)) {
                SegmentScan.Outcome outcome =
                        new SegmentScan(
                                        file,
                                        (line, _, _) -> {
                                            if (wanted.test(line.record())) {
                                                each.accept(line);
                                            }
                                        })
                                .from(0, SegmentFiles.firstSeq(file) - 1, null);
                SegmentScan.Fault fault = outcome.fault();
                if (fault != null && !fault.torn()) {
                    throw new IOException(
                            file
                                    + ": line "
                                    + (outcome.lines() + 1)
                                    + ": "
                                    + fault.what()
                                    + "; run `tollbridge audit verify`");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Lines of one file, newest first, as long as `more` says so.
    ///
    /// @return false when `more` said it has enough
    public static boolean backwards(Path file, Predicate<RecordLine> more) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long at = channel.size();
            byte[] rest = new byte[0];
            boolean whole = false;
            while (at > 0) {
                int length = (int) Math.min(BLOCK, at);
                at -= length;
                byte[] block = new byte[length + rest.length];
                ByteBuffer bytes = ByteBuffer.wrap(block, 0, length);
                while (bytes.hasRemaining() && channel.read(bytes, at + bytes.position()) >= 0) {}
                System.arraycopy(rest, 0, block, length, rest.length);
                int end = block.length;
                for (int i = Math.min(length, block.length) - 1; i >= 0; i--) {
                    if (block[i] != '\n') {
                        continue;
                    }
                    // What follows the last line feed is a line being written.
                    if (whole
                            && end > i + 1
                            && !more.test(RecordLine.parse(block, i + 1, end - i - 1))) {
                        return false;
                    }
                    whole = true;
                    end = i;
                }
                rest = java.util.Arrays.copyOf(block, end);
            }
            return !whole || rest.length == 0 || more.test(RecordLine.parse(rest, 0, rest.length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
