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
    private final @Nullable String dpopNonce;

    public Refusal(RefusalReason reason, String detail) {
        this(reason, detail, null);
    }

    /// @param retryAfter when a caller may sensibly try again; only for reasons that say
    ///   "unavailable"
    public Refusal(RefusalReason reason, String detail, @Nullable Duration retryAfter) {
        this(reason, detail, retryAfter, null);
    }

    private Refusal(
            RefusalReason reason,
            String detail,
            @Nullable Duration retryAfter,
            @Nullable String dpopNonce) {
        super(detail, null, false, false);
        this.reason = reason;
        this.retryAfter = retryAfter;
        this.dpopNonce = dpopNonce;
    }

    /// A proof of possession that would do with this nonce in it (RFC 9449 section 8).
    ///
    /// @param nonce not a secret: whoever asks gets one
    public static Refusal useNonce(String detail, String nonce) {
        return new Refusal(RefusalReason.PROOF_INVALID, detail, null, nonce);
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

    /// The nonce the caller's next proof of possession must carry, or null.
    public @Nullable String dpopNonce() {
        return dpopNonce;
    }
}
