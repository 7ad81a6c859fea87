package dev.tollbridge.webhook.index;

/// How a verdict came to be known, the least certain first.
public enum Standing {
    /// A write was refused and nothing else is known: whatever comes next counts for more.
    REFUSED,

    /// A write was admitted; whether it was stored nobody has shown.
    ADMITTED,

    /// The content was seen stored.
    STORED
}
