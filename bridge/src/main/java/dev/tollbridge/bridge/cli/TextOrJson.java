package dev.tollbridge.bridge.cli;

import java.util.Locale;

/// How a command prints what it found.
enum TextOrJson {
    TEXT,
    JSON;

    /// As written after `--output`, and as completion offers it.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
