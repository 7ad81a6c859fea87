package dev.tollbridge.bridge.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads the journal's lines in order, up to the last durable one, from the files themselves: who
/// reads slowly holds nobody up, and what was not read is still there after a restart. Not for use
/// by two threads.
public final class JournalTail implements AutoCloseable {

    private static final int CHUNK = 1 << 16;

    /// @param lines as in the file, without line feed
    /// @param first number of the first of them
    /// @param lost lines before them that are in no file any more
    public record Batch(List<byte[]> lines, long first, long lost) {

        /// Number of the last of them.
        public long last() {
            return first + lines.size() - 1;
        }
    }

    private final Path folder;
    private final Supplier<ChainHead> head;
    private long durable;
    private long next;
    private @Nullable FileChannel file;
    private long offset;

    /// @param head the last durable line
    /// @param after number of the last line that is not wanted any more
    public JournalTail(Path folder, Supplier<ChainHead> head, long after) {
        this.folder = folder;
        this.head = head;
        this.next = after + 1;
    }

    /// The next lines; none when all that is durable was read.
    ///
    /// @param maxBytes of all of them together; one line comes in any case
    public Batch read(int maxLines, int maxBytes) throws IOException {
        durable = head.get().seq();
        long from = next;
        long lost = 0;
        List<byte[]> lines = new ArrayList<>();
        int bytes = 0;
        while (next <= durable && lines.size() < maxLines) {
            FileChannel open = file;
            if (open == null) {
                // Only between batches: what a batch holds is without a gap.
                if (!lines.isEmpty() && !Files.exists(SegmentFiles.name(folder, next))) {
                    break;
                }
                lost += open();
                from = lines.isEmpty() ? next : from;
                continue;
            }
            byte[] line = line(open);
            if (line == null) {
                closeFile();
                continue;
            }
            if (!lines.isEmpty() && bytes + line.length > maxBytes) {
                break;
            }
            offset += line.length + 1;
            bytes += line.length;
            next++;
            lines.add(line);
        }
        return new Batch(List.copyOf(lines), from, lost);
    }

    /// Opens the file that holds the next line, at that line.
    ///
    /// @return how many lines are in no file any more
    private long open() throws IOException {
        Path found = null;
        List<Path> files = SegmentFiles.in(folder);
        for (Path each : files) {
            if (SegmentFiles.firstSeq(each) <= next) {
                found = each;
            }
        }
        long lost = 0;
        if (found == null) {
            if (files.isEmpty()) {
                throw new NoSuchFileException(folder.toString());
            }
            found = files.getFirst();
            lost = SegmentFiles.firstSeq(found) - next;
            next = SegmentFiles.firstSeq(found);
        }
        FileChannel open = FileChannel.open(found, StandardOpenOption.READ);
        file = open;
        offset = 0;
        for (long seq = SegmentFiles.firstSeq(found); seq < next; seq++) {
            byte[] skipped = line(open);
            if (skipped == null) {
                closeFile();
                throw new IOException(found.getFileName() + " ends before line " + next);
            }
            offset += skipped.length + 1;
        }
        return lost;
    }

    /// The line at the offset; null at the file's end.
    private byte @Nullable [] line(FileChannel open) throws IOException {
        for (int length = CHUNK; ; length *= 4) {
            ensure(open, length);
            int start = (int) (offset - bufferedFrom);
            for (int i = start; i < buffered; i++) {
                if (buffer[i] == '\n') {
                    return Arrays.copyOfRange(buffer, start, i);
                }
            }
            if (bufferedFrom + buffered >= open.size()) {
                return null;
            }
        }
    }

    private byte[] buffer = new byte[0];
    private int buffered;
    private long bufferedFrom;
    private boolean bufferedHere;

    /// What is behind this line may be cut off again and written anew: it has to be read again.
    private long bufferedDurable;

    /// Has this many bytes from the offset at hand, or all there are.
    private void ensure(FileChannel open, int length) throws IOException {
        boolean here =
                bufferedHere
                        && next <= bufferedDurable
                        && offset >= bufferedFrom
                        && offset <= bufferedFrom + buffered;
        if (here && hasLine((int) (offset - bufferedFrom))) {
            return;
        }
        ByteBuffer into = ByteBuffer.allocate(length);
        while (into.hasRemaining() && open.read(into, offset + into.position()) >= 0) {
            // Until it is full or the file ends.
        }
        buffer = into.array();
        buffered = into.position();
        bufferedFrom = offset;
        bufferedHere = true;
        bufferedDurable = durable;
    }

    private boolean hasLine(int start) {
        for (int i = start; i < buffered; i++) {
            if (buffer[i] == '\n') {
                return true;
            }
        }
        return false;
    }

    private void closeFile() throws IOException {
        FileChannel open = file;
        file = null;
        bufferedHere = false;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() {
        try {
            closeFile();
        } catch (IOException e) {
            // It was only read.
        }
    }
}
