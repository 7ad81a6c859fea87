package dev.tollbridge.webhook.advise;

import java.util.List;
import java.util.Optional;

/// What to do in one place, with one tool.
///
/// @param signIn what fits, of what the tool has
/// @param command how the tool does it; empty without a tool
/// @param because why it is not the one that fits the place best, where it is not; empty otherwise
/// @param fallback what may be done where the first cannot, under the conditions in the checks
public record Recommendation(
        RuntimeClass runtime,
        Optional<Tool> tool,
        SignIn signIn,
        String command,
        String because,
        SignIn fallback,
        String fallbackCommand,
        List<Check> checks) {

    public Recommendation {
        checks = List.copyOf(checks);
    }
}
