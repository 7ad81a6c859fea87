package dev.tollbridge.bridge.fetch;

import dev.tollbridge.bridge.fetch.FetchFailure.Kind;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One request on one connection. What comes in is counted while it comes; whatever ends the
/// attempt early also ends the connection.
final class FetchAttempt {

    private static final int MAX_MESSAGE = 200;

    private final FetchRequest request;
    private final Deadline deadline;
    private final String host;
    private final CompletableFuture<FetchResponse> result = new CompletableFuture<>();

    FetchAttempt(FetchRequest request, Deadline deadline) {
        this.request = request;
        this.deadline = deadline;
        this.host = request.uri().getHost();
    }

    FetchResponse on(HttpClient client, RequestOptions options) throws FetchFailure {
        client.request(options)
                .onSuccess(this::connected)
                .onFailure(cause -> result.completeExceptionally(notConnected(cause)));
        try {
            return result.get(deadline.nanosLeft(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw giveUp("no complete answer in " + request.rules().deadline().toMillis() + " ms");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw giveUp("interrupted");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof FetchFailure failure
                    ? failure
                    : new FetchFailure(Kind.CONNECTION_LOST, host + ": " + kindOf(e));
        }
    }

    /// Completing the result is what makes the connection, whenever it comes, be given up.
    private FetchFailure giveUp(String why) {
        FetchFailure failure = new FetchFailure(Kind.TIMED_OUT, host + ": " + why);
        result.completeExceptionally(failure);
        return failure;
    }

    private void connected(HttpClientRequest connected) {
        CompletableFuture<FetchResponse> _ =
                result.whenComplete((_, failure) -> {
                    if (failure != null) {
                        connected.reset();
                    }
                });
        if (result.isDone()) {
            return;
        }
        // The future below says the same; without a handler, giving up is logged as an error.
        connected.exceptionHandler(cause -> fail(Kind.CONNECTION_LOST, kindOf(cause)));
        byte[] body = request.body();
        (body == null ? connected.send() : connected.send(Buffer.buffer(body)))
                .onSuccess(this::answered)
                .onFailure(cause -> fail(Kind.CONNECTION_LOST, kindOf(cause)));
    }

    private void answered(HttpClientResponse response) {
        // Before anything can fail: without a handler, giving up is logged as an error.
        response.exceptionHandler(cause -> fail(Kind.CONNECTION_LOST, kindOf(cause)));
        if (response.statusCode() >= 300 && response.statusCode() < 400) {
            fail(Kind.REDIRECTED, "answers with a redirect, which is not followed");
            return;
        }
        String encoding = response.getHeader("content-encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            fail(Kind.ANSWER_MALFORMED, "answers with an encoding that was not asked for");
            return;
        }
        int most = request.rules().maxBytes();
        Buffer received = Buffer.buffer();
        response.handler(chunk -> {
            if (received.length() + chunk.length() > most) {
                fail(Kind.TOO_LARGE, "answers with more than " + most + " bytes");
            } else if (!result.isDone()) {
                received.appendBuffer(chunk);
            }
        });
        response.endHandler(_ ->
                result.complete(
                        new FetchResponse(
                                response.statusCode(), headers(response), received.getBytes())));
    }

    private static Map<String, String> headers(HttpClientResponse response) {
        Map<String, String> headers = new LinkedHashMap<>();
        response.headers()
                .forEach(header ->
                        headers.putIfAbsent(
                                header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        return Map.copyOf(headers);
    }

    private void fail(Kind kind, String why) {
        result.completeExceptionally(new FetchFailure(kind, host + ": " + why));
    }

    private FetchFailure notConnected(Throwable cause) {
        for (@Nullable Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof SSLException) {
                return new FetchFailure(
                        Kind.TLS_FAILED,
                        host + ": TLS failed, " + shortened(String.valueOf(t.getMessage())));
            }
            if (t instanceof ConnectionPoolTooBusyException) {
                return new FetchFailure(
                        Kind.OVERLOADED, host + ": too many requests are under way");
            }
        }
        return new FetchFailure(
                Kind.CONNECT_FAILED, host + ": no connection (" + kindOf(cause) + ")");
    }

    /// Of a certificate's names the operator needs to see some, and an attacker chooses how many.
    private static String shortened(String message) {
        return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE);
    }

    /// The class only: messages of the network library may quote what the server sent.
    private static String kindOf(Throwable cause) {
        return cause.getClass().getSimpleName();
    }
}
