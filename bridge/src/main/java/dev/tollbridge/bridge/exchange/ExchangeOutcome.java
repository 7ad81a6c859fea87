package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How the exchange for one target ended.
public sealed interface ExchangeOutcome {

    /// The credential is recorded durably and may leave.
    record Issued(String issuance, Decision decision, MintedCredential credential)
            implements ExchangeOutcome {}

    /// @param receipt by which the operator finds out more than the caller is told
    /// @param dpopNonce a nonce the caller must put into its next proof (RFC 9449 section 8), or
    ///   null
    record Refused(
            RefusalReason reason,
            String receipt,
            @Nullable Duration retryAfter,
            @Nullable String dpopNonce)
            implements ExchangeOutcome {}
}
