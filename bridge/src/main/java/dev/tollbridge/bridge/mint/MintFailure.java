package dev.tollbridge.bridge.mint;

import dev.tollbridge.bridge.refusal.RefusalReason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Minting did not give a credential.
public final class MintFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final RefusalReason reason;
    private final boolean certain;
    private final boolean retriable;
    private final @Nullable Duration retryAfter;

    private MintFailure(
            RefusalReason reason,
            String detail,
            boolean certain,
            boolean retriable,
            @Nullable Duration retryAfter) {
        super(detail, null, false, false);
        this.reason = reason;
        this.certain = certain;
        this.retriable = retriable;
        this.retryAfter = retryAfter;
    }

    /// @param reason `target_refused`, `target_unavailable`, `overloaded`, `scope_refused`,
    ///   `ttl_refused`, `proof_required` or `internal`
    /// @param detail for the operator; without secrets, and without what a provider wrote unless
    ///   bounded and known to hold none
    /// @param certain whether certainly no credential left the bridge: the provider was not called,
    ///   or said no, or what it gave was dropped here. Otherwise (no answer in time) one may exist
    ///   that nobody knows
    public MintFailure(
            RefusalReason reason, String detail, boolean certain, @Nullable Duration retryAfter) {
        this(reason, detail, certain, false, retryAfter);
    }

    /// The provider said no, or gave what must not be passed on.
    public static MintFailure refused(String detail) {
        return new MintFailure(RefusalReason.TARGET_REFUSED, detail, true, null);
    }

    /// The provider cannot be asked, or not now.
    ///
    /// @param certain as in the constructor
    public static MintFailure unavailable(
            String detail, boolean certain, @Nullable Duration retryAfter) {
        return new MintFailure(RefusalReason.TARGET_UNAVAILABLE, detail, certain, retryAfter);
    }

    /// The same, known to be safe to try again at once: the provider did not get the request, or
    /// says itself that nothing came of it.
    public MintFailure safeToRetry() {
        return new MintFailure(reason, detail(), certain, true, retryAfter);
    }

    public RefusalReason reason() {
        return reason;
    }

    public boolean certain() {
        return certain;
    }

    public boolean retriable() {
        return retriable;
    }

    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    public String detail() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
