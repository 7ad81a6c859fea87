package dev.tollbridge.sidecar;

import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Takes each new credential to where tools look for it.
@FunctionalInterface
public interface Handover {

    /// What a sidecar before this one, in the same pod, left behind when it was killed.
    ///
    /// @param until by the calendar; what is there must not be used afterwards
    /// @param handle ends it early; null: not known
    record Left(Instant until, @Nullable String handle) {}

    /// @param credential null: what was handed over must not be used any more
    /// @throws IOException when it could not be written: then what was there before still is
    void of(@Nullable Credential credential) throws IOException;

    /// Tidies up after a sidecar that was killed.
    ///
    /// @return what tools may still be using; null: nothing
    default @Nullable Left takeOver() {
        return null;
    }
}
