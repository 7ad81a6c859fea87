package dev.tollbridge.webhook.approval;

import java.util.List;

/// Reads one document as the webhook would.
@FunctionalInterface
public interface DocumentCheck {

    /// @param errors for which it cannot be put in force
    /// @param warnings about what it does
    record Checked(List<String> errors, List<String> warnings) {}

    /// @param document JSON: kind, name, spec
    Checked check(String document);
}
