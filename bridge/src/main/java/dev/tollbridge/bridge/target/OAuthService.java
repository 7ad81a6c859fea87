package dev.tollbridge.bridge.target;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A service that takes the bridge's tokens, as data of this build.
///
/// @param assertionParameter where the token goes in a request of the service's own form
/// @param requestedTokenType also what the answer may say it issued
/// @param lifetimeParameter tells the service how many seconds; null: it chooses
/// @param tokenLifetime how long its tokens live, where it chooses and has said so
/// @param needs fields that a document has to write, because each customer has its own
/// @param parameters further parameters that a document has to write, and the only ones it may
/// @param setup what the service must be told, for people
/// @param sources where these facts come from
public record OAuthService(
        String id,
        String name,
        String tokenEndpoint,
        OAuthRequest request,
        @Nullable String assertionParameter,
        String subjectTokenType,
        @Nullable String requestedTokenType,
        @Nullable String lifetimeParameter,
        @Nullable Duration tokenLifetime,
        List<String> needs,
        List<String> parameters,
        List<String> setup,
        List<String> notes,
        List<String> sources) {}
