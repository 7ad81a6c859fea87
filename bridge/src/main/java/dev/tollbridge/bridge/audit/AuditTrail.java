package dev.tollbridge.bridge.audit;

import java.util.concurrent.CompletableFuture;

/// Where records go.
public interface AuditTrail {

    /// Queues a record behind all that were queued before it. Returns at once.
    ///
    /// @return completed when the record is durable; exceptionally when it cannot become so
    CompletableFuture<Void> append(AuditRecord record);
}
