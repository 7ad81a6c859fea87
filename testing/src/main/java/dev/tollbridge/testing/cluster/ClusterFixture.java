package dev.tollbridge.testing.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A real Kubernetes API server with etcd behind it, started once per test JVM on free ports and
/// ended with it.
///
/// There is no controller manager and no kubelet: a test creates the service accounts and pods it
/// needs as objects, which is all that TokenRequest and TokenReview look at.
public final class ClusterFixture {

    /// The issuer of its service-account tokens: the name most clusters share.
    public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

    private static final String ADMIN_TOKEN = "admin-token-of-a-throwaway-cluster";

    private static final Pattern REVISION = Pattern.compile("\"revision\":\"(\\d+)\"");

    private static @Nullable ClusterFixture running;

    private final Path assets;
    private final Path folder;
    private final List<Process> processes = new ArrayList<>();
    private final int port;
    private final int etcdPort;
    private List<String> apiServer = List.of();

    /// The one cluster of this JVM; starts it on first use, which takes some seconds.
    public static synchronized ClusterFixture shared() {
        ClusterFixture cluster = running;
        if (cluster == null) {
            cluster = start(ClusterAssets.find());
            running = cluster;
        }
        return cluster;
    }

    /// A cluster of the caller's own, to be stopped and started by a test; ends with this JVM.
    public static ClusterFixture another() {
        return start(ClusterAssets.find());
    }

