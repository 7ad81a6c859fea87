package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.target.TargetRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;

/// Does the same for each target of a request, side by side when there are several: a slow provider
/// must not make the others' credentials late.
final class EachTarget {

    private final ExecutorService threads;

    EachTarget(ExecutorService threads) {
        this.threads = threads;
    }

    /// @param each must not throw
    List<ExchangeOutcome> of(
            List<TargetRequest> targets, Function<TargetRequest, ExchangeOutcome> each) {
        if (targets.size() == 1) {
            return List.of(each.apply(targets.getFirst()));
        }
        List<Future<ExchangeOutcome>> running = new ArrayList<>(targets.size());
        for (TargetRequest target : targets) {
            running.add(threads.submit(() -> each.apply(target)));
        }
        return running.stream().map(EachTarget::result).toList();
    }

    private static ExchangeOutcome result(Future<ExchangeOutcome> running) {
        try {
            return running.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a target's exchange threw", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
