package dev.tollbridge.bridge.token.keys;

/// Where one issuer's key set comes from.
interface KeySetSource {

    /// The set as published now. Blocks, for a few seconds at most.
    byte[] read() throws KeySetUnavailable;
}
