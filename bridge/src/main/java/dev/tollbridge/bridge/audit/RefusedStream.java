package dev.tollbridge.bridge.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Refusals from before a signature was verified, which anybody can cause: four files in a ring
/// (`refused-0.jsonl` to `refused-3.jsonl`) of bounded size, not chained and not forced, sampled
/// per peer above a rate. Never blocks, never fails: a flood of garbage cannot fill the disk or
/// slow others (DESIGN 14, rule 5).
public final class RefusedStream implements AuditTrail, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RefusedStream.class);

    private static final int FILES = 4;

    /// Peers told apart at once. Two peers may share a place: then they share a rate.
    private static final int PEERS = 4096;

    /// Recorded per peer and window before sampling begins.
    private static final int FREELY = 50;

    private static final long WINDOW_SECONDS = 10;

    /// Above that, one in so many is recorded.
    private static final int SAMPLE = 64;

    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final Path folder;
    private final long fileBytes;
    private final InstantSource clock;
    private final BlockingQueue<AuditRecord> queue = new ArrayBlockingQueue<>(1024);
    private final long[] windows = new long[PEERS];
    private final int[] counts = new int[PEERS];
    private final LongAdder leftOut = new LongAdder();
    private final Thread writer;
    private volatile Consumer<byte[]> also = _ -> {};
    private volatile boolean closing;
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong worked = new AtomicLong();

    private RefusedStream(Path folder, long bytes, InstantSource clock) {
        this.folder = folder;
        this.fileBytes = Math.max(4096, bytes / FILES);
        this.clock = clock;
        this.writer = Thread.ofPlatform().name("refused").daemon().unstarted(this::write);
    }

    /// @param bytes disk space that all files may take together
    public static RefusedStream open(Path folder, long bytes, InstantSource clock) {
        RefusedStream stream = new RefusedStream(folder, bytes, clock);
        stream.writer.start();
        return stream;
    }

    /// Who is shown each line as it was written, without line feed. Called by the writing thread,
    /// so it must not block.
    public void also(Consumer<byte[]> other) {
        also = other;
    }

    /// How many refusals were not recorded, for their peer's rate or a full queue.
    public long leftOut() {
        return leftOut.sum();
    }

    /// @return completed already: nobody waits for these
    @Override
    public CompletableFuture<Void> append(AuditRecord record) {
        // Counted before it can be taken, so that what is worked never runs ahead of it.
        accepted.incrementAndGet();
        if (!wanted(record) || !queue.offer(record)) {
            accepted.decrementAndGet();
            leftOut.increment();
        }
        return DONE.copy();
    }

    private boolean wanted(AuditRecord record) {
        String peer = record.peer();
        int at = peer == null ? 0 : (peer.hashCode() * 0x9E3779B1) >>> 20;
        long window = Math.floorDiv(clock.instant().getEpochSecond(), WINDOW_SECONDS);
        synchronized (counts) {
            if (windows[at] != window) {
                windows[at] = window;
                counts[at] = 0;
            }
            int count = ++counts[at];
            return count <= FREELY || count % SAMPLE == 0;
        }
    }

    private void write() {
        LineWriter lines = new LineWriter();
        int number = newest();
        List<AuditRecord> batch = new ArrayList<>();
        while (true) {
            int taken = 0;
            try {
                AuditRecord first = queue.poll(100, TimeUnit.MILLISECONDS);
                if (first == null) {
                    if (closing) {
                        return;
                    }
                    continue;
                }
                batch.add(first);
                queue.drainTo(batch);
                taken = batch.size();
                lines.clear();
                for (AuditRecord record : batch) {
                    lines.loose(record);
                }
                batch.clear();
                number = append(number, ByteBuffer.wrap(lines.buffer(), 0, lines.size()));
                show(lines.buffer(), lines.size());
            } catch (IOException e) {
                leftOut.increment();
                LOG.warn("refusals are not recorded: {}", e.toString());
            } catch (InterruptedException e) {
                return;
            } finally {
                worked.addAndGet(taken);
            }
        }
    }

    private void show(byte[] buffer, int size) {
        Consumer<byte[]> other = also;
        int start = 0;
        for (int i = 0; i < size; i++) {
            if (buffer[i] == '\n') {
                other.accept(Arrays.copyOfRange(buffer, start, i));
                start = i + 1;
            }
        }
    }

    private int newest() {
        return files().stream()
                .findFirst()
                .map(file -> file.getFileName().toString().charAt("refused-".length()) - '0')
                .orElse(0);
    }

    private int append(int number, ByteBuffer bytes) throws IOException {
        Path file = folder.resolve("refused-" + number + ".jsonl");
        int next = number;
        if (Files.exists(file) && Files.size(file) + bytes.remaining() > fileBytes) {
            next = (number + 1) % FILES;
            file = folder.resolve("refused-" + next + ".jsonl");
            Files.deleteIfExists(file);
        }
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                        FileChannelDisk.OWNER_ONLY)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
        return next;
    }

    /// Newest first.
    private List<Path> files() {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(
                            file -> file.getFileName().toString().matches("refused-[0-3]\\.jsonl"))
                    .sorted(
                            Comparator.comparingLong((Path file) -> file.toFile().lastModified())
                                    .reversed())
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /// A refusal by its receipt, if it was recorded and has not been overwritten. Reads all files:
    /// for operators.
    public Optional<AuditRecord> find(String receipt) {
        // What was accepted before is written within moments.
        long before = accepted.get();
        for (int i = 0; i < 100 && worked.get() < before; i++) {
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000L);
        }
        for (Path file : files()) {
            try (Stream<String> lines = Files.lines(file)) {
                String member = "\"receipt\":\"" + receipt + '"';
                Optional<String> line = lines.filter(each -> each.contains(member)).findFirst();
                if (line.isPresent()) {
                    byte[] bytes = line.get().getBytes(java.nio.charset.StandardCharsets.UTF_8);
                    return Optional.of(RecordLine.parse(bytes, 0, bytes.length).record());
                }
            } catch (IOException | java.io.UncheckedIOException e) {
                LOG.warn("{} cannot be read: {}", file.getFileName(), e.toString());
            }
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        closing = true;
        try {
            writer.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
