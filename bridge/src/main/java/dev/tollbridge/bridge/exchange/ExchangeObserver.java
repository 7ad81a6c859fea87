package dev.tollbridge.bridge.exchange;

import java.time.Duration;

/// Told how each exchange ended, for metrics. Must return at once.
@FunctionalInterface
public interface ExchangeObserver {
    void ended(String door, ExchangeOutcome outcome, Duration took);
}
