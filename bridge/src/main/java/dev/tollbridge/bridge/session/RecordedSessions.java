package dev.tollbridge.bridge.session;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.signing.HandleKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The sessions of one bridge. Truth is its record: a session's lines are durable before its
/// answers leave, and a bridge that starts anew reads them back. What is in memory is derived.
public final class RecordedSessions implements SessionStore {

    private final SessionRecord record;
    private final AtomicLong versions = new AtomicLong();
    private final Map<String, Place> places = new ConcurrentHashMap<>();

    /// Where one session is. Whoever looks at it or changes it holds its monitor, for as long as
    /// its line takes to become durable.
    private static final class Place {
        private @Nullable Stored stored;

        Place(Stored stored) {
            this.stored = stored;
        }
    }

    /// Reads back what the record holds.
    ///
    /// @param lines of sessions that may not be over, and of what they were issued, in the record's
    ///   order
    public RecordedSessions(
            HandleKey key, List<AuditRecord> lines, SessionRecord record, Instant now) {
        this.record = record;
        new SessionLines(key)
                .replay(lines)
                .forEach((id, session) -> {
                    if (session.ended() == null && session.opening().ends().isAfter(now)) {
                        places.put(id, new Place(stored(session)));
                    }
                });
    }

    private Stored stored(SessionState state) {
        return new Stored(state, Long.toString(versions.incrementAndGet()));
    }

    @Override
    public @Nullable String refuses() {
        return null;
    }

    @Override
    public void open(SessionState session, AuditRecord line) {
        record.write(line);
        places.put(session.opening().id(), new Place(stored(session)));
    }

    @Override
    public @Nullable Stored find(String session) {
        Place place = places.get(session);
        if (place == null) {
            return null;
        }
        synchronized (place) {
            return place.stored;
        }
    }

    /// Without a line it is in memory at once: what is taken away is gone also while the disk does
    /// not answer.
    @Override
    public @Nullable Stored replace(Stored seen, SessionState next, @Nullable AuditRecord line) {
        Place place = places.get(seen.state().opening().id());
        if (place == null) {
            return null;
        }
        synchronized (place) {
            Stored there = place.stored;
            if (there == null || !there.version().equals(seen.version())) {
                return null;
            }
            if (line != null) {
                record.write(line);
            }
            Stored now = stored(next);
            place.stored = now;
            return now;
        }
    }

    @Override
    public void remove(Stored ended, AuditRecord line) {
        record.write(line);
        Place place = places.remove(ended.state().opening().id());
        if (place != null) {
            synchronized (place) {
                place.stored = null;
            }
        }
    }

    @Override
    public void each(Consumer<Stored> visitor) {
        for (String id : List.copyOf(places.keySet())) {
            Stored stored = find(id);
            if (stored != null) {
                visitor.accept(stored);
            }
        }
    }

    @Override
    public int count() {
        return places.size();
    }

    @Override
    public Duration rulesLag() {
        return Duration.ZERO;
    }
}
