package dev.tollbridge.bridge.cli;

/// How a command prints what it found.
public enum OutputFormat {
    TEXT,
    JSON,
    /// Static Analysis Results Interchange Format 2.1.0, for commands that report problems in
    /// files.
    SARIF
}
