package dev.tollbridge.bridge.audit;

import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The hash-chained record in `DATA/audit/audit-*.jsonl`.
///
/// One thread writes. Whatever was appended while it wrote and forced the group before makes the
/// next group, so that under load the cost of forcing is shared and nobody waits for a timer. All
/// who appended to one group wait for one future.
///
/// When the disk says no: a failed write (a full disk) is cut off again and refuses only its group,
/// and the next group tries anew; a failed force ends the process, because what the disk then holds
/// cannot be known (DESIGN 14, rule 4).
public final class Journal implements AuditTrail, AutoCloseable {

    /// @param queue records that may wait; refusals and shadow decisions may use half of them, so
    ///   that a flood of them cannot keep an issuance or a revocation out (DESIGN 14, rule 5)
    /// @param deadline from appending to durable
    /// @param end ends the process
    public record Settings(
            InstantSource clock,
            Duration deadline,
            int queue,
            int segmentBytes,
            JournalDisk disk,
            Consumer<String> end) {}

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

    /// What is written to disk at once, at most.
    private static final int MAX_WRITE = 4 << 20;

    /// Records of one group.
    private static final class Group {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private AuditRecord[] records = new AuditRecord[64];
        private int size;
        private long since;

        void add(AuditRecord record) {
            if (size == records.length) {
                records = Arrays.copyOf(records, size * 2);
            }
            records[size++] = record;
        }
    }

    private final Path folder;
    private final String ledger;
    private final Settings settings;
    private final JournalFollower follower;
    private final Thread writer;
    private final Thread watch;
    private final Object lock = new Object();

    private Group waiting = new Group();
    private @Nullable Group writing;
    private boolean closing;

    /// A group is past its deadline: the disk hangs, and whoever comes now is told so at once.
    private volatile boolean stalled;

    private volatile boolean dead;
    private volatile ChainHead head;

    // Touched by the writing thread only.
    private final LineWriter lines = new LineWriter();
    private JournalDisk.Appender segment;
    private volatile Path segmentFile;
    private long segmentSize;
    private boolean firstLineDue;
    private int[] offsets = new int[256];

    private Journal(
            Path folder,
            String ledger,
            Settings settings,
            JournalFollower follower,
            JournalDisk.Appender segment,
            Path segmentFile,
            long segmentSize,
            ChainHead head) {
        this.folder = folder;
        this.ledger = ledger;
        this.settings = settings;
        this.follower = follower;
        this.segment = segment;
        this.segmentFile = segmentFile;
        this.segmentSize = segmentSize;
        this.head = head;
        lines.continueAfter(head.seq(), head.hash());
        writer = Thread.ofPlatform().name("journal").daemon().unstarted(this::write);
        watch = Thread.ofPlatform().name("journal-deadline").daemon().unstarted(this::watch);
    }

    /// Continues a journal that was read, or begins one.
    static Journal start(
            Path folder,
            String ledger,
            Settings settings,
            JournalFollower follower,
            @Nullable Path last,
            long lastSize,
            ChainHead head)
            throws IOException {
        Path file = last == null ? SegmentFiles.name(folder, head.seq() + 1) : last;
        JournalDisk.Appender appender = settings.disk().open(file);
        Journal journal =
                new Journal(folder, ledger, settings, follower, appender, file, lastSize, head);
        if (last == null) {
            follower.file(file, head.seq() + 1);
        }
        journal.firstLineDue = lastSize == 0;
        journal.writer.start();
        journal.watch.start();
        return journal;
    }

    /// The last durable line.
    public ChainHead head() {
        return head;
    }

    /// The file that is being written.
    public Path file() {
        return segmentFile;
    }

    /// Whether records can become durable right now.
    public boolean healthy() {
        return !stalled && !dead;
    }

    @Override
    public CompletableFuture<Void> append(AuditRecord record) {
        // A copy: whoever gets it may complete or cancel it without ending the others' wait.
        return queue(record).done.copy();
    }

