package dev.tollbridge.bridge.http;

import static dev.tollbridge.bridge.http.RunningBridge.json;
import static dev.tollbridge.bridge.http.RunningBridge.tokenForm;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.exchange.ExchangeOutcome;
import dev.tollbridge.bridge.exchange.ReceivedExchange;
import io.vertx.core.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// An exchange that waits for nobody needs no thread of its own.
class ExchangeOnEventLoopTest {

    private record OnLoop(Supplier<CompletableFuture<List<ExchangeOutcome>>> going)
            implements ReceivedExchange {
        @Override
        public boolean waits() {
            return false;
        }

        @Override
        public CompletableFuture<List<ExchangeOutcome>> proceed() {
            return going.get();
        }
    }

    private static List<ExchangeOutcome> issued() {
        return List.of(RunningBridge.issued(Set.of()));
    }

    @Test
    void staysOnTheLoopAndTheLoopServesOthersWhileTheRecordIsWritten() throws Exception {
        CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
        CompletableFuture<List<ExchangeOutcome>> written = new CompletableFuture<>();
        try (RunningBridge bridge =
                RunningBridge.receiving(
                        ServerLimits.DEFAULT,
                        _ ->
                                new OnLoop(() -> {
                                    onLoop.complete(Context.isOnEventLoopThread());
                                    return written;
                                }))) {
            CompletableFuture<HttpResponse<String>> waiting =
                    CompletableFuture.supplyAsync(() -> token(bridge));
            assertThat(onLoop.get(20, TimeUnit.SECONDS)).isTrue();
            // Both loops, whichever has the one that waits.
            for (int i = 0; i < 4; i++) {
                try (RawClient other = new RawClient(bridge.port())) {
                    String answer =
                            other.send("GET /jwks HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n")
                                    .untilClosed();
                    assertThat(answer).startsWith("HTTP/1.1 200 ");
                }
            }
            assertThat(waiting).isNotDone();
            written.complete(issued());
            assertThat(waiting.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aFailureIsAnsweredAndLeavesNothingInFlight() throws Exception {
        try (RunningBridge bridge =
                RunningBridge.receiving(
                        ServerLimits.DEFAULT.withMaxInFlight(1),
                        _ ->
                                new OnLoop(() ->
                                        CompletableFuture.failedFuture(
                                                new IllegalStateException("unexpected"))))) {
            for (int i = 0; i < 3; i++) {
                assertThat(json(token(bridge)).string("reason")).isEqualTo("internal");
            }
        }
    }

    @Test
    void whatThrowsOnTheLoopIsAnsweredAndLeavesNothingInFlight() throws Exception {
        try (RunningBridge bridge =
                RunningBridge.receiving(
                        ServerLimits.DEFAULT.withMaxInFlight(1),
                        _ -> {
                            throw new IllegalStateException("unexpected");
                        })) {
            for (int i = 0; i < 3; i++) {
                assertThat(json(token(bridge)).string("reason")).isEqualTo("internal");
            }
        }
    }

    @Test
    void whoWaitsForTheRecordCountsAsInFlight() throws Exception {
        CompletableFuture<List<ExchangeOutcome>> written = new CompletableFuture<>();
        CompletableFuture<Void> entered = new CompletableFuture<>();
        try (RunningBridge bridge =
                RunningBridge.receiving(
                        ServerLimits.DEFAULT.withMaxInFlight(1),
                        _ ->
                                new OnLoop(() -> {
                                    entered.complete(null);
                                    return written;
                                }))) {
            CompletableFuture<HttpResponse<String>> first =
                    CompletableFuture.supplyAsync(() -> token(bridge));
            entered.get(20, TimeUnit.SECONDS);
            assertThat(json(token(bridge)).string("reason")).isEqualTo("overloaded");
            written.complete(issued());
            assertThat(first.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
            assertThat(token(bridge).statusCode()).isEqualTo(200);
        }
    }

    private static HttpResponse<String> token(RunningBridge bridge) {
        try {
            return bridge.token(tokenForm());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
