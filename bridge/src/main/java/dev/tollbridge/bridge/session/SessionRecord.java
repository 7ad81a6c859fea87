package dev.tollbridge.bridge.session;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.audit.AuditTrail;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// This bridge's record, for lines that have to be durable before anything else happens.
///
/// @param deadline how long a line may take to become durable
public record SessionRecord(AuditTrail trail, Duration deadline) {

    private static final Duration RETRY = Duration.ofSeconds(5);

    /// @throws Refusal `ledger_unavailable` when the line is not durable in time
    public void write(AuditRecord line) {
        CompletableFuture<Void> written = trail.append(line);
        try {
            written.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return;
        } catch (ExecutionException | TimeoutException e) {
            // Said below: whoever waits for it must not go on.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new Refusal(
                RefusalReason.LEDGER_UNAVAILABLE, "a session's line cannot be written", RETRY);
    }
}
