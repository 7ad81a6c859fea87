package dev.tollbridge.bridge.token.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How the bridge stands with one issuer's keys: for readiness, administration and metrics.
///
/// @param name of the trusted issuer
/// @param source where the keys come from, for people: `discovery`, or the URL or file
/// @param lastSuccess when the set at hand was fetched; null: there is none
/// @param lastAttempt when fetching was last tried; null: never since start
/// @param age of the set at hand; null: there is none
/// @param keys how many keys are believed
/// @param skipped keys of the set at hand that were not admitted
/// @param lastError why the last attempt failed, or null if it did not
/// @param fetches attempts since start
/// @param failures attempts that failed since start
public record IssuerKeyStatus(
        String name,
        String issuer,
        String source,
        State state,
        @Nullable Instant lastSuccess,
        @Nullable Instant lastAttempt,
        @Nullable Duration age,
        int keys,
        List<SkippedKey> skipped,
        @Nullable String lastError,
        long fetches,
        long failures) {

    public enum State {
        /// The set at hand is as young as it should be.
        FRESH,
        /// Older than it should be, still believed: the issuer cannot be reached.
        STALE,
        /// No set, or one too old to be believed.
        UNAVAILABLE
    }
}
