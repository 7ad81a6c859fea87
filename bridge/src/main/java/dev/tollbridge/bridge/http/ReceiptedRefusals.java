package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.exchange.ExchangeRequest.Caller;
import dev.tollbridge.bridge.refusal.RefusalReason;

/// Where a door reports a request that it turned away before the exchange saw it, so that such a
/// refusal has a receipt as any other.
@FunctionalInterface
public interface ReceiptedRefusals {

    /// Called on an event loop: queues the record and returns at once.
    ///
    /// @param detail for the operator; never a value from the request
    /// @return the receipt, `rct_...`
    String refuse(RefusalReason reason, String detail, Caller caller);
}
