package dev.tollbridge.bridge.http;

import static dev.tollbridge.bridge.http.RunningBridge.json;
import static dev.tollbridge.bridge.http.RunningBridge.tokenForm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollbridge.bridge.exchange.ExchangeOutcome;
import dev.tollbridge.bridge.exchange.ExchangeRequest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Whoever sends too much, too slowly or not at all is turned away, and the others keep their
/// service.
class ListenerBoundsTest {

    private static final ServerLimits SHORT =
            ServerLimits.DEFAULT.withTimes(
                    Duration.ofMillis(300),
                    Duration.ofMillis(600),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(5));

    private static List<ExchangeOutcome> issuing(ExchangeRequest request) {
        return List.of(RunningBridge.issued(Set.of()));
    }

    private static void assertServed(RunningBridge bridge) throws Exception {
        assertThat(bridge.token(tokenForm()).statusCode()).isEqualTo(200);
    }

    @Test
    void hangsUpOnAHeadThatNeverEnds() throws Exception {
        try (RunningBridge bridge = RunningBridge.bounded(SHORT, ListenerBoundsTest::issuing);
                RawClient slow = new RawClient(bridge.port())) {
            slow.send("POST /token HTTP/1.1\r\nHost: b\r\nX-Slow: ");
            assertServed(bridge);
            assertThat(slow.untilClosed()).isEmpty();
            assertServed(bridge);
        }
    }

    @Test
    void hangsUpOnABodyThatNeverEndsHoweverOftenAByteComes() throws Exception {
        try (RunningBridge bridge = RunningBridge.bounded(SHORT, ListenerBoundsTest::issuing);
                RawClient slow = new RawClient(bridge.port())) {
            slow.send(
                    RawClient.post(
                            "/token",
                            "grant_type=",
                            "Content-Type: application/x-www-form-urlencoded",
                            "Content-Length: 1000"));
            CountDownLatch hungUp = new CountDownLatch(1);
            Thread drip =
                    Thread.startVirtualThread(() -> {
                        try {
                            while (!hungUp.await(20, TimeUnit.MILLISECONDS)) {
                                slow.send("x");
                            }
                        } catch (IOException | InterruptedException e) {
                            // Hung up on, which is what this is about.
                        }
                    });
            assertThat(slow.untilClosed()).startsWith("HTTP/1.1 408 ");
            hungUp.countDown();
            drip.join();
            assertThat(bridge.asked).isEmpty();
            assertServed(bridge);
        }
    }

    @Test
    void forgetsABodyThatWasHalfSent() throws Exception {
        try (RunningBridge bridge =
                RunningBridge.bounded(ServerLimits.DEFAULT, ListenerBoundsTest::issuing)) {
            for (int i = 0; i < 20; i++) {
                try (RawClient half = new RawClient(bridge.port())) {
                    String request = RawClient.tokenPost();
                    half.send(request.substring(0, request.length() - 5));
                }
            }
            assertServed(bridge);
            assertThat(bridge.asked).hasSize(1);
        }
    }

    @Test
    void refusesHugeHeadersManyHeadersAndALongRequestLine() throws Exception {
        try (RunningBridge bridge =
                RunningBridge.bounded(ServerLimits.DEFAULT, ListenerBoundsTest::issuing)) {
            try (RawClient raw = new RawClient(bridge.port())) {
                String answer =
                        raw.send(RawClient.post("/token", "", "X-Huge: " + "x".repeat(21 * 1024)))
                                .untilClosed();
                assertThat(answer).startsWith("HTTP/1.1 431 ");
            }
            try (RawClient raw = new RawClient(bridge.port())) {
                String[] many = new String[101];
                Arrays.setAll(many, i -> "X-" + i + ": y");
                String answer = raw.send(RawClient.post("/token", "", many)).untilClosed();
                assertThat(answer).startsWith("HTTP/1.1 431 ");
            }
            try (RawClient raw = new RawClient(bridge.port())) {
                String answer = raw.send(RawClient.post("/" + "x".repeat(5000), "")).untilClosed();
                assertThat(answer).contains(" 414 ");
            }
            assertServed(bridge);
        }
    }

    @Test
    void refusesWhatIsNoHttp() throws Exception {
        try (RunningBridge bridge =
                RunningBridge.bounded(ServerLimits.DEFAULT, ListenerBoundsTest::issuing)) {
            try (RawClient raw = new RawClient(bridge.port())) {
                assertThat(raw.send("\u0016\u0003\u0001\u0002 hello\r\n\r\n").untilClosed())
                        .doesNotContain("200 OK");
            }
            try (RawClient raw = new RawClient(bridge.port())) {
                String answer =
                        raw.send(
                                        RawClient.post(
                                                "/token",
                                                "",
                                                "Content-Length: 5",
                                                "Content-Length: 6"))
                                .untilClosed();
                assertThat(answer).startsWith("HTTP/1.1 400 ");
            }
            assertServed(bridge);
        }
    }

    @Test
    void servesPipelinedRequestsInOrder() throws Exception {
        try (RunningBridge bridge =
                        RunningBridge.bounded(ServerLimits.DEFAULT, ListenerBoundsTest::issuing);
                RawClient raw = new RawClient(bridge.port())) {
            String last = "GET /nothing HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n";
            String answers =
                    raw.send(RawClient.tokenPost() + RawClient.tokenPost() + last).untilClosed();
            assertThat(answers.split("HTTP/1.1 200 OK", -1)).hasSize(3);
            assertThat(answers).contains("HTTP/1.1 404 ");
            assertThat(bridge.asked).hasSize(2);
        }
    }

