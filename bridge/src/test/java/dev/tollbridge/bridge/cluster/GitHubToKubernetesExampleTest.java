package dev.tollbridge.bridge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.ci.Act;
import dev.tollbridge.bridge.ci.GitHubWorld;
import dev.tollbridge.bridge.testing.ExamplePolicy;
import dev.tollbridge.bridge.testing.PipelineEngine;
import dev.tollbridge.bridge.testing.Tools;
import dev.tollbridge.testing.cluster.ClusterFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `examples/first-grant/github-to-kubernetes` as it is: the workflow in an engine, the real
/// `kubectl`, and a real API server that makes the job's token.
@DisplayName("kubectl in a GitHub job")
class GitHubToKubernetesExampleTest {

    private static final Path EXAMPLE =
            Path.of("..", "examples", "first-grant", "github-to-kubernetes")
                    .toAbsolutePath()
                    .normalize();

    /// The example's is that of other tests of this cluster too.
    private static final String NAMESPACE = "github-payments";

    @TempDir private Path folder;
    private final ClusterFixture cluster = ClusterFixture.shared();

    private static String text(String file) throws Exception {
        String text = Files.readString(EXAMPLE.resolve(file));
        assertThat(text).isNotBlank();
        return text.replace("namespace: payments", "namespace: " + NAMESPACE);
    }

    @Test
    void appliesAsTheServiceAccountAndEndsWithTheJob() throws Exception {
        Tools.present("kubectl", "https://kubernetes.io/docs/tasks/tools/");
        BridgesOwn own = new BridgesOwn(cluster, "github-bridge");
        own.kubectl("create", "namespace", NAMESPACE);
        Path account = Files.writeString(folder.resolve("cluster.yaml"), text("cluster.yaml"));
        own.kubectl("apply", "--validate=strict", "-f", account.toString());
        List<String> keys = ExamplePolicy.keys(GitHubWorld.AUDIENCE, GitHubWorld.jwks());
        Path config =
                ExamplePolicy.copy(
                        EXAMPLE,
                        folder.resolve("config"),
                        keys.get(0),
                        keys.get(1),
                        "namespace: payments",
                        "namespace: " + NAMESPACE,
                        "kubeconfig: prod.kubeconfig",
                        "kubeconfig: " + own.kubeconfig());
        own.mayMint(config, "prod-payments");

        try (GitHubWorld world = new GitHubWorld(folder, config, List.of())) {
            Act act = new Act(Files.createDirectories(folder.resolve("act")));
            act.workflow(text("deploy.yml"));
            Path repository = act.repository();
            Files.writeString(
                    repository.resolve("cluster.kubeconfig"),
                    text("cluster.kubeconfig")
                            .replace("https://10.0.0.1:6443", cluster.url())
                            .replace("cluster-ca.crt", cluster.caFile().toString()));
            Files.writeString(
                    Files.createDirectories(repository.resolve("manifests")).resolve("config.yaml"),
                    """
                    apiVersion: v1
                    kind: ConfigMap
                    metadata: {name: release, namespace: %s}
                    data: {version: "1"}
                    """
                            .formatted(NAMESPACE));
            PipelineEngine.Ran ran =
                    act.push(
                            List.of(),
                            world.allowed(),
                            Map.of("TOLLBRIDGE_URL", world.bridge.url()),
                            null);
            assertThat(ran.exit()).as(ran.log()).isZero();
            assertThat(ran.log()).contains("configmap/release").contains("revoked 1 of 1");
            assertThat(ran.log()).doesNotContain("eyJ").doesNotContain("cannot be ended");
            assertThat(own.kubectl("-n", NAMESPACE, "get", "secrets", "-o", "name"))
                    .as("the Secret that the token was bound to is gone")
                    .isBlank();
        }
    }
}