    /// Appends and waits until the record is durable.
    ///
    /// @throws Refusal `overloaded` when too many wait, `ledger_unavailable` when it did not become
    ///   durable within the deadline; it may yet
    public void write(AuditRecord record) {
        await(queue(record));
    }

    /// Appends and does not wait.
    ///
    /// @throws Refusal as {@link #write}
    public void send(AuditRecord record) {
        queue(record);
    }

    private static void await(Group group) {
        try {
            group.done.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof Refusal refusal
                    ? refusal
                    : new Refusal(RefusalReason.LEDGER_UNAVAILABLE, "the record failed");
        }
    }

    private Group queue(AuditRecord record) {
        if (stalled || dead) {
            throw unavailable("the disk does not answer");
        }
        boolean spare =
                record.kind() == AuditRecord.Kind.REFUSED
                        || record.kind() == AuditRecord.Kind.SHADOW;
        synchronized (lock) {
            if (closing) {
                throw unavailable("the record is closed");
            }
            Group group = waiting;
            if (group.size >= (spare ? settings.queue() / 2 : settings.queue())) {
                throw new Refusal(
                        RefusalReason.OVERLOADED,
                        "too many records wait to be written",
                        Duration.ofSeconds(1));
            }
            if (group.size == 0) {
                group.since = System.nanoTime();
                if (writing == null) {
                    lock.notifyAll();
                }
            }
            group.add(record);
            return group;
        }
    }

    private static Refusal unavailable(String detail) {
        return new Refusal(RefusalReason.LEDGER_UNAVAILABLE, detail, Duration.ofSeconds(1));
    }

