package dev.tollbridge.testing.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
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

    private static @Nullable ClusterFixture running;

    private final Path assets;
    private final Path folder;
    private final List<Process> processes = new ArrayList<>();
    private final int port;
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
    public void startApiServer() {
        try {
            run("kube-apiserver", apiServer.toArray(String[]::new));
            awaitReady();
        } catch (IOException e) {
            throw new IllegalStateException("the API server did not start again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private ClusterFixture(Path assets, Path folder, int port) {
        this.assets = assets;
        this.folder = folder;
        this.port = port;
    }

    private static ClusterFixture start(Path assets) {
        try {
            ClusterFixture cluster =
                    new ClusterFixture(
                            assets, Files.createTempDirectory("tollbridge-cluster-"), freePort());
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
        int etcdPort = freePort();
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

    public Path caFile() {
        return folder.resolve("pki/apiserver.crt");
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
