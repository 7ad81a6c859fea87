package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.audit.AuditTrail;
import dev.tollbridge.bridge.audit.Ids;
import dev.tollbridge.bridge.exchange.ExchangeOutcome.Refused;
import dev.tollbridge.bridge.exchange.ExchangeRequest.Caller;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.token.VerifiedToken;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns what a step threw into the record of a refusal and the answer that carries its receipt.
final class Refusals {

    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

    /// Frames of an unexpected exception that are logged: enough to find the place, without its
    /// message, which may quote what was being worked on.
    private static final int FRAMES = 12;

    private final AuditTrail trail;
    private final Ledger ledger;
    private final Ids ids;
    private final Duration deadline;

    Refusals(ExchangeSteps steps) {
        this.trail = steps.trail();
        this.ledger = steps.ledger();
        this.ids = steps.ids();
        this.deadline = steps.recordDeadline();
    }

    /// @param decision what had been decided, when it came that far
    /// @param target what was asked for, where there is such a target
    Refused refuse(
            Attempt attempt,
            RuntimeException problem,
            @Nullable Decision decision,
            @Nullable Target target) {
        String receipt = ids.receipt();
        Refusal refusal = problem instanceof Refusal known ? known : unexpected(receipt, problem);
        AuditRecord record =
                attempt.refused(receipt, refusal, decision, target, otherPeer(attempt));
        CompletableFuture<Void> written = trail.append(record);
        // Anybody can cause a refusal before the signature is verified; nobody may make the bridge
        // wait by it. Every other refusal is on disk before its receipt leaves.
        boolean proven = attempt.verified() != null || !refusal.reason().beforeSignature();
        if (proven && !durable(written)) {
            return new Refused(
                    RefusalReason.LEDGER_UNAVAILABLE, receipt, Duration.ofSeconds(1), null);
        }
        return new Refused(refusal.reason(), receipt, refusal.retryAfter(), refusal.dpopNonce());
    }

    /// Records a request that a door turned away before there was anything to exchange. Does not
    /// wait.
    ///
    /// @return the receipt
    String turnedAway(Attempt attempt, Refusal refusal) {
        String receipt = ids.receipt();
        CompletableFuture<Void> _ =
                trail.append(attempt.refused(receipt, refusal, null, null, false));
        return receipt;
    }

    private boolean otherPeer(Attempt attempt) {
        VerifiedToken verified = attempt.verified();
        Caller caller = attempt.caller();
        return verified != null
                && ledger.otherPeer(verified.fingerprint(), verified.jtiHash(), caller.peer());
    }

    private boolean durable(CompletableFuture<Void> written) {
        try {
            written.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Refusal unexpected(String receipt, RuntimeException problem) {
        LOG.error(
                "{}: unexpected {} at {}",
                receipt,
                problem.getClass().getName(),
                Arrays.stream(problem.getStackTrace())
                        .limit(FRAMES)
                        .map(StackTraceElement::toString)
                        .collect(Collectors.joining(" < ")));
        return new Refusal(
                RefusalReason.INTERNAL, "unexpected " + problem.getClass().getSimpleName());
    }
}
