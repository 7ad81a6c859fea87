package dev.tollbridge.webhook.decide;

import java.util.Locale;

/// What the webhook does in a namespace, from nothing to all of it.
public enum Mode {
    /// Does not look.
    OFF,
    /// Records what it would have said.
    AUDIT,
    /// Says it, and lets everything pass.
    WARN,
    /// Refuses.
    ENFORCE;

    /// As settings, metrics and audit annotations write it.
    public String written() {
        return name().toLowerCase(Locale.ROOT);
    }

    Mode atMost(Mode cap) {
        return compareTo(cap) > 0 ? cap : this;
    }
}
