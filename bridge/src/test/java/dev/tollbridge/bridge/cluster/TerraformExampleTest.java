package dev.tollbridge.bridge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.testing.ExamplePolicy;
import dev.tollbridge.bridge.testing.GitLabCiLocal;
import dev.tollbridge.bridge.testing.PipelineEngine;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.Tokens;
import dev.tollbridge.bridge.testing.Tools;
import dev.tollbridge.testing.cluster.ClusterFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `examples/terraform-in-ci` as it is: the pipeline in an engine, the real `terraform`, and a real
/// API server that holds state and lock.
@DisplayName("Terraform in a GitLab job")
class TerraformExampleTest {

    private static final Path EXAMPLE =
            Path.of("..", "examples", "terraform-in-ci").toAbsolutePath().normalize();
    private static final String AUDIENCE = "https://tollbridge.acme.example";

    @TempDir private Path folder;
    private final ClusterFixture cluster = ClusterFixture.shared();

    @Test
    void appliesAndLeavesNothingButItsState() throws Exception {
        Tools.present("terraform", "https://developer.hashicorp.com/terraform/install");
        BridgesOwn bridges = new BridgesOwn(cluster, "terraform-bridge");
        bridges.kubectl("create", "namespace", "terraform");
        bridges.kubectl(
                "apply", "--validate=strict", "-f", EXAMPLE.resolve("cluster.yaml").toString());
        Path own = bridges.kubeconfig();
        TestIssuer gitlab = TestIssuer.rsa();
        List<String> keys = ExamplePolicy.keys(AUDIENCE, gitlab.jwks());
        Path config =
                ExamplePolicy.copy(
                        EXAMPLE,
                        folder.resolve("config"),
                        keys.get(0),
                        keys.get(1),
                        "kubeconfig: prod.kubeconfig",
                        "kubeconfig: " + own);
        bridges.mayMint(config, "terraform-state");

        try (ServedBridge bridge = new ServedBridge(config, folder.resolve("data"))) {
            GitLabCiLocal gitLab =
                    new GitLabCiLocal(
                            Files.createDirectories(folder.resolve("job")),
                            List.of(),
                            text("pipeline.yml")
                                    .replace(
                                            "component: $CI_SERVER_FQDN/acme/tollbridge/credentials@0.1.0",
                                            "local: templates/credentials.yml")
                                    .replace("url: " + AUDIENCE, "url: " + bridge.url()),
                            Map.of(
                                    "main.tf",
                                    text("main.tf"),
                                    "cluster.kubeconfig",
                                    text("cluster.kubeconfig")
                                            .replace("https://10.0.0.1:6443", cluster.url())
                                            .replace(
                                                    "cluster-ca.crt",
                                                    cluster.caFile().toString())));
            String token =
                    gitlab.sign(
                            Tokens.gitlab(AUDIENCE, Instant.now())
                                    .claim("jti", UUID.randomUUID().toString()),
                            "key-1");
            PipelineEngine.Ran ran =
                    gitLab.run(
                            Map.of("TOLLBRIDGE_ID_TOKEN", token, "CHECKPOINT_DISABLE", "1"),
                            "apply");
            assertThat(ran.exit()).as(ran.log()).isZero();
            assertThat(ran.log())
                    .contains("Apply complete! Resources: 1 added")
                    .contains("terraform-state: revoked");
            assertThat(gitLab.parent()).isEmptyDirectory();
            assertThat(bridges.kubectl("-n", "terraform", "get", "secrets", "-o", "name").strip())
                    .as("the Secret that the token was bound to is gone")
                    .isEqualTo("secret/tfstate-default-payments");
        }
    }

    private static String text(String file) throws Exception {
        return Files.readString(EXAMPLE.resolve(file));
    }
}
