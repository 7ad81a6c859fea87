package dev.tollbridge.bridge.cli;

/// How a command prints what it found.
enum TextOrJson {
    TEXT,
    JSON
}
