package dev.tollbridge.bridge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.config.TargetSpec.Kubernetes;
import dev.tollbridge.bridge.config.TargetSpec.Kubernetes.BindTo;
import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.setup.SetupForm;
import dev.tollbridge.bridge.setup.TargetSetups;
import dev.tollbridge.bridge.signing.CryptoProvider;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.testing.GitHubJobs;
import dev.tollbridge.bridge.testing.LeakCheck;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.aws.AwsEmulator;
import dev.tollbridge.bridge.testing.aws.AwsEmulator.Role;
import dev.tollbridge.testing.cluster.ClusterFixture;
import dev.tollbridge.testing.cluster.KubectlResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A GitHub job that deploys: keys of AWS, a token of a real API server and a token for an API of
/// the company's own, in one call. The bridge has one kubeconfig per cluster, each with rights of
/// its own.
@DisplayName("POST /credentials: AWS, Kubernetes and JWT from one GitHub token")
final class SeveralKindsTest {

    private static final String ROLE = "arn:aws:iam::111122223333:role/deploy";
    private static final List<String> TARGETS =
            List.of("aws-deploy", "staging", "production", "internal-api");

    private final GitHubJobs github = new GitHubJobs();
    private final ClusterFixture cluster = ClusterFixture.shared();
    private final String namespace = "kinds-" + UUID.randomUUID().toString().substring(0, 8);
    private AwsEmulator aws;
    private ServedBridge bridge;
    @TempDir private Path folder;

    @BeforeEach
    void start() throws Exception {
        CryptoProvider.install();
        aws = new AwsEmulator();
        done("create", "namespace", namespace);
        done("-n", namespace, "create", "serviceaccount", "deployer");
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(
                config.resolve("documents.yaml"),
                documents(kubeconfig("staging"), kubeconfig("production")));
        bridge =
                new ServedBridge(
                        ServeSettings.local(config, folder.resolve("data"))
                                .withEndpoints(AllowedEndpoints.of(List.of(aws.url()), null)));
        aws.trust(bridge.url() + "/federation").with(Role.trusting(ROLE, "target:aws:aws-deploy"));
    }

    @AfterEach
    void stop() {
        bridge.close();
        aws.close();
        cluster.kubectl("delete", "namespace", namespace, "--wait=false");
    }

    /// The bridge's own way into that cluster, without any right yet.
    private Path kubeconfig(String name) throws IOException {
        done("-n", namespace, "create", "serviceaccount", "bridge-" + name);
        String own = cluster.kubectl("-n", namespace, "create", "token", "bridge-" + name).output();
        return cluster.kubeconfig(namespace + "-" + name, own.strip());
    }

    private void allow(String target) throws IOException {
        String rbac =
                TargetSetups.of("kubernetes")
                        .orElseThrow()
                        .text(SetupForm.YAML, target(target), "https://tollbridge.acme.example")
                        .replace("TOLLBRIDGE_SERVICE_ACCOUNT", "bridge-" + target)
                        .replace("TOLLBRIDGE_NAMESPACE", namespace);
        Path file = Files.writeString(folder.resolve(target + "-rbac.yaml"), rbac);
        done("apply", "-f", file.toString());
    }

    private Target target(String name) {
        return new Target(
                name,
                "team@acme.example",
                null,
                Duration.ofMinutes(10),
                true,
                SenderConstraint.NONE,
                new Kubernetes(null, true, namespace, "deployer", List.of(), BindTo.NONE),
                null);
    }

    private void done(String... command) {
        KubectlResult result = cluster.kubectl(command);
        assertThat(result.succeeded()).as(result.output()).isTrue();
    }

    private String documents(Path staging, Path production) {
        return github.trusted()
                + """
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: aws-deploy}
                spec:
                  owner: team-payments@acme.example
                  aws: {roleArn: "%1$s", region: eu-west-1, stsEndpoint: "%2$s",
                        sessionTags: {repo: "{{repository}}"}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: staging}
                spec:
                  owner: team-payments@acme.example
                  kubernetes: {kubeconfig: "%3$s", namespace: %5$s, serviceAccount: deployer}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: production}
                spec:
                  owner: team-payments@acme.example
                  kubernetes: {kubeconfig: "%4$s", namespace: %5$s, serviceAccount: deployer}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: internal-api}
                spec:
                  owner: team-payments@acme.example
                  jwt: {audience: "https://api.acme.example", scopes: [deploy:write]}
                """
                        .formatted(ROLE, aws.url(), staging, production, namespace)
                + GitHubJobs.grant(
                        "{target: aws-deploy, ttl: 15m}",
                        "{target: staging, ttl: 10m}",
                        "{target: production, ttl: 10m}",
                        "{target: internal-api, scopes: [deploy:write], ttl: 10m}");
    }

