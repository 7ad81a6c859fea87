package dev.tollbridge.bridge.mint.google;

import dev.tollbridge.bridge.mint.MintFailure;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Carries a failure through the library, which knows only of {@link IOException}.
final class NoAnswer extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient MintFailure failure;

    NoAnswer(MintFailure failure) {
        super(failure.detail());
        this.failure = failure;
    }

    /// The failure that the library wrapped; null: what went wrong is the library's own.
    static @Nullable MintFailure in(@Nullable Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof NoAnswer known) {
                return known.failure;
            }
        }
        return null;
    }
}