    private void write() {
        try {
            for (Group group = next(); group != null; group = next()) {
                if (write(group)) {
                    group.done.complete(null);
                }
                if (dead) {
                    return;
                }
                stalled = false;
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            // The record's thread is gone, and with it the promise that what was issued is
            // recorded.
            LOG.error("the record's thread failed", e);
            die("the record's thread failed: " + e.getClass().getName(), null);
        }
    }

    private @Nullable Group next() throws InterruptedException {
        synchronized (lock) {
            writing = null;
            while (waiting.size == 0) {
                if (closing) {
                    return null;
                }
                lock.wait();
            }
            Group group = waiting;
            waiting = new Group();
            writing = group;
            return group;
        }
    }

    /// @return whether all of the group is durable
    private boolean write(Group group) {
        int from = 0;
        while (from < group.size) {
            long seq = lines.seq();
            String hash = lines.lastHash();
            lines.clear();
            int to = from;
            try {
                if (segmentSize >= settings.segmentBytes()) {
                    rotate();
                }
                if (firstLineDue) {
                    writeFirstLine();
                    if (dead) {
                        return false;
                    }
                    seq = lines.seq();
                    hash = lines.lastHash();
                }
            } catch (IOException e) {
                lines.continueAfter(seq, hash);
                group.done.completeExceptionally(
                        unavailable("no new file for the record: " + e.getMessage()));
                return false;
            }
            while (to < group.size && lines.size() < MAX_WRITE) {
                if (to - from == offsets.length) {
                    offsets = Arrays.copyOf(offsets, offsets.length * 2);
                }
                offsets[to - from] = lines.size();
                lines.line(group.records[to++]);
            }
            int written = lines.size();
            try {
                segment.append(ByteBuffer.wrap(lines.buffer(), 0, written));
            } catch (IOException e) {
                lines.continueAfter(seq, hash);
                cutOff(e);
                group.done.completeExceptionally(
                        unavailable("the record cannot be written: " + e.getMessage()));
                return false;
            }
            try {
                segment.force();
            } catch (IOException e) {
                die("the record could not be forced to disk: " + e.getMessage(), group);
                return false;
            }
            head = new ChainHead(ledger, lines.seq(), lines.lastHash());
            for (int i = from; i < to; i++) {
                int offset = offsets[i - from];
                int end = i + 1 < to ? offsets[i + 1 - from] : written;
                follower.record(group.records[i], segmentSize + offset, end - offset - 1);
            }
            segmentSize += written;
            from = to;
        }
        return true;
    }

    /// A partly written group must not stay in front of the next one.
    private void cutOff(IOException cause) {
        LOG.error("the record cannot be written, nothing is issued: {}", cause.getMessage());
        try {
            segment.truncate(segmentSize);
        } catch (IOException e) {
            die("a partly written record could not be cut off: " + e.getMessage(), null);
        }
    }

    private void rotate() throws IOException {
        Path file = SegmentFiles.name(folder, lines.seq() + 1);
        JournalDisk.Appender next = settings.disk().open(file);
        try {
            segment.close();
        } catch (IOException e) {
            LOG.warn("closing {} failed: {}", segmentFile.getFileName(), e.getMessage());
        }
        follower.sealed(
                segmentFile, new JournalFollower.Known(segmentSize, lines.seq(), lines.lastHash()));
        segment = next;
        segmentFile = file;
        segmentSize = 0;
        follower.file(file, lines.seq() + 1);
        firstLineDue = true;
    }

    private void writeFirstLine() throws IOException {
        AuditRecord first =
                AuditRecord.note(
                        settings.clock().instant(),
                        AuditRecord.Kind.CONFIG,
                        ledger,
                        "a file of the record begins");
        lines.clear();
        lines.firstLine(first);
        int written = lines.size();
        try {
            segment.append(ByteBuffer.wrap(lines.buffer(), 0, written));
        } catch (IOException e) {
            segment.truncate(0);
            throw e;
        }
        try {
            segment.force();
        } catch (IOException e) {
            die("the record could not be forced to disk: " + e.getMessage(), null);
            return;
        }
        firstLineDue = false;
        segmentSize = written;
        lines.clear();
        head = new ChainHead(ledger, lines.seq(), lines.lastHash());
        follower.record(first, 0, written - 1);
    }

    private void die(String reason, @Nullable Group group) {
        dead = true;
        LOG.error("{}; the process ends, for what is on disk is no longer certain", reason);
        settings.end().accept(reason);
        // Only where a test stands in for the end of the process:
        Refusal refusal = unavailable(reason);
        if (group != null) {
            group.done.completeExceptionally(refusal);
        }
        synchronized (lock) {
            waiting.done.completeExceptionally(refusal);
            if (writing != null) {
                writing.done.completeExceptionally(refusal);
            }
        }
    }

    /// One thread minds the deadline of all who wait: a timer for each would cost more than the
    /// record.
    private void watch() {
        long deadline = settings.deadline().toNanos();
        long pause = Math.clamp(deadline / 10, 1_000_000L, 100_000_000L);
        while (!dead) {
            LockSupport.parkNanos(pause);
            Group late = null;
            Group later = null;
            synchronized (lock) {
                if (closing && writing == null && waiting.size == 0) {
                    return;
                }
                long now = System.nanoTime();
                if (writing != null && now - writing.since > deadline) {
                    late = writing;
                }
                if (waiting.size > 0 && now - waiting.since > deadline) {
                    later = waiting;
                }
                stalled |= late != null && !late.done.isDone();
            }
            fail(late);
            fail(later);
        }
    }

    private void fail(@Nullable Group group) {
        if (group != null && !group.done.isDone()) {
            LOG.error("the record was not on disk within {}: 503 until it is", settings.deadline());
            group.done.completeExceptionally(
                    unavailable("not on disk within " + settings.deadline()));
        }
    }

    /// Writes what waits, then closes. Waits at most the deadline for a disk that hangs.
    @Override
    public void close() {
        synchronized (lock) {
            closing = true;
            lock.notifyAll();
        }
        try {
            if (writer.join(settings.deadline()) && !dead) {
                segment.close();
                follower.sealed(
                        segmentFile,
                        new JournalFollower.Known(segmentSize, head.seq(), head.hash()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.warn("closing {} failed: {}", segmentFile.getFileName(), e.getMessage());
        }
    }
}
