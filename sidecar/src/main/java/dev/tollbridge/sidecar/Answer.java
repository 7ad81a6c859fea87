package dev.tollbridge.sidecar;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What came of asking the bridge.
public sealed interface Answer {

    record Issued(Credential credential) implements Answer {}

    /// It may work later: the bridge or a provider is away, or has too much to do.
    ///
    /// @param after as the bridge asked for; null: it did not say
    record Later(String why, @Nullable Duration after) implements Answer {}

    /// Policy says no. Somebody may change that.
    record Refused(String reason, @Nullable String receipt) implements Answer {}

    /// This workload is no more, or has been switched off: what it holds must not be used.
    record Gone(String reason, @Nullable String receipt) implements Answer {}
}
