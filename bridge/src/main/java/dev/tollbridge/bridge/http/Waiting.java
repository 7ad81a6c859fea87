package dev.tollbridge.bridge.http;

import io.vertx.core.Future;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits, on a thread that is no event loop, for what an event loop does.
final class Waiting {

    private Waiting() {}

    /// @throws CompletionException with the cause it failed with, or because it took too long
    static <T> T forIt(Future<T> future, long time, TimeUnit unit) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(time, unit);
        } catch (ExecutionException e) {
            throw new CompletionException(e.getCause());
        } catch (TimeoutException e) {
            throw new CompletionException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        }
    }
}
