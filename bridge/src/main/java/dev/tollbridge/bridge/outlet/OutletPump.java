package dev.tollbridge.bridge.outlet;

import dev.tollbridge.bridge.audit.JournalTail;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries the record to one outlet: what the journal holds in order and, as far as a bounded queue
/// lasts, refusals that anybody can cause, which are in no chain.
///
/// Lines of the journal arrive at least once: where it goes on is written down after they were
/// taken. What an outlet will never take is left out and counted, so that one line cannot stop all
/// that follow. Each step is one attempt and tells how long to wait for the next; whoever calls it
/// does the waiting.
public final class OutletPump implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OutletPump.class);

    static final int MAX_LINES = 500;
    static final int MAX_BYTES = 512 * 1024;

    /// Refusals outside the chain that may wait.
    static final int LOOSE = 2048;

    static final Duration IDLE = Duration.ofMillis(200);
    static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    static final Duration LAST_RETRY = Duration.ofMinutes(1);

    private final String name;
    private final JournalTail tail;
    private final RecordOutlet outlet;
    private final OutletCursor cursor;
    private final LongSupplier durable;
    private final BlockingQueue<byte[]> loose = new ArrayBlockingQueue<>(LOOSE);
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile long delivered;

    // Touched by the stepping thread only.
    private List<byte[]> waiting = List.of();
    private long waitingLast;
    private Duration retry = Duration.ZERO;

    /// @param name in metrics and logs, such as `webhook`
    /// @param durable number of the journal's last durable line
    public OutletPump(
            String name,
            JournalTail tail,
            RecordOutlet outlet,
            OutletCursor cursor,
            LongSupplier durable) {
        this.name = name;
        this.tail = tail;
        this.outlet = outlet;
        this.cursor = cursor;
        this.durable = durable;
        this.delivered = cursor.last();
    }

    public String name() {
        return name;
    }

    /// A line outside the chain. Never blocks: when too many wait it is counted and left out.
    public void offer(byte[] line) {
        if (!loose.offer(line)) {
            dropped.incrementAndGet();
        }
    }

    /// Lines of the journal that the outlet has not taken yet.
    public long behind() {
        return Math.max(0, durable.getAsLong() - delivered);
    }

    /// Lines that will not arrive: no longer in any file, not taken by the outlet, or refusals
    /// beyond the queue.
    public long dropped() {
        return dropped.get();
    }

    /// Attempts that failed.
    public long failures() {
        return failures.get();
    }

    /// One attempt.
    ///
    /// @return how long to wait for the next; zero: there may be more right now
    public Duration step() {
        try {
            boolean journal = journalStep();
            boolean others = looseStep();
            if (!retry.isZero()) {
                LOG.info("the record reaches {} again", name);
                retry = Duration.ZERO;
            }
            return journal || others ? Duration.ZERO : IDLE;
        } catch (OutletFailure | IOException e) {
            failures.incrementAndGet();
            LOG.debug("{}: {}", name, e.getMessage());
            if (retry.isZero()) {
                LOG.warn(
                        "the record does not reach {}, its files go on holding it: {}",
                        name,
                        e.getMessage());
                retry = FIRST_RETRY;
            } else {
                Duration twice = retry.multipliedBy(2);
                retry = twice.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : twice;
            }
            return retry;
        }
    }

    private boolean journalStep() throws OutletFailure, IOException {
        if (waiting.isEmpty()) {
            JournalTail.Batch batch = tail.read(MAX_LINES, MAX_BYTES);
            if (batch.lost() > 0) {
                dropped.addAndGet(batch.lost());
                LOG.warn("{} lines were removed before {} took them", batch.lost(), name);
            }
            if (batch.lines().isEmpty()) {
                cursor.keep();
                return false;
            }
            waiting = batch.lines();
            waitingLast = batch.last();
        }
        deliver(waiting);
        waiting = List.of();
        delivered = waitingLast;
        cursor.reached(waitingLast);
        return true;
    }

    private boolean looseStep() throws OutletFailure {
        if (loose.isEmpty()) {
            return false;
        }
        List<byte[]> lines = new ArrayList<>();
        loose.drainTo(lines, MAX_LINES);
        try {
            deliver(lines);
        } catch (OutletFailure e) {
            // Back into the queue as far as there is room; in whatever order, for they have none.
            lines.forEach(this::offer);
            throw e;
        }
        return true;
    }

    /// Halves what is not taken until it is one line, and leaves that one out.
    private void deliver(List<byte[]> lines) throws OutletFailure {
        try {
            outlet.send(lines);
        } catch (OutletFailure e) {
            if (e.isPassing()) {
                throw e;
            }
            if (lines.size() == 1) {
                dropped.incrementAndGet();
                LOG.warn("a line of the record is not taken by {}: {}", name, e.getMessage());
                return;
            }
            int half = lines.size() / 2;
            deliver(lines.subList(0, half));
            deliver(lines.subList(half, lines.size()));
        }
    }

    /// Writes down where it goes on.
    @Override
    public void close() {
        tail.close();
        cursor.keep();
    }
}