    @Test
    void answers503AtOnceBeyondTheBoundInFlight() throws Exception {
        CountDownLatch entered = new CountDownLatch(2);
        CountDownLatch release = new CountDownLatch(1);
        Function<ExchangeRequest, List<ExchangeOutcome>> waiting =
                _ -> {
                    entered.countDown();
                    await(release);
                    return List.of(RunningBridge.issued(Set.of()));
                };
        try (RunningBridge bridge =
                RunningBridge.bounded(ServerLimits.DEFAULT.withMaxInFlight(2), waiting)) {
            List<CompletableFuture<Integer>> working = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                working.add(tokenInBackground(bridge));
            }
            await(entered);
            HttpResponse<String> third = bridge.token(tokenForm());
            assertThat(third.statusCode()).isEqualTo(503);
            assertThat(json(third).string("reason")).isEqualTo("overloaded");
            assertThat(json(third).string("error")).isEqualTo("temporarily_unavailable");
            assertThat(json(third).string("receipt")).isNotEmpty();
            assertThat(third.headers().firstValue("retry-after")).contains("1");
            assertThat(bridge.get("/jwks").statusCode()).isEqualTo(200);

            release.countDown();
            for (CompletableFuture<Integer> each : working) {
                assertThat(each.get(20, TimeUnit.SECONDS)).isEqualTo(200);
            }
            assertServed(bridge);
        }
    }

    @Test
    void answers503WhenTheWorkTakesTooLong() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        ServerLimits limits =
                ServerLimits.DEFAULT.withTimes(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(5),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(5));
        try (RunningBridge bridge =
                RunningBridge.bounded(
                        limits,
                        _ -> {
                            await(release);
                            return List.of(RunningBridge.issued(Set.of()));
                        })) {
            HttpResponse<String> response = bridge.token(tokenForm());
            assertThat(response.statusCode()).isEqualTo(503);
            release.countDown();
            assertServed(bridge);
        }
    }

    @Test
    void letsRequestsInFlightFinishWhenItStops() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        RunningBridge bridge =
                RunningBridge.bounded(
                        ServerLimits.DEFAULT,
                        _ -> {
                            entered.countDown();
                            await(release);
                            return List.of(RunningBridge.issued(Set.of()));
                        });
        int port = bridge.port();
        CompletableFuture<Integer> working = tokenInBackground(bridge);
        await(entered);
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(bridge.serverToClose()::close);
        while (accepts(port)) {
            Thread.onSpinWait();
        }
        assertThat(working).isNotDone();
        release.countDown();
        assertThat(working.get(20, TimeUnit.SECONDS)).isEqualTo(200);
        stopped.get(20, TimeUnit.SECONDS);
        bridge.close();
    }

    private static boolean accepts(int port) {
        try (RawClient probe = new RawClient(port)) {
            probe.send("GET /jwks HTTP/1.1\r\nHost: b\r\n\r\n").until("\r\n");
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void makesRoomForANewcomerByClosingWhoHasBeenIdleLongest() throws Exception {
        try (RunningBridge bridge =
                        RunningBridge.bounded(
                                ServerLimits.DEFAULT.withMaxConnections(4),
                                ListenerBoundsTest::issuing);
                RawClient idle = new RawClient(bridge.port())) {
            idle.send("GET /jwks HTTP/1.1\r\nHost: b\r\n\r\n").until("[]}");
            List<RawClient> crowd = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                RawClient newcomer = new RawClient(bridge.port());
                newcomer.send("GET /jwks HTTP/1.1\r\nHost: b\r\n\r\n").until("[]}");
                crowd.add(newcomer);
            }
            assertThat(idle.untilClosed()).isEmpty();
            assertServed(bridge);
            for (RawClient each : crowd) {
                each.close();
            }
        }
    }

    @Test
    void serves10000IdleConnectionsAndEverybodyElse() throws Exception {
        assertThat(descriptors()).as("file descriptors (ulimit -n)").isGreaterThan(11_000);
        try (RunningBridge bridge =
                        RunningBridge.bounded(ServerLimits.DEFAULT, ListenerBoundsTest::issuing);
                IdleConnections idle = new IdleConnections(bridge.port(), 10_000)) {
            for (int i = 0; i < 100; i++) {
                assertServed(bridge);
            }
            assertThat(idle.stillOpen()).isEqualTo(10_000);
        }
    }

    private static long descriptors() {
        return java.lang.management.ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    @Test
    void listensOffLoopbackOnlyWithTlsOrBehindAProxy() {
        ListenerSettings bare =
                new ListenerSettings(ListenAddress.parse(":0"), null, false, TrustedProxies.NONE);
        assertThat(bare.problems()).singleElement().asString().contains("--tls-cert");
        assertThatThrownBy(() ->
                        new RunningBridge(
                                ListenerBoundsTest::issuing, bare, ServerLimits.DEFAULT, false))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(
                        new ListenerSettings(
                                        ListenAddress.parse(":0"), null, true, TrustedProxies.NONE)
                                .problems())
                .isEmpty();
    }

    private static CompletableFuture<Integer> tokenInBackground(RunningBridge bridge) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return bridge.token(tokenForm()).statusCode();
                    } catch (IOException | InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                },
                Thread::startVirtualThread);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
