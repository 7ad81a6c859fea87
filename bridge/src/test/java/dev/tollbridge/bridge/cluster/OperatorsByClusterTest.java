package dev.tollbridge.bridge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.config.TrustedIssuerSpec.TokenReviewSource;
import dev.tollbridge.bridge.operator.Operation;
import dev.tollbridge.bridge.operator.Operation.Resource;
import dev.tollbridge.bridge.operator.OperatorVerdict;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.testing.LeakCheck;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.Tokens;
import dev.tollbridge.testing.cluster.ClusterFixture;
import dev.tollbridge.testing.cluster.KubectlResult;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Operators whom a real API server knows, with the roles of `examples/operators/rbac.yaml`.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OperatorsByClusterTest {

    private static final String NAMESPACE = "operating";
    private static final String EXTERNAL = "https://bridge.acme.example";
    private static final String AUDIENCE = EXTERNAL + "/operators";
    private static final String ISSUER = "https://ci.acme.example";
    private static final Operation LIST = Operation.list(Resource.ISSUANCES);

    private final TestIssuer ci = new TestIssuer().with("key-1", "ES256", "cli");
    private final AtomicLong nanos = new AtomicLong();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private ClusterFixture cluster;
    private KubernetesClient client;
    private ServedBridge bridge;
    private Path folder;
    private LeakCheck leaks;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        cluster = ClusterFixture.shared();
        client = cluster.client();
        kubectl("create", "namespace", NAMESPACE);
        Path roles = Path.of("..", "examples", "operators", "rbac.yaml");
        kubectl("apply", "-f", roles.toString());
        account("bridge", "tollbridge-bridge");
        account("viewer", "tollbridge-viewer");
        account("oncall", "tollbridge-operator");
        account("api", "tollbridge-introspector");
        account("stranger", null);
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(config.resolve("documents.yaml"), documents());
        // What asks is the bridge's own service account, with the two permissions it needs.
        Path kubeconfig = cluster.kubeconfig("bridge", token("bridge", ClusterFixture.ISSUER));
        leaks = new LeakCheck();
        bridge = new ServedBridge(settings("data", kubeconfig));
    }

    private ServeSettings settings(String data, Path kubeconfig) {
        return ServeSettings.local(folder.resolve("config"), folder.resolve(data))
                .withExternalUrl(EXTERNAL)
                .withOperators(new TokenReviewSource(kubeconfig.toString(), false));
    }

    /// Here, because at the end of all tests everything that was played with is known.
    @AfterAll
    void stopAndFindNoTokenAnywhere() {
        threads.close();
        if (client != null) {
            client.close();
        }
        if (bridge != null) {
            leaks.sink("metrics", bridge.metrics());
            bridge.close();
            leaks.files(folder.resolve("data"));
            leaks.close();
            leaks.assertNothingLeaked();
        }
    }

    @Test
    @DisplayName("DESIGN 14 rule 7: a Kubernetes identity may do what RBAC says, and nothing else")
    void rule7_rbacAllowsOneAndRefusesAnother() {
        String viewer = operatorToken("viewer");
        for (String resource : List.of("issuances", "issuers", "grants", "targets", "keys")) {
            assertThat(get(resource, viewer).statusCode()).as(resource).isEqualTo(200);
        }
        String issuance = issued();
        assertThat(get("issuances/" + issuance, viewer).statusCode()).isEqualTo(200);

        HttpResponse<String> revoke = post("issuances/" + issuance + "/revoke", viewer);
        assertThat(revoke.statusCode()).isEqualTo(403);
        assertThat(revoke.body()).contains("may not revoke issuances.tollbridge.dev");
        assertThat(revoke.headers().firstValue("www-authenticate"))
                .hasValueSatisfying(value -> assertThat(value).contains("insufficient_scope"));
        assertThat(introspect("x", viewer).statusCode()).isEqualTo(403);

        String stranger = operatorToken("stranger");
        assertThat(get("issuances", stranger).statusCode()).isEqualTo(403);
        assertThat(get("receipts/rct_1", stranger).statusCode()).isEqualTo(403);
        assertThat(explain(stranger).statusCode()).isEqualTo(403);
        assertThat(get("issuances/" + issuance, bridge.adminToken()).body())
                .contains("\"status\":\"issued\"");
    }

    @Test
    void whoRevokedIsInTheRecordByNameAndNotByToken() throws IOException {
        String issuance = issued();
        String oncall = operatorToken("oncall");

        assertThat(post("issuances/" + issuance + "/revoke", oncall).statusCode()).isEqualTo(200);

        String record = record();
        assertThat(record.lines().filter(line -> line.contains("\"kind\":\"revoked\"")))
                .anyMatch(line ->
                        line.contains(issuance)
                                && line.contains(
                                        "by kubernetes:system:serviceaccount:operating:oncall"));
        assertThat(record).doesNotContain(oncall);
    }

    @Test
    void introspectionAndExplainAreResourcesOfTheirOwn() {
        String token = exchange().path("access_token").asText();
        leaks.token("minted", token);
        String api = operatorToken("api");

        assertThat(introspect(token, api).body()).contains("\"active\":true");
        assertThat(get("issuances", api).statusCode()).isEqualTo(403);
        assertThat(explain(api).statusCode()).isEqualTo(403);
        assertThat(explain(operatorToken("oncall")).statusCode()).isEqualTo(200);
    }

    @Test
    void whatIsNoOperatorsTokenIsTurnedAway() {
        String garbage = "Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0";
        leaks.secret("garbage", garbage);
        assertTurnedAway(garbage);
        assertTurnedAway("not.a.jwt");
        assertTurnedAway("x".repeat(5_000));
        // For the exchange, or for the API server: not for operators.
        assertTurnedAway(token("viewer", EXTERNAL));
        assertTurnedAway(token("viewer", ClusterFixture.ISSUER));
        String forged = operatorToken("viewer");
        assertTurnedAway(forged.substring(0, forged.lastIndexOf('.') + 1) + "AAAA");

        account("leaver", "tollbridge-operator");
        String leaver = operatorToken("leaver");
        kubectl("delete", "serviceaccount", "leaver", "-n", NAMESPACE);
        assertTurnedAway(leaver);
    }

    @Test
    @DisplayName("DESIGN 14 rule 7: a credential that the bridge minted is never an operator's")
    void rule7_whatTheBridgeMintedIsRefusedBeforeAnybodyIsAsked() {
        String minted = exchange().path("access_token").asText();
        leaks.token("minted for nobody", minted);
        assertTurnedAway(minted);

        // A client whose every question would fail: the refusals below asked none.
        ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
        try (KubernetesClient nobody = clientOfNobody()) {
            KubernetesOperators operators =
                    new KubernetesOperators(
                            nobody,
                            EXTERNAL,
                            nanos::get,
                            task -> {
                                asked.add("asked");
                                threads.execute(task);
                            });
            for (String issuer :
                    List.of(
                            EXTERNAL,
                            EXTERNAL + "/",
                            EXTERNAL.replace("bridge", "BRIDGE"),
                            EXTERNAL + "/federation")) {
                String own = ci.sign(Tokens.plain(issuer, AUDIENCE, Instant.now()), "key-1");
                assertThat(operators.judge(Secret.of(own), LIST))
                        .isEqualTo(new OperatorVerdict.Nobody());
            }
            assertThat(operators.judge(Secret.of("rvk_01J"), LIST))
                    .isEqualTo(new OperatorVerdict.Nobody());
            assertThat(asked).isEmpty();

            String other = ci.sign(Tokens.plain(ISSUER, AUDIENCE, Instant.now()), "key-1");
            assertThat(operators.judge(Secret.of(other), LIST))
                    .isInstanceOf(OperatorVerdict.Unavailable.class);
            assertThat(asked).isNotEmpty();
        }
    }

    @Test
    void anApiServerThatIsAwayStopsItsOwnUsersOnly() {
        String viewer = operatorToken("viewer");
        Path dead =
                write(
                        "dead.kubeconfig",
                        read(cluster.kubeconfig())
                                .replace(cluster.url(), "https://127.0.0.1:" + freePort()));
        try (ServedBridge alone = new ServedBridge(settings("alone", dead))) {
            HttpResponse<String> answer =
                    alone.ask("GET", alone.managementUrl() + "/admin/v1/issuances", viewer, null);
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("retry-after")).contains("5");
            assertThat(answer.body()).contains("temporarily_unavailable");
            assertThat(
                            alone.ask("POST", alone.url() + "/introspect", viewer, "token=x")
                                    .statusCode())
                    .isEqualTo(503);

            assertThat(
                            alone.ask(
                                            "GET",
                                            alone.managementUrl() + "/admin/v1/issuances",
                                            alone.adminToken(),
                                            null)
                                    .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void answersAreRememberedForSecondsTheNegativeOnesToo() {
        KubernetesOperators operators =
                new KubernetesOperators(client, EXTERNAL, nanos::get, threads);
        account("fired", null);
        Secret fired = Secret.of(operatorToken("fired"));
        String name = "kubernetes:system:serviceaccount:operating:fired";
        assertThat(operators.judge(fired, LIST)).isEqualTo(new OperatorVerdict.NotAllowed(name));

        bind("fired", "tollbridge-viewer");
        assertThat(operators.judge(fired, LIST)).isEqualTo(new OperatorVerdict.NotAllowed(name));
        later();
        assertThat(operators.judge(fired, LIST)).isEqualTo(new OperatorVerdict.Admitted(name));

        kubectl("delete", "serviceaccount", "fired", "-n", NAMESPACE);
        assertThat(operators.judge(fired, LIST)).isEqualTo(new OperatorVerdict.Admitted(name));
        later();
        assertThat(operators.judge(fired, LIST)).isEqualTo(new OperatorVerdict.Nobody());
    }

    @Test
    void aUserIsAnOperatorWhereTheApiServerSpeaksForTheBridgesAudience() {
        // A static token, as an example of users that are no service accounts: the API server takes
        // them for its own audiences.
        KubernetesOperators operators =
                new KubernetesOperators(
                        client, EXTERNAL, ClusterFixture.ISSUER, nanos::get, threads);
        assertThat(operators.judge(Secret.of(read(cluster.adminTokenFile())), LIST))
                .isEqualTo(new OperatorVerdict.Admitted("kubernetes:admin"));

        assertThat(
                        new KubernetesOperators(client, EXTERNAL, nanos::get, threads)
                                .judge(Secret.of(read(cluster.adminTokenFile())), LIST))
                .isEqualTo(new OperatorVerdict.Nobody());
    }

    private void later() {
        nanos.addAndGet(KubernetesOperators.REMEMBERED.plus(Duration.ofSeconds(1)).toNanos());
    }

    private void assertTurnedAway(String bearer) {
        HttpResponse<String> answer = get("issuances", bearer);
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("www-authenticate")).isPresent();
        assertThat(introspect("x", bearer).statusCode()).isEqualTo(401);
    }

    private HttpResponse<String> get(String path, String bearer) {
        return bridge.ask("GET", bridge.managementUrl() + "/admin/v1/" + path, bearer, null);
    }

    private HttpResponse<String> post(String path, String bearer) {
        return bridge.ask("POST", bridge.managementUrl() + "/admin/v1/" + path, bearer, null);
    }

    private HttpResponse<String> introspect(String token, String bearer) {
        return bridge.ask("POST", bridge.url() + "/introspect", bearer, "token=" + token);
    }

    private HttpResponse<String> explain(String bearer) {
        return bridge.ask(
                "POST",
                bridge.url() + "/explain",
                bearer,
                "grant_type=urn:ietf:params:oauth:grant-type:token-exchange"
                        + "&subject_token_type=urn:ietf:params:oauth:token-type:jwt"
                        + "&audience=internal-api&subject_token="
                        + subjectToken());
    }

    private String subjectToken() {
        return ci.sign(
                Tokens.plain(ISSUER, EXTERNAL, Instant.now())
                        .claim("jti", UUID.randomUUID().toString()),
                "key-1");
    }

    private com.fasterxml.jackson.databind.JsonNode exchange() {
        return bridge.exchange(subjectToken(), "internal-api");
    }

    private String issued() {
        String issuance = exchange().path("issuance").asText();
        assertThat(issuance).startsWith("iss_");
        return issuance;
    }

    private void account(String name, @org.jspecify.annotations.Nullable String role) {
        kubectl("create", "serviceaccount", name, "-n", NAMESPACE);
        if (role != null) {
            bind(name, role);
        }
    }

    private void bind(String name, String role) {
        kubectl(
                "create",
                "clusterrolebinding",
                "operating-" + name,
                "--clusterrole=" + role,
                "--serviceaccount=" + NAMESPACE + ":" + name);
    }

    private String operatorToken(String account) {
        String token = token(account, AUDIENCE);
        leaks.token(account + "'s token " + UUID.randomUUID(), token);
        return token;
    }

    /// As people make one.
    private String token(String account, String audience) {
        return kubectl("create", "token", account, "-n", NAMESPACE, "--audience", audience).strip();
    }

    private String kubectl(String... arguments) {
        KubectlResult result = cluster.kubectl(arguments);
        assertThat(result.succeeded()).as(result.output()).isTrue();
        return result.output();
    }

    private String record() throws IOException {
        StringBuilder text = new StringBuilder();
        try (var files = Files.list(folder.resolve("data/audit"))) {
            files.filter(file -> file.toString().endsWith(".jsonl"))
                    .forEach(file -> text.append(read(file)));
        }
        return text.toString();
    }

    private static KubernetesClient clientOfNobody() {
        return new KubernetesClientBuilder()
                .withConfig(
                        new ConfigBuilder()
                                .withAutoConfigure(false)
                                .withMasterUrl("https://127.0.0.1:" + freePort())
                                .withRequestRetryBackoffLimit(0)
                                .build())
                .build();
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String documents() {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: TrustedIssuer
        metadata: {name: ci}
        spec:
          issuer: %s
          audience: %s
          algorithms: [ES256]
          keys: {inline: %s}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: internal-api}
        spec:
          owner: team@acme.example
          jwt: {audience: "https://api.acme.example"}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Grant
        metadata: {name: job}
        spec:
          owner: team@acme.example
          issuer: ci
          match: {sub: job-42}
          allow:
            - {target: internal-api, ttl: 10m}
        """
                .formatted(ISSUER, EXTERNAL, ci.jwks());
    }
}
