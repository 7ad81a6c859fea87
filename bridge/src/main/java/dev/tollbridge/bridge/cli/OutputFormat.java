package dev.tollbridge.bridge.cli;

import java.util.Locale;

/// How a command prints what it found.
public enum OutputFormat {
    TEXT,
    JSON,
    /// Static Analysis Results Interchange Format 2.1.0, for commands that report problems in
    /// files.
    SARIF;

    /// As written after `--output`, and as completion offers it.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
