package dev.tollbridge.webhook.serve;

import dev.tollbridge.webhook.admission.Sighting;
import dev.tollbridge.webhook.decide.Concern;
import dev.tollbridge.webhook.decide.Ruled;
import dev.tollbridge.webhook.decide.Ruling;
import dev.tollbridge.webhook.decide.Subject;
import dev.tollbridge.webhook.decide.Words;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Events about what was found while a review was answered, written after the answer and beside it:
/// no review waits for the API server. A few wait, the rest is dropped and counted; the list of
/// findings and the figures have all.
final class AdmissionEvents {

    /// A cluster where everything is refused is told by the figures.
    static final int MOST_WAITING = 200;

    /// In one go: whoever calls once a second writes at most so many a second.
    static final int MOST_AT_ONCE = 5;

    static final String REASON = "InteractiveLogin";

    /// Writes one; may take its time, and must not throw.
    @FunctionalInterface
    interface Writer {
        void warn(Subject subject, String reason, String message, Instant time);
    }

    private record Waiting(Subject subject, String message, Instant time) {}

    private final Writer writer;
    private final Runnable dropped;
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    /// @param dropped told of each that found no room
    AdmissionEvents(Writer writer, Runnable dropped) {
        this.writer = writer;
        this.dropped = dropped;
    }

    /// Returns at once. What a sweep came by it tells itself.
    void saw(Sighting sighting) {
        Ruling ruling = sighting.ruling();
        Ruled gravest = gravest(ruling);
        if (gravest == null || sighting.bySweep() || ruling.subject().name().isEmpty()) {
            return;
        }
        String message = gravest.outcome().written() + ": " + Words.inOneLine(gravest.concern());
        synchronized (waiting) {
            if (waiting.size() < MOST_WAITING) {
                waiting.add(new Waiting(ruling.subject(), message, sighting.time()));
                return;
            }
        }
        dropped.run();
    }

    /// The login that most is done about; one event for each object says enough.
    private static @Nullable Ruled gravest(Ruling ruling) {
        for (Ruled ruled : ruling.concerns()) {
            if (ruled.concern() instanceof Concern.Found found && !found.spared()) {
                return ruled;
            }
        }
        return null;
    }

    /// Writes some of what waits.
    void write() {
        for (int i = 0; i < MOST_AT_ONCE; i++) {
            Waiting next;
            synchronized (waiting) {
                next = waiting.poll();
            }
            if (next == null) {
                return;
            }
            writer.warn(next.subject(), REASON, next.message(), next.time());
        }
    }
}
