package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import java.time.Duration;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/// What one grant gives at one target.
///
/// @param ttl already the lesser of what grant and target say
/// @param scopes all of them; empty: none
/// @param demand what grant and target together demand of the caller
record Allowance(String target, Duration ttl, SortedSet<String> scopes, Demand demand) {

    Allowance {
        scopes = Collections.unmodifiableSortedSet(new TreeSet<>(scopes));
    }

    /// Proofs that a caller must bring. The stricter of two wins; of two that differ, both hold.
    ///
    /// @param any at least one, whichever
    record Demand(boolean any, boolean dpop, boolean certificate) {
        static Demand of(SenderConstraint constraint) {
            return switch (constraint) {
                case NONE -> new Demand(false, false, false);
                case DPOP -> new Demand(true, true, false);
                case MTLS -> new Demand(true, false, true);
                case ANY -> new Demand(true, false, false);
            };
        }

        Demand and(Demand other) {
            return new Demand(
                    any || other.any, dpop || other.dpop, certificate || other.certificate);
        }
    }
}
