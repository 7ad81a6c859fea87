package dev.tollbridge.bridge.mint;

import dev.tollbridge.bridge.refusal.RefusalReason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Minting did not give a credential.
public final class MintFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final RefusalReason reason;
    private final boolean certain;
    private final @Nullable Duration retryAfter;

    /// @param reason `target_refused`, `target_unavailable`, `ttl_refused`, `proof_required` or
    ///   `internal`
    /// @param detail for the operator; without secrets
    /// @param certain whether no credential can exist: the provider was not called, or said no.
    ///   Otherwise (no answer in time) one may exist that nobody knows
    public MintFailure(
            RefusalReason reason, String detail, boolean certain, @Nullable Duration retryAfter) {
        super(detail, null, false, false);
        this.reason = reason;
        this.certain = certain;
        this.retryAfter = retryAfter;
    }

    public RefusalReason reason() {
        return reason;
    }

    public boolean certain() {
        return certain;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    public String detail() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
