package dev.tollbridge.bridge.mint;

import java.time.Duration;

/// Sees how minting went, for metrics.
@FunctionalInterface
public interface MintObserver {

    MintObserver NONE = (_, _, _, _) -> {};

    /// @param outcome one of a few words: `minted`, `refused`, `unavailable`, `overloaded`
    void minted(String kind, String target, String outcome, Duration took);
}
