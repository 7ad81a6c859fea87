package dev.tollbridge.bridge.lifecycle;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What came of asking to end a credential.
///
/// @param issuance the issuance that counts no more; null: what was shown is none of ours, or had
///   ended by itself
/// @param now whether this call ended it, and not one before
/// @param provider what its provider says
/// @param retryAfter when asking again makes sense; null: it does not
/// @param ends when the credential ends by itself; null: not known
public record Revoked(
        @Nullable String issuance,
        boolean now,
        AtProvider provider,
        @Nullable Duration retryAfter,
        @Nullable Instant ends) {

    /// Nothing of ours was shown.
    public static final Revoked NOTHING =
            new Revoked(null, false, AtProvider.NOT_NEEDED, null, null);
}
