package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.exchange.ExchangeOutcome.Refused;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.session.SessionHandover;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Job sessions (DESIGN 14, rule 12): the exchange of whoever has to come again and has no new
/// token. Blocks; call it on a virtual thread.
public interface JobSessions {

    /// @param outcomes one per target, in the request's order; of a request that was refused as a
    ///   whole, one alone
    /// @param session null: there is none (any more), or the handle that was shown is still good
    /// @param whole whether the request was refused as a whole, before any target was looked at
    record Answered(
            List<ExchangeOutcome> outcomes, @Nullable SessionHandover session, boolean whole) {

        static Answered refused(Refused refused) {
            return new Answered(List.of(refused), null, true);
        }
    }

    /// An exchange that opens a session for the targets that it gives. Never throws.
    Answered open(ExchangeRequest request);

    /// Asks for a session's targets again, deciding anew. Never throws.
    Answered resume(SessionRequest request);

    /// Ends the session of a handle, and what it was given. What is no handle changes nothing.
    ///
    /// @throws dev.tollbridge.bridge.refusal.Refusal `ledger_unavailable`
    void end(Secret handle, String by);

    /// The same, for operators, who name the session.
    ///
    /// @param session `ses_...`
    /// @return whether there was such a session that had not ended
    boolean endSession(String session, String by);
}
