package dev.tollbridge.bridge.mint.google;

import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.secret.Secret;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// An access token that Google gave.
///
/// @param expiresAt null: Google did not say
record GoogleToken(Secret value, @Nullable Instant expiresAt) {

    /// Far beyond what Google's tokens have.
    private static final int MAX_LENGTH = 16 * 1024;

    /// @throws MintFailure when it is not of the form that tokens have in a header (RFC 6750
    ///   section 2.1)
    static GoogleToken of(Step step, String text, @Nullable Instant expiresAt) throws MintFailure {
        if (text.isEmpty()
                || text.length() > MAX_LENGTH
                || !text.chars().allMatch(c -> c > ' ' && c <= '~')) {
            throw step.failed(MintFailure.unavailable("what it gave is no token", false, null));
        }
        return new GoogleToken(Secret.of(text), expiresAt);
    }
}
