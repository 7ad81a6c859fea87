package dev.tollbridge.bridge.ledger;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Stands still until it is moved.
public final class TestClock implements InstantSource {
    private volatile Instant now = Issuances.NOON;

    @Override
    public Instant instant() {
        return now;
    }

    public void advance(Duration by) {
        now = now.plus(by);
    }
}
