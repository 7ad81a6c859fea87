package dev.tollbridge.webhook.decide;

import java.util.Locale;

/// What is done about one concern, the mildest first.
public enum Outcome {
    /// An exemption holds for it.
    EXEMPTED,
    RECORDED,
    WARNED,
    REFUSED;

    public String written() {
        return name().toLowerCase(Locale.ROOT);
    }

    Outcome atMost(Outcome cap) {
        return compareTo(cap) > 0 ? cap : this;
    }
}
