package dev.tollbridge.bridge.exchange;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/// An exchange of which is known what can be told from memory: whose token it is, and what has to
/// be waited for.
public interface ReceivedExchange {

    /// Whether going on may wait for anything but the record: for an issuer, a provider, a ledger
    /// elsewhere. Then {@link #proceed} has to be called on a virtual thread; otherwise it may be
    /// called on an event loop.
    boolean waits();

    /// Goes on to the end. Call it once.
    ///
    /// @return completed with one outcome per target, in the request's order, when everything about
    ///   them is durable. What fails on the way is an outcome too. What hangs on it must be short,
    ///   for it may run on the thread that writes the record
    CompletableFuture<List<ExchangeOutcome>> proceed();
}
