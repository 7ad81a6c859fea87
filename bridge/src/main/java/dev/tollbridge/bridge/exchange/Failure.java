package dev.tollbridge.bridge.exchange;

import java.util.concurrent.CompletionException;

/// What a future failed with, as a step would have thrown it.
final class Failure {

    private Failure() {}

    static RuntimeException of(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException wrapped && wrapped.getCause() != null
                        ? wrapped.getCause()
                        : failure;
        return cause instanceof RuntimeException known
                ? known
                : new IllegalStateException("a step failed", cause);
    }
}
