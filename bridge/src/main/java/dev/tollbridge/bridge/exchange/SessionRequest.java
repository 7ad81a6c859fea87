package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.TargetRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the door of sessions builds.
///
/// @param attempt what the caller calls this attempt, so that it can ask again for an answer that
///   it lost; null: it cannot
/// @param targets null: all that the session was opened with; empty: none, only to be heard
public record SessionRequest(
        Secret handle,
        @Nullable String attempt,
        @Nullable List<TargetRequest> targets,
        ExchangeRequest.Proof proof,
        ExchangeRequest.Caller caller) {}
