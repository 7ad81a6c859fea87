package dev.tollbridge.bridge.session;

import dev.tollbridge.bridge.audit.AuditRecord;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Where sessions are kept. It knows no rule of theirs, only that of two changes to what was seen
/// one happens.
///
/// Every change comes with its line of the record. Methods block, and refuse with
/// `ledger_unavailable` what did not become durable in time; whether it does later is not known.
public interface SessionStore {

    /// A session as it was found.
    ///
    /// @param version what it has to be still when it is replaced
    record Stored(SessionState state, String version) {}

    /// Why no session can be opened here, for operators; null: they can.
    @Nullable String refuses();

    /// Durable when this returns.
    void open(SessionState session, AuditRecord line);

    /// @param session `ses_...`, or anything else, which is no session
    /// @return null: there is none, or it was removed
    @Nullable Stored find(String session);

    /// Puts a state in the place of exactly the one that was seen. Durable when this returns.
    ///
    /// @param line null for what other lines say, or will: what was issued, and that it ends
    /// @return what is stored now; null when somebody else replaced or removed it first: then
    ///   nothing has changed
    @Nullable Stored replace(Stored seen, SessionState next, @Nullable AuditRecord line);

    /// Forgets a session that has ended. The line is durable when this returns.
    void remove(Stored ended, AuditRecord line);

    /// All there are, those included that have ended and are not removed yet.
    void each(Consumer<Stored> visitor);

    /// How many there are, or were when all were last looked at.
    int count();

    /// For how long the rules of another bridge may be ahead of this one's; zero where there is no
    /// other.
    Duration rulesLag();
}
