package dev.tollbridge.bench.scan;

import dev.tollbridge.bench.Bench;
import dev.tollbridge.bench.Latencies;
import dev.tollbridge.bench.Machine;
import dev.tollbridge.bench.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/// The webhook under the load of a busy cluster: reviews of pods at 500 a second, and of Secrets of
/// 1 MiB, over HTTPS as an API server asks. Beside it, under the same load in turns, a server that
/// receives the same and looks at nothing.
///
/// A request is due at a fixed time, and its latency counts from then, so that a server that stalls
/// is not flattered.
public final class WebhookBench {

    private static final double PODS_PER_SECOND = 500;
    private static final double SECRETS_PER_SECOND = 10;

    /// Where more wait, the server has lost: what waits costs this process its memory.
    private static final int MOST_WAITING = 200;

    /// A stage of the warm-up; the last one of pods takes four of them, because a compiler that is
    /// still at work on this machine's two processors is most of what a busy webhook's first minute
    /// looks like.
    private static final int WARM_UP = 6;

    private static final int WINDOWS = 6;
    private static final int WINDOW_SECONDS = 5;

    private final HttpClient client;
    private final ServerProcess server;
    private final URI validate;

    private WebhookBench(HttpClient client, ServerProcess server) {
        this.client = client;
        this.server = server;
        this.validate = URI.create("https://localhost:" + server.address().getPort() + "/validate");
    }

