package dev.tollbridge.bridge.session;

import dev.tollbridge.bridge.audit.AuditRecord;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Keeps no sessions.
///
/// @param refuses why, for operators
public record NoSessionStore(String refuses) implements SessionStore {

    @Override
    public void open(SessionState session, AuditRecord line) {
        throw new IllegalStateException(refuses);
    }

    @Override
    public @Nullable Stored find(String session) {
        return null;
    }

    @Override
    public @Nullable Stored replace(Stored seen, SessionState next, @Nullable AuditRecord line) {
        return null;
    }

    @Override
    public void remove(Stored ended, AuditRecord line) {
        throw new IllegalStateException(refuses);
    }

    @Override
    public void each(Consumer<Stored> visitor) {}

    @Override
    public int count() {
        return 0;
    }

    @Override
    public Duration rulesLag() {
        return Duration.ZERO;
    }
}
