package dev.tollbridge.bridge.refusal;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A step's "no". Carries a reason for the caller and a detail for the operator; the detail never
/// leaves the process but into the record, and never holds a secret or an unverified claim's full
/// text.
///
/// Stackless: refusing is an ordinary outcome here, and an attacker must not be able to make it
/// expensive.
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final RefusalReason reason;
    private final @Nullable Duration retryAfter;

    public Refusal(RefusalReason reason, String detail) {
        this(reason, detail, null);
    }

    /// @param retryAfter when a caller may sensibly try again; only for reasons that say
    ///   "unavailable"
    public Refusal(RefusalReason reason, String detail, @Nullable Duration retryAfter) {
        super(detail, null, false, false);
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    public RefusalReason reason() {
        return reason;
    }

    /// For the operator: the record and the receipt show it, callers never see it.
    public String detail() {
        String message = getMessage();
        return message == null ? "" : message;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
