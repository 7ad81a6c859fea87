package dev.tollbridge.webhook.http;

import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Waits for Vert.x on a thread that may: at start and at the end.
final class Waiting {

    private static final long START_SECONDS = 30;

    private Waiting() {}

    static <T> T forIt(Future<T> future, String doing) {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .get(START_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new UncheckedIOException(
                    doing + ": " + cause.getMessage(), new IOException(cause));
        } catch (TimeoutException e) {
            throw new UncheckedIOException(doing + ": it took too long", new IOException(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(doing, e);
        }
    }

    /// What does not end in time is left: the process is about to.
    static void quietly(Future<?> future, Duration most) {
        try {
            future.toCompletionStage()
                    .toCompletableFuture()
                    .get(most.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _) {
            // Nothing that could be done about it.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
