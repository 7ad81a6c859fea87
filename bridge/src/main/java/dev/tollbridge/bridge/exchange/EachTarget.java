package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.target.TargetRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/// Does the same for each target of a request. Side by side where something is waited for: a slow
/// provider must not make the others' credentials late.
final class EachTarget {

    private final Executor threads;

    EachTarget(Executor threads) {
        this.threads = threads;
    }

    /// @param waits whether `each` may block
    /// @param each must not throw
    /// @return in the order of the targets
    CompletableFuture<List<ExchangeOutcome>> of(
            List<TargetRequest> targets,
            boolean waits,
            Function<TargetRequest, CompletableFuture<ExchangeOutcome>> each) {
        if (targets.size() == 1) {
            return each.apply(targets.getFirst()).thenApply(List::of);
        }
        List<CompletableFuture<ExchangeOutcome>> all =
                targets.stream()
                        .map(target ->
                                waits
                                        ? CompletableFuture.completedFuture(target)
                                                .thenComposeAsync(each, threads)
                                        : each.apply(target))
                        .toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(_ -> all.stream().map(CompletableFuture::join).toList());
    }
}
