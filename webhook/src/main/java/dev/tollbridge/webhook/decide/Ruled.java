package dev.tollbridge.webhook.decide;

import org.jspecify.annotations.Nullable;

/// A concern and what is done about it.
///
/// @param enforced what would be done about it where the namespace enforces
/// @param exemption that holds for it
public record Ruled(
        Concern concern, Outcome outcome, Outcome enforced, @Nullable Exemption exemption) {}
