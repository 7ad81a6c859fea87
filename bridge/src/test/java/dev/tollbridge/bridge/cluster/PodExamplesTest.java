package dev.tollbridge.bridge.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.signing.CryptoProvider;
import dev.tollbridge.bridge.testing.ExamplePolicy;
import dev.tollbridge.bridge.testing.PythonPackages;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.aws.AwsEmulator;
import dev.tollbridge.bridge.testing.aws.AwsEmulator.Role;
import dev.tollbridge.sidecar.Main;
import dev.tollbridge.testing.cluster.ClusterFixture;
import dev.tollbridge.testing.cluster.KubectlResult;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The examples that are pods: the manifest passes a real API server, strictly and in a namespace
/// of Pod Security `restricted`; then what its containers would run is run, with the manifest's
/// variables and a token that the API server made for the pod, against a real bridge.
@DisplayName("The pods of the examples")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PodExamplesTest {

    private static final String NAMESPACE = "payments";
    private static final Path EXAMPLES = Path.of("..", "examples").toAbsolutePath().normalize();
    private static final String ROLE = "arn:aws:iam::111122223333:role/reports";

    private final ClusterFixture cluster = ClusterFixture.shared();
    private final KubernetesClient client = cluster.client();
    private final List<Process> started = new ArrayList<>();
    @TempDir private Path folder;
    private AwsEmulator aws;
    private @Nullable ServedBridge bridge;

    @BeforeAll
    void namespace() {
        cluster.kubectl("create", "namespace", NAMESPACE);
        KubectlResult labelled =
                cluster.kubectl(
                        "label",
                        "--overwrite",
                        "namespace",
                        NAMESPACE,
                        "pod-security.kubernetes.io/enforce=restricted",
                        "pod-security.kubernetes.io/warn=restricted");
        assertThat(labelled.succeeded()).as(labelled.output()).isTrue();
    }

    @AfterAll
    void close() {
        cluster.kubectl("delete", "namespace", NAMESPACE, "--wait=false");
        client.close();
    }

    @BeforeEach
    void emulate() throws IOException {
        CryptoProvider.install();
        aws = new AwsEmulator();
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
        aws.close();
        if (bridge != null) {
            bridge.close();
        }
    }

    private void apply(Path manifest) {
        KubectlResult applied =
                cluster.kubectl("apply", "--validate=strict", "-f", manifest.toString());
        assertThat(applied.succeeded()).as(applied.output()).isTrue();
        assertThat(applied.output()).doesNotContainIgnoringCase("warning");
        KubectlResult again =
                cluster.kubectl(
                        "apply",
                        "--dry-run=server",
                        "--validate=strict",
                        "-f",
                        manifest.toString());
        assertThat(again.succeeded()).as(again.output()).isTrue();
    }

    private ServedBridge bridge(String example, String serviceAccount, String... more)
            throws IOException {
        String uid =
                client.serviceAccounts()
                        .inNamespace(NAMESPACE)
                        .withName(serviceAccount)
                        .get()
                        .getMetadata()
                        .getUid();
        List<String> changes =
                new ArrayList<>(
                        List.of(
                                "https://10.0.0.1:6443",
                                cluster.url(),
                                "caFile: cluster-ca.crt",
                                "caFile: " + cluster.caFile(),
                                "tokenFile: cluster-token",
                                "tokenFile: " + cluster.adminTokenFile(),
                                "aaaaaaaa-0000-4000-8000-000000000081",
                                uid));
        changes.addAll(List.of(more));
        Path config =
                ExamplePolicy.copy(
                        EXAMPLES.resolve(example),
                        folder.resolve("config"),
                        changes.toArray(String[]::new));
        ServedBridge served =
                new ServedBridge(
                        ServeSettings.local(config, folder.resolve("data"))
                                .withEndpoints(AllowedEndpoints.of(List.of(aws.url()), null)));
        bridge = served;
        aws.trust(served.url() + "/federation").with(Role.trusting(ROLE, "target:aws:aws-reports"));
        return served;
    }

    /// What kubelet would mount: the token that the pod's projected volume asks for.
    private Path token(Pod pod) throws IOException {
        ServiceAccountTokenProjection asked =
                pod.getSpec().getVolumes().stream()
                        .filter(volume -> volume.getProjected() != null)
                        .flatMap(volume -> volume.getProjected().getSources().stream())
                        .map(source -> source.getServiceAccountToken())
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElseThrow();
        String token =
                client.serviceAccounts()
                        .inNamespace(NAMESPACE)
                        .withName(pod.getSpec().getServiceAccountName())
                        .tokenRequest(
                                new TokenRequestBuilder()
                                        .withNewSpec()
                                        .withAudiences(asked.getAudience())
                                        .withExpirationSeconds(asked.getExpirationSeconds())
                                        .withNewBoundObjectRef()
                                        .withApiVersion("v1")
                                        .withKind("Pod")
                                        .withName(pod.getMetadata().getName())
                                        .withUid(pod.getMetadata().getUid())
                                        .endBoundObjectRef()
                                        .endSpec()
                                        .build())
                        .getStatus()
                        .getToken();
        Path mounted = Files.createDirectories(folder.resolve("mounted"));
        return Files.writeString(mounted.resolve(asked.getPath()), token);
    }

    private Pod pod(String name) {
        return client.pods().inNamespace(NAMESPACE).withName(name).get();
    }

    private static Container container(List<Container> containers, String name) {
        return containers.stream()
                .filter(one -> one.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// Where things are in this test instead of in a container.
    private String here(String text, Map<String, String> more) {
        String changed =
                text.replace(
                                "/var/run/secrets/tollbridge.dev",
                                folder.resolve("mounted").toString())
                        .replace("/var/run/tollbridge", folder.resolve("files").toString())
                        .replace(
                                "https://tollbridge.acme.example",
                                Objects.requireNonNull(bridge).url());
        for (Map.Entry<String, String> one : more.entrySet()) {
            changed = changed.replace(one.getKey(), one.getValue());
        }
        return changed;
    }

    private Process run(Container container, List<String> command, Map<String, String> more)
            throws Exception {
        Path python =
                PythonPackages.python("aws-clients", List.of("awscli==1.45.11", "boto3==1.43.11"));
        ProcessBuilder builder =
                new ProcessBuilder(command.stream().map(word -> here(word, more)).toList());
        builder.environment().clear();
        builder.environment().put("PATH", python.getParent() + ":" + System.getenv("PATH"));
        builder.environment().put("AWS_ENDPOINT_URL", aws.url());
        Map<String, String> environment = new LinkedHashMap<>();
        for (EnvVar variable : container.getEnv()) {
            environment.put(variable.getName(), here(variable.getValue(), more));
        }
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private Process sidecar(Container container, String... more) throws Exception {
        assertThat(container.getArgs()).startsWith("sidecar");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-cp",
                                Path.of(
                                                Main.class
                                                        .getProtectionDomain()
                                                        .getCodeSource()
                                                        .getLocation()
                                                        .toURI())
                                        .toString(),
                                Main.class.getName()));
        command.addAll(container.getArgs().subList(1, container.getArgs().size()));
        command.addAll(List.of(more));
        return run(container, command, Map.of("0.0.0.0:9912", "127.0.0.1:0"));
    }

    private static String done(Process process) throws Exception {
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(out + err).isZero();
        return out;
    }

    @Test
    void anSdkAsksTheBridgeItself() throws Exception {
        apply(EXAMPLES.resolve("pod-aws-sdk/pod.yaml"));
        bridge("pod-aws-sdk", "reports", "    region: eu-west-1", region());
        Pod pod = pod("reports");
        token(pod);
        Container app = container(pod.getSpec().getContainers(), "app");
        String said =
                done(
                        run(
                                app,
                                app.getCommand(),
                                Map.of(
                                        "/app/",
                                        EXAMPLES.resolve("pod-aws-sdk") + "/",
                                        "python3",
                                        "python")));
        assertThat(said).contains("assumed-role/reports/iss_").contains("of-111122223333");
        assertThat(aws.sessions().getFirst().tags()).containsEntry("pod", "reports");
    }

    @Test
    void aLegacyCommandLineReadsTheSidecarsFile() throws Exception {
        apply(EXAMPLES.resolve("pod-legacy-cli/pod.yaml"));
        bridge("pod-legacy-cli", "archive", "    region: eu-west-1", region());
        Pod pod = pod("archive");
        token(pod);
        Container container = container(pod.getSpec().getInitContainers(), "tollbridge");
        assertThat(container.getRestartPolicy()).as("native").isEqualTo("Always");
        Process sidecar = sidecar(container, "--listen", "127.0.0.1:0");
        assertThat(sidecar.inputReader().readLine()).contains("ready");
        Container archive = container(pod.getSpec().getContainers(), "archive");
        assertThat(done(run(archive, archive.getCommand(), Map.of())))
                .contains("assumed-role/reports/iss_")
                .contains("of-111122223333");
        sidecar.destroy();
        assertThat(sidecar.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(folder.resolve("files")).isEmptyDirectory();
    }

    @Test
    void aNightlyJobGetsItsTokenOnce() throws Exception {
        apply(EXAMPLES.resolve("cronjob/cronjob.yaml"));
        ServedBridge served = bridge("cronjob", "nightly");
        CronJob cronJob =
                client.batch().v1().cronjobs().inNamespace(NAMESPACE).withName("nightly").get();
        PodSpec template = cronJob.getSpec().getJobTemplate().getSpec().getTemplate().getSpec();
        // No controller runs here that would make it.
        Pod pod =
                client.pods()
                        .inNamespace(NAMESPACE)
                        .resource(
                                new PodBuilder()
                                        .withNewMetadata()
                                        .withName("nightly-1")
                                        .endMetadata()
                                        .withSpec(template)
                                        .build())
                        .create();
        token(pod);
        done(sidecar(container(template.getInitContainers(), "tollbridge")));
        HttpServer api =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        List<String> seen = new ArrayList<>();
        api.createContext(
                "/reports",
                exchange -> {
                    String shown =
                            String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
                    var told = served.introspect(shown.replace("Bearer ", ""));
                    boolean allowed =
                            told.path("active").asBoolean()
                                    && told.path("scope").asText().equals("reports:write");
                    seen.add(
                            allowed
                                    + " "
                                    + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                    exchange.sendResponseHeaders(allowed ? 200 : 401, -1);
                    exchange.close();
                });
        api.start();
        try {
            Container nightly = container(template.getContainers(), "nightly");
            done(
                    run(
                            nightly,
                            nightly.getCommand(),
                            Map.of(
                                    "https://api.acme.example",
                                    "http://127.0.0.1:" + api.getAddress().getPort())));
        } finally {
            api.stop(0);
        }
        assertThat(seen).containsExactly("true night=done");
    }

    private String region() {
        return "    region: eu-west-1\n    stsEndpoint: " + aws.url();
    }
}
