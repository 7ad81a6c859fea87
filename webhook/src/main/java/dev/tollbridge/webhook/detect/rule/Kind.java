package dev.tollbridge.webhook.detect.rule;

/// What a detector looks at.
public enum Kind {
    /// The structure of a document.
    FILE,
    /// A text of known form, whole or in part.
    TEXT,
    /// A token that its own beginning gives away.
    PREFIX,
    /// The claims of a JWT.
    JWT,
    /// A variable or key: its name and the form of its value.
    ENV,
    /// A path on a node.
    HOSTPATH,
    /// A command that begins a login.
    COMMAND
}