    /// @param arguments the project's folder
    public static void main(String[] arguments)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path project = Path.of(arguments[0]).toAbsolutePath();
        Path work = Files.createTempDirectory(project.resolve("bench/target"), "webhook-");
        LocalCertificate certificate = LocalCertificate.in(work);
        Files.writeString(
                work.resolve("settings.yaml"),
                """
                apiVersion: tollbridge.dev/v1alpha1
                kind: AdmissionSettings
                metadata: {name: default}
                spec: {default: enforce, uninspectable: warn}
                """);
        System.out.printf("machine: %s%n", Machine.describe());
        Random random = new Random(1);
        List<byte[]> pods = ReviewBodies.pods(random);
        List<byte[]> secrets = ReviewBodies.secrets(random);
        try (ServerProcess server = start(project, work, certificate);
                ServerProcess bare = startBare(work, certificate);
                ExecutorService threads = Executors.newFixedThreadPool(2);
                HttpClient client = client(certificate.trusting(), threads)) {
            System.out.printf(
                    Locale.ROOT,
                    "started in %.2f s; %d different pods of %.1f kB, 3 Secrets of 1 MiB (noise, text, certificates)%n",
                    server.readySeconds(),
                    pods.size(),
                    pods.getFirst().length / 1e3);
            WebhookBench webhook = new WebhookBench(client, server);
            WebhookBench nothing = new WebhookBench(client, bare);
            for (WebhookBench one : List.of(nothing, webhook)) {
                one.warmUp(pods, secrets);
            }
            nothing.report("pods at 500/s, bare", pods, PODS_PER_SECOND);
            webhook.report("pods at 500/s", pods, PODS_PER_SECOND);
            nothing.report("Secrets of 1 MiB at 10/s, bare", secrets, SECRETS_PER_SECOND);
            webhook.report("Secrets of 1 MiB at 10/s", secrets, SECRETS_PER_SECOND);
            System.out.printf(
                    Locale.ROOT,
                    "memory at its highest: %.0f MiB, bare %.0f MiB%n",
                    server.peakMemory(),
                    bare.peakMemory());
        } finally {
            Bench.delete(work);
        }
    }

    private static HttpClient client(SSLContext trusting, ExecutorService threads) {
        return HttpClient.newBuilder().sslContext(trusting).executor(threads).build();
    }

    /// A server that has just started is not asked for everything at once.
    private void warmUp(List<byte[]> pods, List<byte[]> secrets) {
        for (double share : new double[] {0.1, 0.3}) {
            load(pods, PODS_PER_SECOND * share, WARM_UP);
            load(secrets, SECRETS_PER_SECOND * share, WARM_UP);
        }
        load(secrets, SECRETS_PER_SECOND, WARM_UP);
        load(pods, PODS_PER_SECOND, WARM_UP * 4);
    }

    /// @param windows one after the other
    private record Load(List<Latencies> windows, int failed, double longest) {

        Latencies all() {
            Latencies all = new Latencies();
            windows.forEach(all::addAll);
            return all;
        }

        /// Of the windows' own: what a host does to all its machines for a moment spoils one.
        double medianP99() {
            double[] sorted =
                    windows.stream().mapToDouble(window -> window.millis(0.99)).sorted().toArray();
            return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        }
    }

    private void report(String what, List<byte[]> bodies, double rate) throws IOException {
        double before = server.cpuSeconds();
        Load load = load(bodies, rate, WINDOWS * WINDOW_SECONDS);
        Latencies all = load.all();
        System.out.printf(
                Locale.ROOT,
                "%-30s p50 %.2f ms, p99 %.2f ms (median of windows) and %.2f ms (of all), p99.9 %.2f ms,"
                        + " longest %.1f ms, processor %.2f ms each, %d failed%n",
                what,
                all.millis(0.5),
                load.medianP99(),
                all.millis(0.99),
                all.millis(0.999),
                load.longest(),
                (server.cpuSeconds() - before) * 1e3 / (rate * WINDOWS * WINDOW_SECONDS),
                load.failed());
    }

    private Load load(List<byte[]> bodies, double rate, int seconds) {
        List<Latencies> windows =
                Stream.generate(Latencies::new)
                        .limit(Math.ceilDiv(seconds, WINDOW_SECONDS))
                        .toList();
        AtomicInteger failed = new AtomicInteger();
        long[] longest = new long[1];
        List<CompletableFuture<?>> waiting = new ArrayList<>();
        Semaphore room = new Semaphore(MOST_WAITING);
        long start = System.nanoTime();
        for (int i = 0; i < rate * seconds; i++) {
            long due = start + (long) (i * 1e9 / rate);
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            room.acquireUninterruptibly();
            HttpRequest request =
                    HttpRequest.newBuilder(validate)
                            .header("content-type", "application/json")
                            .POST(
                                    HttpRequest.BodyPublishers.ofByteArray(
                                            bodies.get(i % bodies.size())))
                            .build();
            Latencies window = windows.get((int) (i / (rate * WINDOW_SECONDS)));
            waiting.add(
                    client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                            .handle((response, problem) -> {
                                long took = System.nanoTime() - due;
                                room.release();
                                synchronized (windows) {
                                    window.add(took);
                                    longest[0] = Math.max(longest[0], took);
                                }
                                if (problem != null || response.statusCode() != 200) {
                                    failed.incrementAndGet();
                                }
                                return null;
                            }));
        }
        CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new)).join();
        return new Load(windows, failed.get(), longest[0] / 1e6);
    }

    private static ServerProcess start(Path project, Path work, LocalCertificate certificate)
            throws IOException {
        return ServerProcess.start(
                List.of(
                        project.resolve("tollbridge").toString(),
                        "webhook",
                        "--no-cluster",
                        "--settings",
                        work.resolve("settings.yaml").toString(),
                        "--listen",
                        "127.0.0.1:0",
                        "--management",
                        "127.0.0.1:0",
                        "--tls-cert",
                        certificate.chain().toString(),
                        "--tls-key",
                        certificate.key().toString()),
                Map.of(),
                work.resolve("log.txt"));
    }

    private static ServerProcess startBare(Path work, LocalCertificate certificate)
            throws IOException {
        return ServerProcess.start(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-Xmx256m",
                        "-Xmn64m",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BareReviews.class.getName(),
                        certificate.chain().toString(),
                        certificate.key().toString()),
                Map.of(),
                work.resolve("bare.txt"));
    }
}
