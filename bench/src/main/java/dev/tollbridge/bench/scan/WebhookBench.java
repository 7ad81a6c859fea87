package dev.tollbridge.bench.scan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.bench.Bench;
import dev.tollbridge.bench.Latencies;
import dev.tollbridge.bench.Machine;
import dev.tollbridge.bench.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
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
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// The webhook under the load of a busy cluster: reviews of pods at 500 a second, and of Secrets of
/// 1 MiB, over HTTPS as an API server asks.
///
/// A request is due at a fixed time, and its latency counts from then, so that a server that stalls
/// is not flattered.
public final class WebhookBench {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double PODS_PER_SECOND = 500;
    private static final double SECRETS_PER_SECOND = 10;
    private static final int WARM_UP = 12;

    /// Where more wait, the server has lost: what waits costs this process its memory.
    private static final int MOST_WAITING = 200;

    private static final int SECONDS = 30;
    private static final int PODS = 200;
    private static final String PASSWORD = "benchmark";

    private final HttpClient client;
    private final URI validate;

    private WebhookBench(HttpClient client, URI validate) {
        this.client = client;
        this.validate = validate;
    }

    /// @param arguments the project's folder
    public static void main(String[] arguments)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path project = Path.of(arguments[0]).toAbsolutePath();
        Path work = Files.createTempDirectory(project.resolve("bench/target"), "webhook-");
        SSLContext trusting = certificate(work);
        Files.writeString(
                work.resolve("settings.yaml"),
                """
                apiVersion: tollbridge.dev/v1alpha1
                kind: AdmissionSettings
                metadata: {name: default}
                spec: {default: enforce, uninspectable: warn}
                """);
        System.out.printf("machine: %s%n", Machine.describe());
        try (ServerProcess server = start(project, work);
                ExecutorService threads = Executors.newFixedThreadPool(2);
                HttpClient client =
                        HttpClient.newBuilder().sslContext(trusting).executor(threads).build()) {
            InetSocketAddress address = server.address();
            URI uri = URI.create("https://localhost:" + address.getPort() + "/validate");
            new WebhookBench(client, uri).run(server);
        } finally {
            Bench.delete(work);
        }
    }

    private void run(ServerProcess server) throws IOException {
        List<byte[]> pods = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < PODS; i++) {
            pods.add(pod(i, random));
        }
        List<byte[]> secrets = List.of(noise(random), text(random), bundle(random));
        System.out.printf(
                Locale.ROOT,
                "started in %.2f s; %d different pods of %.1f kB, 3 Secrets of 1 MiB (noise, text, certificates)%n",
                server.readySeconds(),
                PODS,
                pods.getFirst().length / 1e3);
        // A server that has just started is not asked for everything at once.
        for (double share : new double[] {0.1, 0.3, 1}) {
            load(pods, PODS_PER_SECOND * share, WARM_UP);
            load(secrets, SECRETS_PER_SECOND * share, WARM_UP);
        }
        double before = server.cpuSeconds();
        report("pods at 500/s", load(pods, PODS_PER_SECOND, SECONDS));
        double cpu = server.cpuSeconds() - before;
        report("Secrets of 1 MiB at 10/s", load(secrets, SECRETS_PER_SECOND, SECONDS));
        System.out.printf(
                Locale.ROOT,
                "processor time for a pod: %.2f ms; memory at its highest: %.0f MiB%n",
                cpu * 1e3 / (PODS_PER_SECOND * SECONDS),
                server.peakMemory());
    }

    private record Load(Latencies latencies, int failed, double longest) {}

    private static void report(String what, Load load) {
        System.out.printf(
                Locale.ROOT,
                "%-26s p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, longest %.1f ms, %d failed%n",
                what,
                load.latencies().millis(0.5),
                load.latencies().millis(0.99),
                load.latencies().millis(0.999),
                load.longest(),
                load.failed());
    }

    private Load load(List<byte[]> bodies, double rate, int seconds) {
        Latencies latencies = new Latencies();
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
            waiting.add(
                    client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                            .handle((response, problem) -> {
                                long took = System.nanoTime() - due;
                                room.release();
                                synchronized (latencies) {
                                    latencies.add(took);
                                    longest[0] = Math.max(longest[0], took);
                                }
                                if (problem != null || response.statusCode() != 200) {
                                    failed.incrementAndGet();
                                }
                                return null;
                            }));
        }
        CompletableFuture.allOf(waiting.toArray(CompletableFuture[]::new)).join();
        return new Load(latencies, failed.get(), longest[0] / 1e6);
    }

    /// A pod as a Deployment of a company makes them: three containers, variables, mounts.
    private static byte[] pod(int number, Random random) {
        ObjectNode pod = JSON.createObjectNode();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        ObjectNode metadata = pod.putObject("metadata");
        metadata.put("name", "service-" + number).put("namespace", "team-" + number % 20);
        metadata.putObject("labels").put("app", "service-" + number).put("tier", "backend");
        metadata.putObject("annotations")
                .put("prometheus.io/scrape", "true")
                .put("checksum/config", hex(random, 32));
        ObjectNode spec = pod.putObject("spec");
        spec.put("serviceAccountName", "service-" + number);
        container(spec.withArray("/initContainers").addObject(), "migrate", 4, random);
        container(spec.withArray("/containers").addObject(), "service", 24, random);
        container(spec.withArray("/containers").addObject(), "proxy", 12, random);
        spec.withArray("/volumes").addObject().put("name", "tmp").putObject("emptyDir");
        spec.withArray("/volumes")
                .addObject()
                .put("name", "config")
                .putObject("configMap")
                .put("name", "service-" + number);
        spec.withArray("/volumes")
                .addObject()
                .put("name", "tls")
                .putObject("secret")
                .put("secretName", "tls-" + number % 50);
        return review(pod);
    }

    private static void container(ObjectNode container, String name, int variables, Random random) {
        container
                .put("name", name)
                .put("image", "registry.acme.example/" + name + ":1.2." + variables);
        container.withArray("/command").add("/app/" + name).add("--config=/etc/config/app.yaml");
        for (int i = 0; i < variables; i++) {
            container
                    .withArray("/env")
                    .addObject()
                    .put("name", "SETTING_" + i)
                    .put(
                            "value",
                            i % 4 == 0
                                    ? hex(random, 20)
                                    : "https://service-" + i + ".acme.example/api");
        }
        container
                .withArray("/env")
                .addObject()
                .put("name", "DATABASE_PASSWORD")
                .putObject("valueFrom")
                .putObject("secretKeyRef")
                .put("name", "database")
                .put("key", "password");
        container
                .withArray("/volumeMounts")
                .addObject()
                .put("name", "config")
                .put("mountPath", "/etc/config");
        container.putObject("resources").putObject("limits").put("memory", "512Mi").put("cpu", "1");
        container
                .putObject("livenessProbe")
                .putObject("httpGet")
                .put("path", "/healthz")
                .put("port", 8080);
        container.putObject("securityContext").put("allowPrivilegeEscalation", false);
    }

    private static byte[] noise(Random random) {
        byte[] bytes = new byte[1 << 20];
        random.nextBytes(bytes);
        return secret(bytes);
    }

    private static byte[] text(Random random) {
        StringBuilder text = new StringBuilder("settings:\n");
        while (text.length() < 1 << 20) {
            text.append("  key")
                    .append(text.length())
                    .append(": ")
                    .append(hex(random, 12))
                    .append(" # the value of this environment\n");
        }
        return secret(text.substring(0, 1 << 20).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] bundle(Random random) {
        StringBuilder text = new StringBuilder();
        while (text.length() < 1 << 20) {
            byte[] certificate = new byte[1200];
            random.nextBytes(certificate);
            text.append("-----BEGIN CERTIFICATE-----\n")
                    .append(
                            Base64.getMimeEncoder(64, new byte[] {'\n'})
                                    .encodeToString(certificate))
                    .append("\n-----END CERTIFICATE-----\n");
        }
        return secret(text.substring(0, 1 << 20).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] secret(byte[] value) {
        ObjectNode secret = JSON.createObjectNode();
        secret.put("apiVersion", "v1").put("kind", "Secret").put("type", "Opaque");
        secret.putObject("metadata").put("name", "large").put("namespace", "team-1");
        secret.putObject("data").put("value", Base64.getEncoder().encodeToString(value));
        return review(secret);
    }

    private static byte[] review(ObjectNode object) {
        ObjectNode review = JSON.createObjectNode();
        review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
        ObjectNode request = review.putObject("request");
        request.put("uid", "0f7e6a3a-0c5b-4c1e-9d3e-000000000001");
        request.putObject("kind")
                .put("group", "")
                .put("version", "v1")
                .put("kind", object.path("kind").asText());
        request.put("operation", "CREATE")
                .put("namespace", object.path("metadata").path("namespace").asText())
                .put("name", object.path("metadata").path("name").asText());
        request.putObject("userInfo")
                .put("username", "system:serviceaccount:kube-system:replicaset-controller");
        request.set("object", object);
        request.putNull("oldObject");
        return review.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String hex(Random random, int bytes) {
        StringBuilder hex = new StringBuilder();
        for (int i = 0; i < bytes; i++) {
            hex.append(Integer.toHexString(random.nextInt(16)))
                    .append(Integer.toHexString(random.nextInt(16)));
        }
        return hex.toString();
    }

    private static ServerProcess start(Path project, Path work) throws IOException {
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
                        work.resolve("tls.crt").toString(),
                        "--tls-key",
                        work.resolve("tls.key").toString()),
                Map.of(),
                work.resolve("log.txt"));
    }

    /// A certificate of localhost's own, by the JDK's tool.
    ///
    /// @return what believes it and nothing else
    private static SSLContext certificate(Path work)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path store = work.resolve("tls.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "webhook",
                                "-keyalg",
                                "EC",
                                "-groupname",
                                "secp256r1",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "san=dns:localhost",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .redirectOutput(work.resolve("keytool.txt").toFile())
                        .start();
        if (keytool.waitFor() != 0) {
            throw new IOException(Files.readString(work.resolve("keytool.txt")));
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        pem(
                work.resolve("tls.key"),
                "PRIVATE KEY",
                keys.getKey("webhook", PASSWORD.toCharArray()).getEncoded());
        pem(work.resolve("tls.crt"), "CERTIFICATE", keys.getCertificate("webhook").getEncoded());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("webhook", keys.getCertificate("webhook"));
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    private static void pem(Path file, String what, byte[] bytes) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN "
                        + what
                        + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
                        + "\n-----END "
                        + what
                        + "-----\n");
    }
}
