package dev.tollbridge.webhook.scan;

import dev.tollbridge.webhook.detect.Action;
import dev.tollbridge.webhook.detect.Finding;
import java.util.Locale;

/// SARIF's levels, and what each stands for here.
public enum Level {
    /// The webhook would block it.
    ERROR,
    /// A refresh token of unknown owner, or a command that begins a login.
    WARNING,
    /// It could not be inspected.
    NOTE;

    public static Level of(Finding finding) {
        return finding.action() == Action.BLOCK ? ERROR : WARNING;
    }

    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
