package dev.tollbridge.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// What the sidecar costs a pod: from its start to a credential in its file, memory after as many
/// refreshes as an hour has, and processor time while nothing happens.
///
/// The bridge is a stand-in on this machine that answers after {@link #DELAY_MILLIS}: what is
/// measured is the sidecar.
public final class SidecarBench {

    private static final int DELAY_MILLIS = 20;
    private static final int STARTS = 9;

    /// Credentials of ten minutes are asked for anew after five to six and a half: in an hour
    /// eleven times at most. Here each target has more than that.
    private static final int REFRESHES = 12;

    private static final int SHORT_LIFE = 22;
    private static final int LONG_LIFE = 3600;
    private static final int IDLE_SECONDS = 30;

    private final AtomicInteger asked = new AtomicInteger();
    private volatile int life = LONG_LIFE;

    private SidecarBench() {}

    /// @param arguments the project's folder
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path project = Path.of(arguments[0]).toAbsolutePath();
        Path work = Files.createTempDirectory(project.resolve("bench/target"), "sidecar-");
        try {
            new SidecarBench().run(project, work);
        } finally {
            Bench.delete(work);
        }
    }

    private void run(Path project, Path work) throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        HttpServer bridge =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        bridge.setExecutor(threads);
        bridge.createContext(
                "/token",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    asked.incrementAndGet();
                    pause(DELAY_MILLIS);
                    byte[] answer = answer(life).getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("content-type", "application/json");
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        bridge.createContext(
                "/revoke",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        bridge.start();
        try {
            System.out.printf("machine: %s%n", Machine.describe());
            int port = bridge.getAddress().getPort();
            starts(project, work, port);
            hour(project, work, port);
            idle(project, work, port);
        } finally {
            bridge.stop(0);
            threads.shutdownNow();
        }
    }

    private static String answer(int life) {
        return String.format(
                Locale.ROOT,
                "{\"access_token\":\"%s\",\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\","
                        + "\"token_type\":\"Bearer\",\"expires_in\":%d,\"issuance\":\"iss_01M7Z149RW4WVTZ8AT948A9RG2\","
                        + "\"expires_at\":\"%s\",\"revocation_handle\":\"rvk_01M7Z149RW4WVTZ8AT948A9RG2\"}",
                "abcdefgh".repeat(100),
                life,
                Instant.now().plusSeconds(life));
    }

    private void starts(Path project, Path work, int port) throws IOException {
        for (boolean cached : new boolean[] {true, false}) {
            List<Double> seconds = new ArrayList<>();
            for (int i = 0; i < STARTS; i++) {
                try (ServerProcess sidecar =
                        start(project, work, port, "one", cached ? "on" : "off")) {
                    seconds.add(sidecar.readySeconds());
                }
            }
            System.out.printf(
                    Locale.ROOT,
                    "start to a credential, launcher and %d ms of the bridge included, median of %d, start-up cache %s: %.2f s%n",
                    DELAY_MILLIS,
                    STARTS,
                    cached ? "on" : "off",
                    Series.median(seconds));
        }
    }

    /// An hour's refreshes of three targets, one after another without the waiting.
    private void hour(Path project, Path work, int port) throws IOException {
        life = SHORT_LIFE;
        asked.set(0);
        try (ServerProcess sidecar = start(project, work, port, "one,two,three", "on")) {
            while (asked.get() < 3 * REFRESHES) {
                pause(100);
            }
            System.out.printf(
                    Locale.ROOT,
                    "after %d refreshes of each of 3 targets: %.1f MiB resident, %.1f at its highest%n",
                    REFRESHES,
                    sidecar.memory(),
                    sidecar.peakMemory());
        }
    }

    private void idle(Path project, Path work, int port) throws IOException {
        life = LONG_LIFE;
        try (ServerProcess sidecar = start(project, work, port, "one,two,three", "on")) {
            pause(5_000);
            double before = sidecar.cpuSeconds();
            pause(IDLE_SECONDS * 1000);
            System.out.printf(
                    Locale.ROOT,
                    "idle, over %d s: %.2f thousandths of a processor; %.1f MiB resident%n",
                    IDLE_SECONDS,
                    (sidecar.cpuSeconds() - before) * 1000 / IDLE_SECONDS,
                    sidecar.memory());
        }
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ServerProcess start(
            Path project, Path work, int port, String targets, String cache) throws IOException {
        Path token = work.resolve("token");
        Files.writeString(token, "header.claims.signature");
        return ServerProcess.start(
                List.of(
                        project.resolve("tollbridge").toString(),
                        "sidecar",
                        "--url",
                        "http://127.0.0.1:" + port,
                        "--token-file",
                        token.toString(),
                        "--target",
                        targets,
                        "--dir",
                        work.resolve("credentials").toString(),
                        "--listen",
                        "127.0.0.1:0",
                        "--health",
                        "127.0.0.1:0"),
                Map.of("TOLLBRIDGE_AOT", cache),
                work.resolve("log.txt"));
    }
}
