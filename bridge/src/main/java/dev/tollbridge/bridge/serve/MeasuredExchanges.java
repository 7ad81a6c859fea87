package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.exchange.ExchangeObserver;
import dev.tollbridge.bridge.exchange.ExchangeOutcome;
import dev.tollbridge.bridge.exchange.ExchangeOutcome.Issued;
import dev.tollbridge.bridge.exchange.ExchangeOutcome.Refused;
import dev.tollbridge.bridge.metrics.BridgeMetrics;
import java.time.Duration;

/// Counts and times exchanges.
record MeasuredExchanges(BridgeMetrics metrics) implements ExchangeObserver {

    @Override
    public void ended(String door, ExchangeOutcome outcome, Duration took) {
        switch (outcome) {
            case Issued issued ->
                    metrics.exchange(door, "issued", "", issued.decision().target().kind(), took);
            case Refused refused ->
                    metrics.exchange(
                            door,
                            refused.retryAfter() == null ? "refused" : "unavailable",
                            refused.reason().code(),
                            "",
                            took);
        }
    }
}
