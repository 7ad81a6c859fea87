package dev.tollbridge.bridge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.Main;
import dev.tollbridge.bridge.config.TargetSpec.Kubernetes;
import dev.tollbridge.bridge.config.TargetSpec.Kubernetes.BindTo;
import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import dev.tollbridge.bridge.setup.SetupForm;
import dev.tollbridge.bridge.setup.TargetSetups;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.testing.cluster.ClusterFixture;
import dev.tollbridge.testing.cluster.KubectlResult;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Tokens that a real API server makes for the bridge as `serve` runs it, with no more rights than
/// `tollbridge setup kubernetes` prints, used by the real `kubectl`.
@DisplayName("Kubernetes targets, with a real API server and kubectl")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KubernetesTargetTest {

    private static final String NAMESPACE = "minting";
    private static final String VAULT = "https://vault.acme.example";

    private ClusterFixture cluster;
    private KubernetesClient admin;
    private Workloads workloads;
    private Path folder;
    private Path config;
    private ServedBridge bridge;
    private String subjectToken;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        cluster = ClusterFixture.shared();
        admin = cluster.client();
        workloads = new Workloads(cluster, NAMESPACE);
        done(cluster.kubectl("create", "namespace", "bridge-home"));
        done(cluster.kubectl("-n", "bridge-home", "create", "serviceaccount", "bridge"));
        String own = cluster.kubectl("-n", "bridge-home", "create", "token", "bridge").output();
        Path kubeconfig = cluster.kubeconfig("bridge", own.strip());
        for (String target : List.of("plain", "bound", "with-pod", "vault")) {
            apply(rbac(target));
        }
        // What the minted identity itself may do: one thing.
        done(
                cluster.kubectl(
                        "-n",
                        NAMESPACE,
                        "create",
                        "role",
                        "reader",
                        "--verb=get,list",
                        "--resource=configmaps"));
        done(
                cluster.kubectl(
                        "-n",
                        NAMESPACE,
                        "create",
                        "rolebinding",
                        "reader",
                        "--role=reader",
                        "--serviceaccount=" + NAMESPACE + ":" + Workloads.SERVICE_ACCOUNT));
        config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(config.resolve("documents.yaml"), documents(kubeconfig));
        bridge = new ServedBridge(config, folder.resolve("data"));
        subjectToken = workloads.tokenOf(workloads.createPod("job"));
    }

    @AfterAll
    void stop() {
        if (bridge != null) {
            bridge.close();
        }
        if (workloads != null) {
            workloads.close();
        }
        if (admin != null) {
            admin.close();
        }
    }

    private String documents(Path kubeconfig) {
        StringBuilder text = new StringBuilder();
        text.append(
                """
                apiVersion: tollbridge.dev/v1alpha1
                kind: TrustedIssuer
                metadata: {name: cluster}
                spec:
                  preset: kubernetes
                  issuer: %s
                  audience: %s
                  keys: {apiServer: {url: "%s", caFile: "%s", tokenFile: "%s"}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Grant
                metadata: {name: deployer}
                spec:
                  owner: team-payments@acme.example
                  issuer: cluster
                  mayOutliveSubject: true
                  acknowledge: [outlives-subject]
                  match:
                    "/kubernetes.io/namespace": %s
                    "/kubernetes.io/serviceaccount/name": %s
                  allow: [{target: plain}, {target: bound}, {target: with-pod}, {target: vault}]
                """
                        .formatted(
                                ClusterFixture.ISSUER,
                                Workloads.AUDIENCE,
                                cluster.url(),
                                cluster.caFile(),
                                cluster.adminTokenFile(),
                                NAMESPACE,
                                Workloads.SERVICE_ACCOUNT));
        target(text, kubeconfig, "plain", "");
        target(text, kubeconfig, "bound", "bindTo: secret");
        target(text, kubeconfig, "with-pod", "bindTo: pod");
        target(text, kubeconfig, "vault", "audiences: [\"" + VAULT + "\"]");
        return text.toString();
    }

    private static void target(StringBuilder text, Path kubeconfig, String name, String more) {
        text.append(
                """
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: %s}
                spec:
                  owner: team-payments@acme.example
                  maxTtl: 10m
                  kubernetes:
                    kubeconfig: "%s"
                    namespace: %s
                    serviceAccount: %s
                    %s
                """
                        .formatted(name, kubeconfig, NAMESPACE, Workloads.SERVICE_ACCOUNT, more));
    }

    private static String rbac(String name) {
        Target target =
                new Target(
                        name,
                        "team@acme.example",
                        null,
                        Duration.ofMinutes(10),
                        true,
                        SenderConstraint.NONE,
                        new Kubernetes(
                                null,
                                true,
                                NAMESPACE,
                                Workloads.SERVICE_ACCOUNT,
                                List.of(),
                                name.equals("bound") ? BindTo.SECRET : BindTo.NONE),
                        null);
        return TargetSetups.of("kubernetes")
                .orElseThrow()
                .text(SetupForm.YAML, target, "https://tollbridge.acme.example")
                .replace("TOLLBRIDGE_SERVICE_ACCOUNT", "bridge")
                .replace("TOLLBRIDGE_NAMESPACE", "bridge-home");
    }

    private void apply(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve(UUID.randomUUID() + ".yaml"), yaml);
        done(cluster.kubectl("apply", "-f", file.toString()));
    }

    private static void done(KubectlResult result) {
        assertThat(result.succeeded()).as(result.output()).isTrue();
    }

    private JsonNode issued(String target) {
        JsonNode answer = bridge.exchange(subjectToken, target);
        assertThat(answer.path("issuance").asText())
                .as(() -> answer + " " + bridge.receipt(answer.path("receipt").asText()))
                .startsWith("iss_");
        return answer;
    }

    private static String token(JsonNode answer) throws IOException {
        return new ObjectMapper()
                .readTree(answer.path("access_token").asText())
                .path("status")
                .path("token")
                .asText();
    }

    /// Each question is a new one: an API server remembers a "yes" for ten seconds.
    private boolean accepted(String token, String audience) {
        return Boolean.TRUE.equals(
                admin.tokenReviews()
                        .create(
                                new TokenReviewBuilder()
                                        .withNewSpec()
                                        .withToken(token)
                                        .withAudiences(audience, "urn:" + UUID.randomUUID())
                                        .endSpec()
                                        .build())
                        .getStatus()
                        .getAuthenticated());
    }

    private long secrets() {
        return admin.secrets()
                .inNamespace(NAMESPACE)
                .withLabel("app.kubernetes.io/managed-by", "tollbridge")
                .list()
                .getItems()
                .size();
    }

    @Test
    void kubectlGetsItsTokenFromTheExecPluginAndMayDoWhatRbacAllows() throws IOException {
        for (String version : List.of("v1", "v1beta1")) {
            Path kubeconfig = execKubeconfig(version);
            done(cluster.kubectlAs(kubeconfig, "-n", NAMESPACE, "get", "configmaps"));
            KubectlResult refused =
                    cluster.kubectlAs(kubeconfig, "-n", NAMESPACE, "get", "secrets");
            assertThat(refused.succeeded()).isFalse();
            assertThat(refused.output())
                    .contains(
                            "Forbidden",
                            "system:serviceaccount:" + NAMESPACE + ":" + Workloads.SERVICE_ACCOUNT);
        }
    }

    private Path execKubeconfig(String version) throws IOException {
        Path tokenFile = Files.writeString(folder.resolve("subject-token"), subjectToken);
        return Files.writeString(
                folder.resolve("exec-" + version + ".kubeconfig"),
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s", certificate-authority: "%s"}}]
                users:
                  - name: u
                    user:
                      exec:
                        apiVersion: client.authentication.k8s.io/%s
                        interactiveMode: Never
                        command: "%s/bin/java"
                        args: ["-XX:TieredStopAtLevel=1", "-cp", "%s", "%s", exchange, --url, "%s",
                               --target, plain, --token-file, "%s", --format, kube-exec]
                contexts: [{name: c, context: {cluster: c, user: u}}]
                current-context: c
                """
                        .formatted(
                                cluster.url(),
                                cluster.caFile(),
                                version,
                                System.getProperty("java.home"),
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                bridge.url(),
                                tokenFile));
    }

    @Test
    @DisplayName(
            "DESIGN 14 rule 8: revocation deletes the Secret of its issuance, and the token ends")
    void rule8_aTokenBoundToASecretEndsWithIt() throws IOException {
        JsonNode one = issued("bound");
        JsonNode other = issued("bound");
        assertThat(accepted(token(one), ClusterFixture.ISSUER)).isTrue();
        long before = secrets();
        assertThat(bridge.revoke(one.path("revocation_handle").asText())).isEqualTo(200);
        assertThat(accepted(token(one), ClusterFixture.ISSUER)).isFalse();
        assertThat(accepted(token(other), ClusterFixture.ISSUER)).isTrue();
        assertThat(secrets()).isEqualTo(before - 1);
    }

    @Test
    void handleAndOperatorReachTheClusterAfterARestart() throws IOException {
        JsonNode byHandle = issued("bound");
        JsonNode byOperator = issued("bound");
        bridge.close();
        bridge = new ServedBridge(config, folder.resolve("data"));
        assertThat(bridge.revoke(byHandle.path("revocation_handle").asText())).isEqualTo(200);
        assertThat(accepted(token(byHandle), ClusterFixture.ISSUER)).isFalse();
        assertThat(
                        bridge.revokeIssuance(byOperator.path("issuance").asText())
                                .path("provider")
                                .asText())
                .isEqualTo("ended");
        assertThat(accepted(token(byOperator), ClusterFixture.ISSUER)).isFalse();
    }

    @Test
    void whatSomebodyElsePutUnderTheNameStays() throws IOException {
        JsonNode issued = issued("bound");
        String name =
                "tollbridge-"
                        + issued.path("issuance")
                                .asText()
                                .substring(4)
                                .toLowerCase(java.util.Locale.ROOT);
        done(cluster.kubectl("-n", NAMESPACE, "delete", "secret", name));
        done(cluster.kubectl("-n", NAMESPACE, "create", "secret", "generic", name));
        assertThat(bridge.revoke(issued.path("revocation_handle").asText())).isEqualTo(200);
        done(cluster.kubectl("-n", NAMESPACE, "get", "secret", name));
        done(cluster.kubectl("-n", NAMESPACE, "delete", "secret", name));
        assertThat(accepted(token(issued), ClusterFixture.ISSUER)).isFalse();
    }

    @Test
    void aTokenBoundToThePodEndsWithIt() throws IOException {
        Pod pod = workloads.createPod("short-lived");
        JsonNode issued = bridge.exchange(workloads.tokenOf(pod), "with-pod");
        assertThat(issued.path("revocable").asBoolean(true)).as(issued.toString()).isFalse();
        assertThat(accepted(token(issued), ClusterFixture.ISSUER)).isTrue();
        workloads.deletePod("short-lived");
        assertThat(accepted(token(issued), ClusterFixture.ISSUER)).isFalse();
    }

    @Test
    void aPodThatIsGoneHasNothingToBindTo() {
        String token = workloads.tokenOf(workloads.createPod("gone"));
        workloads.deletePod("gone");
        JsonNode answer = bridge.exchange(token, "with-pod");
        assertThat(answer.path("reason").asText()).isEqualTo("target_refused");
        assertThat(bridge.receipt(answer.path("receipt").asText()).path("detail").asText())
                .contains("there is no pods \"gone\"");
    }

    @Test
    void aTokenForSomebodyElseIsNoTokenForTheApiServer() {
        JsonNode issued = issued("vault");
        assertThat(issued.path("token_type").asText()).isEqualTo("Bearer");
        String token = issued.path("access_token").asText();
        assertThat(accepted(token, VAULT)).isTrue();
        assertThat(accepted(token, ClusterFixture.ISSUER)).isFalse();
        // It cannot be shown to the bridge in turn.
        assertThat(bridge.exchange(token, "plain").path("reason").asText())
                .isEqualTo("audience_mismatch");
    }

    @Test
    void oneVerbLessAndTheReceiptSaysWhich() throws IOException {
        String all = rbac("bound");
        try {
            apply(all.replace("verbs: [create]\n", "verbs: []\n".replace("[]", "[get]")));
            // The other targets' roles give the same right.
            for (String name : List.of("plain", "with-pod", "vault")) {
                done(cluster.kubectl("-n", NAMESPACE, "delete", "role", "tollbridge-" + name));
            }
            refused("create serviceaccounts/token of " + NAMESPACE + "/deployer");
            apply(all.replace("verbs: [create, delete]", "verbs: [delete]"));
            refused("create secrets in " + NAMESPACE);
            apply(all.replace("verbs: [create, delete]", "verbs: [create]"));
            JsonNode issued = issued("bound");
            assertThat(bridge.revoke(issued.path("revocation_handle").asText())).isEqualTo(503);
            apply(all);
            assertThat(bridge.revoke(issued.path("revocation_handle").asText())).isEqualTo(200);
        } finally {
            for (String name : List.of("plain", "bound", "with-pod", "vault")) {
                apply(rbac(name));
            }
        }
    }

    private void refused(String detail) {
        JsonNode answer = bridge.exchange(subjectToken, "bound");
        assertThat(answer.path("reason").asText())
                .as(answer.toString())
                .isEqualTo("target_refused");
        assertThat(bridge.receipt(answer.path("receipt").asText()).path("detail").asText())
                .contains("RBAC does not let the bridge " + detail);
    }
}
