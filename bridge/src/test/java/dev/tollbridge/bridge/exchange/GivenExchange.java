package dev.tollbridge.bridge.exchange;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// An exchange whose outcomes a test says, and which may block until it says them.
public record GivenExchange(Supplier<List<ExchangeOutcome>> outcomes) implements ReceivedExchange {

    @Override
    public boolean waits() {
        return true;
    }

    @Override
    public CompletableFuture<List<ExchangeOutcome>> proceed() {
        return CompletableFuture.completedFuture(outcomes.get());
    }
}