    private String token() {
        return github.token();
    }

    private static JsonNode inner(JsonNode result) throws IOException {
        return new ObjectMapper().readTree(result.path("access_token").asText());
    }

    /// The clusters' own answer to who that is.
    private String whoIs(JsonNode execCredential) throws IOException {
        String token = execCredential.path("status").path("token").asText();
        KubectlResult answer =
                cluster.kubectlAs(
                        cluster.kubeconfig(namespace + "-minted", token),
                        "auth",
                        "whoami",
                        "-o",
                        "jsonpath={.status.userInfo.username}");
        assertThat(answer.succeeded()).as(answer.output()).isTrue();
        return answer.output().strip();
    }

    @Test
    void everyKindIsAnsweredInItsOwnFormAndNothingIsWrittenDown() throws Exception {
        allow("staging");
        allow("production");
        try (LeakCheck leaks = new LeakCheck()) {
            String subject = token();
            JsonNode results = bridge.credentials(subject, TARGETS).path("results");
            assertThat(results).hasSize(4);
            JsonNode keys = inner(results.path(0));
            assertThat(keys.path("SecretAccessKey").asText())
                    .as(results.toString())
                    .isEqualTo(aws.sessions().getFirst().secretKey());
            for (int cluster : List.of(1, 2)) {
                JsonNode exec = inner(results.path(cluster));
                assertThat(exec.path("kind").asText()).isEqualTo("ExecCredential");
                assertThat(whoIs(exec))
                        .isEqualTo("system:serviceaccount:" + namespace + ":deployer");
                leaks.secret(
                        "token of cluster " + cluster, exec.path("status").path("token").asText());
            }
            String jwt = results.path(3).path("access_token").asText();
            assertThat(bridge.introspect(jwt).path("active").asBoolean()).isTrue();
            // One use of the token, however many credentials it gave.
            assertThat(bridge.exchange(subject, "internal-api").path("reason").asText())
                    .isEqualTo("token_replayed");
            leaks.token("subject token", subject);
            leaks.token("jwt", jwt);
            leaks.secret("secret key", keys.path("SecretAccessKey").asText());
            leaks.sink("metrics", bridge.metrics());
            leaks.files(folder.resolve("data"));
            leaks.assertNothingLeaked();
        }
    }

    @Test
    void aClusterThatGivesTheBridgeNoRightSpoilsNoOther() throws Exception {
        allow("staging");
        JsonNode results = bridge.credentials(token(), TARGETS).path("results");
        assertThat(results.path(0).has("access_token")).as(results.toString()).isTrue();
        assertThat(results.path(1).has("access_token")).isTrue();
        assertThat(results.path(2).path("reason").asText()).isEqualTo("target_refused");
        assertThat(bridge.receipt(results.path(2).path("receipt").asText()).path("detail").asText())
                .contains("RBAC does not let the bridge");
        assertThat(results.path(3).has("access_token")).isTrue();
    }

    @Test
    void anStsThatIsDownSpoilsNoOther() throws Exception {
        allow("staging");
        allow("production");
        aws.failing(500);
        JsonNode results = bridge.credentials(token(), TARGETS).path("results");
        assertThat(results.path(0).path("reason").asText()).isEqualTo("target_unavailable");
        for (int other : List.of(1, 2, 3)) {
            assertThat(results.path(other).has("access_token")).as(results.toString()).isTrue();
        }
    }

    @Test
    void noTargetIsAskedForBeforeTheTokenIsBelieved() throws Exception {
        allow("staging");
        allow("production");
        // A real signature, of another token.
        String[] parts = token().split("\\.", -1);
        String forged = parts[0] + "." + parts[1] + token().substring(token().lastIndexOf('.'));
        JsonNode answer = bridge.credentials(forged, TARGETS);
        assertThat(answer.toString()).contains("signature_invalid").doesNotContain("access_token");
        assertThat(aws.tokens()).isEmpty();
    }
}
