package dev.tollbridge.bench;

import dev.tollbridge.bench.LoadGenerator.Load;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// What a provider that takes its time costs: exchanges for a target of kind `oauth`, whose token
/// endpoint on this machine answers after {@link #DELAY_MILLIS}.
///
/// Two figures: how many exchanges were under way at the provider at once when so many callers
/// wait, and what callers wait at a fixed rate. The endpoint believes everything: what it verifies
/// would be counted as the bridge's time.
public final class ProviderBench {

    private static final long DELAY_MILLIS = 50;
    private static final int IN_FLIGHT = 500;
    private static final double RATE = 2_000;
    private static final double WARM_UP = 15;
    private static final double WINDOW = 10;
    private static final int TOKENS = 200_000;

    /// A target of a provider gives a thousand credentials a second, so that nobody spends its
    /// quota; ten of them are not what is measured.
    private static final List<String> TARGETS =
            IntStream.range(0, 10).mapToObj(number -> "provider-" + number).toList();

    private static final String ANSWER =
            "{\"access_token\":\"0123456789abcdef0123456789abcdef\",\"token_type\":\"Bearer\","
                    + "\"expires_in\":600,\"scope\":\"deploy:write\"}";

    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostUnderWay = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();
    private final Vertx vertx = Vertx.vertx();

    private ProviderBench() {}

    /// @param arguments the project's folder
    public static void main(String[] arguments) throws IOException {
        Path project = Path.of(arguments[0]).toAbsolutePath();
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "tollbridge", "bench");
        Path work = Files.createTempDirectory(project.resolve("bench/target"), "run-");
        try (SubjectTokens tokens = SubjectTokens.of(cache, TOKENS)) {
            new ProviderBench().run(project, work, tokens);
        } finally {
            Bench.delete(work);
        }
    }

    private void run(Path project, Path work, SubjectTokens tokens) throws IOException {
        HttpServer provider =
                vertx.createHttpServer()
                        .requestHandler(this::answer)
                        .connectionHandler(_ -> connections.incrementAndGet())
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .join();
        String endpoint = "http://127.0.0.1:" + provider.actualPort() + "/token";
        Path config = Files.createDirectory(work.resolve("config"));
        Workload.writeDocuments(
                config,
                tokens.jwks(),
                SubjectTokens.LIFETIME_TEXT,
                Workload.GRANTS_THAT_MATCH,
                TARGETS,
                "oauth: {tokenEndpoint: \""
                        + endpoint
                        + "\", scopes: [\"deploy:write\"], algorithm: ES256}");
        System.out.printf("machine: %s%n", Machine.describe());
        try (ServerProcess server =
                        ServerProcess.start(
                                command(project, work, config, endpoint),
                                Map.of(),
                                work.resolve("log.txt"));
                LoadGenerator load =
                        new LoadGenerator(server.address(), IN_FLIGHT, tokens, TARGETS)) {
            load.closedLoop(WARM_UP);
            mostUnderWay.set(0);
            Load many = load.closedLoop(WINDOW);
            say(
                    "%d callers at once: %,.0f exchanges/s, p50 %.1f ms, p99 %.1f ms, %d under way at the provider at most, %d failed%s",
                    IN_FLIGHT,
                    many.rate(),
                    many.latencies().millis(0.5),
                    many.latencies().millis(0.99),
                    mostUnderWay.get(),
                    many.failed(),
                    first(many));
            load.fixedRate(RATE, WINDOW / 2);
            double before = server.cpuSeconds();
            Load fixed = load.fixedRate(RATE, WINDOW);
            double cpu = server.cpuSeconds() - before;
            say(
                    "at a fixed %,.0f/s (from when due), provider %d ms: p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, %d failed%s",
                    RATE,
                    DELAY_MILLIS,
                    fixed.latencies().millis(0.5),
                    fixed.latencies().millis(0.99),
                    fixed.latencies().millis(0.999),
                    fixed.failed(),
                    first(fixed));
            say(
                    "the bridge's CPU: %.0f us/exchange, %.2f of %d processors",
                    cpu * 1e6 / fixed.answered(),
                    cpu / WINDOW,
                    Runtime.getRuntime().availableProcessors());
            say("connections the bridge opened to the provider: %d", connections.get());
            say(
                    "memory at its highest: %.0f MiB RSS; load average: %s",
                    server.peakMemory(), Machine.load());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static String first(Load load) {
        return load.firstFailure().isEmpty() ? "" : ", first: " + load.firstFailure();
    }

    private static List<String> command(Path project, Path work, Path config, String endpoint) {
        return List.of(
                project.resolve("tollbridge").toString(),
                "serve",
                "--config",
                config.toString(),
                "--data",
                work.resolve("data").toString(),
                "--listen",
                "127.0.0.1:0",
                "--management",
                "127.0.0.1:0",
                "--allow-endpoint",
                endpoint);
    }

    private void answer(HttpServerRequest request) {
        int now = underWay.incrementAndGet();
        mostUnderWay.accumulateAndGet(now, Math::max);
        vertx.setTimer(
                DELAY_MILLIS,
                _ -> {
                    underWay.decrementAndGet();
                    request.response().putHeader("content-type", "application/json").end(ANSWER);
                });
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
