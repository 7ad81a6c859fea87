package dev.tollbridge.bridge.token.keys;

/// A published key that was not admitted.
///
/// @param position in the set, from 0
/// @param reason for the operator; holds nothing of the key
public record SkippedKey(int position, String reason) {}