    /// Ends the API server as a crash would. What it stored stays.
    public void stopApiServer() {
        Process process = processes.removeLast();
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Starts it again, at the same address, and waits until it is ready.
    ///
    /// @param more flags, beside those it always has
    public void startApiServer(String... more) {
        try {
            run(
                    "kube-apiserver",
                    Stream.concat(apiServer.stream(), Stream.of(more)).toArray(String[]::new));
            awaitReady();
        } catch (IOException e) {
            throw new IllegalStateException("the API server did not start again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Makes etcd forget every revision but the newest, as it does every five minutes in a cluster:
    /// whoever wants to go on from an older one is told that it is gone.
    public void compact() {
        try (HttpClient http = HttpClient.newHttpClient()) {
            String newest = etcd(http, "range", "{\"key\":\"AA==\"}");
            Matcher revision = REVISION.matcher(newest);
            if (!revision.find()) {
                throw new IllegalStateException("etcd names no revision: " + newest);
            }
            etcd(
                    http,
                    "compaction",
                    "{\"revision\":\"" + revision.group(1) + "\",\"physical\":true}");
        } catch (IOException e) {
            throw new IllegalStateException("etcd did not compact", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String etcd(HttpClient http, String what, String body)
            throws IOException, InterruptedException {
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(
                                        URI.create(
                                                "http://127.0.0.1:" + etcdPort + "/v3/kv/" + what))
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("etcd answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    private ClusterFixture(Path assets, Path folder, int port, int etcdPort) {
        this.assets = assets;
        this.folder = folder;
        this.port = port;
        this.etcdPort = etcdPort;
    }

    private static ClusterFixture start(Path assets) {
        try {
            ClusterFixture cluster =
                    new ClusterFixture(
                            assets,
                            Files.createTempDirectory("tollbridge-cluster-"),
                            freePort(),
                            freePort());
            Runtime.getRuntime().addShutdownHook(new Thread(cluster::stop));
            cluster.launch();
            return cluster;
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException("the test cluster did not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void launch() throws IOException, NoSuchAlgorithmException, InterruptedException {
        Path key = folder.resolve("sa.key");
        Files.writeString(key, rsaKeyPem());
        Path tokens = folder.resolve("tokens.csv");
        Files.writeString(tokens, ADMIN_TOKEN + ",admin,admin,\"system:masters\"\n");
        int etcdPeerPort = freePort();
        run(
                "etcd",
                "--data-dir",
                folder.resolve("etcd").toString(),
                "--listen-client-urls",
                "http://127.0.0.1:" + etcdPort,
                "--advertise-client-urls",
                "http://127.0.0.1:" + etcdPort,
                "--listen-peer-urls",
                "http://127.0.0.1:" + etcdPeerPort,
                "--initial-advertise-peer-urls",
                "http://127.0.0.1:" + etcdPeerPort,
                "--initial-cluster",
                "default=http://127.0.0.1:" + etcdPeerPort,
                "--unsafe-no-fsync",
                "--log-level",
                "warn");
        apiServer =
                List.of(
                        "--etcd-servers",
                        "http://127.0.0.1:" + etcdPort,
                        "--cert-dir",
                        folder.resolve("pki").toString(),
                        "--secure-port",
                        Integer.toString(port),
                        "--bind-address",
                        "127.0.0.1",
                        "--advertise-address",
                        "127.0.0.1",
                        "--endpoint-reconciler-type",
                        "none",
                        "--service-cluster-ip-range",
                        "10.96.0.0/16",
                        "--service-account-issuer",
                        ISSUER,
                        "--api-audiences",
                        ISSUER,
                        "--service-account-signing-key-file",
                        key.toString(),
                        "--service-account-key-file",
                        key.toString(),
                        "--token-auth-file",
                        tokens.toString(),
                        "--authorization-mode",
                        "RBAC",
                        "--disable-admission-plugins",
                        "ServiceAccount",
                        "--allow-privileged");
        run("kube-apiserver", apiServer.toArray(String[]::new));
        awaitReady();
    }

    private void run(String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(assets.resolve(program).toString()));
        command.addAll(List.of(arguments));
        processes.add(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve(program + ".log").toFile())
                        .start());
    }

    private void awaitReady() throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(Duration.ofMinutes(2));
        while (Instant.now().isBefore(deadline)) {
            for (Process process : processes) {
                if (!process.isAlive()) {
                    throw new IOException(
                            "the API server or etcd ended at once; see " + folder + "/*.log");
                }
            }
            if (Files.exists(caFile())
                    && kubectl("get", "--raw", "/readyz").succeeded()
                    && kubectl("get", "namespace", "default").succeeded()) {
                return;
            }
            // Waiting for a process to come up is not a test's timing: there is nothing to be
            // notified by.
            processes.getFirst().waitFor(200, java.util.concurrent.TimeUnit.MILLISECONDS);
        }
        throw new IOException(
                "the API server did not become ready in two minutes; see " + folder + "/*.log");
    }

    public String url() {
        return "https://127.0.0.1:" + port;
    }

    /// Its own certificate, for 127.0.0.1, and its own authority.
    public Path caFile() {
        return folder.resolve("pki/apiserver.crt");
    }

    /// The key of that certificate: PKCS#1, as the API server made it.
    Path keyFile() {
        return folder.resolve("pki/apiserver.key");
    }

    /// A file with a bearer token that may do everything.
    public Path adminTokenFile() {
        return write("admin.token", ADMIN_TOKEN);
    }

    /// A kubeconfig for an administrator.
    public Path kubeconfig() {
        return kubeconfig("admin", ADMIN_TOKEN);
    }

    /// A kubeconfig for whoever holds a token.
    public Path kubeconfig(String name, String token) {
        return write(
                name + ".kubeconfig",
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s", certificate-authority: "%s"}}]
                users: [{name: u, user: {token: "%s"}}]
                contexts: [{name: c, context: {cluster: c, user: u}}]
                current-context: c
                """
                        .formatted(url(), caFile(), token));
    }

    /// An administrator's client. The caller closes it.
    public KubernetesClient client() {
        return new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig().toFile()))
                .build();
    }

    /// Runs the real `kubectl` as an administrator.
    public KubectlResult kubectl(String... arguments) {
        return KubectlResult.of(assets.resolve("kubectl"), kubeconfig(), arguments);
    }

    /// Runs the real `kubectl` as whoever a kubeconfig says.
    public KubectlResult kubectlAs(Path kubeconfig, String... arguments) {
        return KubectlResult.of(assets.resolve("kubectl"), kubeconfig, arguments);
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Ends it, and takes away what it wrote.
    public void stop() {
        processes.reversed().forEach(Process::destroyForcibly);
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            System.err.println("left behind: " + folder);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String rsaKeyPem() throws NoSuchAlgorithmException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(key)
                + "\n-----END PRIVATE KEY-----\n";
    }
}
