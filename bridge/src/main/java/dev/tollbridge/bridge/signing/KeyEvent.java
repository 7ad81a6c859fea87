package dev.tollbridge.bridge.signing;

import org.jspecify.annotations.Nullable;

/// A signing key that appeared or changed its state, whoever did it: the schedule, a target that
/// asked for an algorithm, or a command in another process.
///
/// @param from null: the key is new
public record KeyEvent(KeyInfo key, @Nullable KeyState from) {}
