package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.target.TargetRequest;
import dev.tollbridge.bridge.token.SenderProof;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/// One policy test.
///
/// @param issuer a trusted issuer's name; null: as the claims say
/// @param at when it is asked; null: now
record PolicyCase(
        String name,
        @Nullable String issuer,
        Map<String, @Nullable Object> claims,
        TargetRequest request,
        SenderProof proof,
        @Nullable Instant at,
        Expected expected) {

    /// Null members: whatever it is.
    record Expected(
            boolean granted,
            @Nullable RefusalReason reason,
            @Nullable String grant,
            @Nullable SortedSet<String> scope,
            @Nullable Duration ttl) {}
}
