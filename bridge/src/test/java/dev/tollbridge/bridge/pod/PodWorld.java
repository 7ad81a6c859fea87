package dev.tollbridge.bridge.pod;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.http.ListenerSettings;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.testing.HttpsIssuerServer;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.Tokens;
import dev.tollbridge.bridge.testing.aws.AwsEmulator;
import dev.tollbridge.bridge.testing.aws.AwsEmulator.Role;
import dev.tollbridge.bridge.tls.ThrowawayCa;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// What a pod with three targets lives in, all by one clock that the test moves: the real bridge,
/// AWS, an API server as far as tokens go, and an API that asks the bridge about what it is shown.
final class PodWorld implements AutoCloseable {

    static final List<String> TARGETS = List.of("deploy", "cluster-prod", "api");

    private static final String AUDIENCE = "https://tollbridge.acme.example";
    private static final String ISSUER = "https://cluster.acme.example";
    private static final String ROLE = "arn:aws:iam::111122223333:role/reports";
    private static final String TOKENS =
            "/api/v1/namespaces/payments/serviceaccounts/deployer/token";
    private static final Duration TOKEN_LIFE = Duration.ofMinutes(10);

    private volatile Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    final InstantSource clock = () -> now;
    final AwsEmulator aws;
    final HttpsIssuerServer cluster;
    final Path authority;
    final Path tokenFile;

    /// Everything secret that was ever given to anybody here.
    final List<String> secrets = new CopyOnWriteArrayList<>();

    private final TestIssuer issuer = TestIssuer.rsa();
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer api;
    private final Path folder;
    private final Map<String, Instant> clusterTokens = new ConcurrentHashMap<>();
    private int port;
    private @Nullable ServedBridge bridge;

    PodWorld(Path folder) throws IOException {
        this.folder = folder;
        tokenFile = Files.createDirectories(folder.resolve("mounted")).resolve("token");
        aws = new AwsEmulator().by(clock);
        ThrowawayCa ca = ThrowawayCa.create(InstantSource.system());
        authority = Files.writeString(folder.resolve("cluster-ca.pem"), ca.certificatePem());
        cluster = HttpsIssuerServer.start(vertx, ca);
        cluster.on(TOKENS, this::clusterToken).on("/version", this::version);
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.createContext(
                "/",
                exchange -> {
                    String shown =
                            String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"))
                                    .replace("Bearer ", "");
                    exchange.sendResponseHeaders(active(shown) ? 204 : 401, -1);
                    exchange.close();
                });
        api.start();
        rotate();
        write();
        start();
        aws.trust(url() + "/federation").with(Role.trusting(ROLE, "target:aws:deploy"));
    }

    private void write() throws IOException {
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(
                config.resolve("cluster.kubeconfig"),
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s", certificate-authority: "%s"}}]
                users: [{name: u, user: {token: bridges-own}}]
                contexts: [{name: c, context: {cluster: c, user: u}}]
                current-context: c
                """
                        .formatted(cluster.url(), authority));
        Files.writeString(
                config.resolve("all.yaml"),
                """
                apiVersion: tollbridge.dev/v1alpha1
                kind: TrustedIssuer
                metadata: {name: cluster}
                spec: {preset: kubernetes, issuer: "%s", audience: "%s", keys: {inline: %s}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: deploy}
                spec: {owner: team@acme.example, aws: {roleArn: "%s", region: eu-west-1, stsEndpoint: "%s"}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: cluster-prod}
                spec:
                  owner: team@acme.example
                  kubernetes: {kubeconfig: cluster.kubeconfig, namespace: payments, serviceAccount: deployer}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: api}
                spec: {owner: team@acme.example, jwt: {audience: "https://api.acme.example"}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Grant
                metadata: {name: pods}
                spec:
                  owner: team@acme.example
                  issuer: cluster
                  match:
                    "/kubernetes.io/namespace": payments
                    "/kubernetes.io/serviceaccount/name": deployer
                    "/kubernetes.io/serviceaccount/uid": sa-uid
                  allow: [{target: deploy, ttl: 15m}, {target: cluster-prod, ttl: 10m}, {target: api, ttl: 10m}]
                """
                        .formatted(ISSUER, AUDIENCE, issuer.jwks(), ROLE, aws.url()));
    }

    /// The bridge is there (again), with what it had written.
    void start() {
        ServeSettings local = ServeSettings.local(folder.resolve("config"), folder.resolve("data"));
        bridge =
                new ServedBridge(
                        new ServeSettings(
                                local.config(),
                                local.data(),
                                ListenerSettings.local(port),
                                local.management(),
                                local.externalUrl(),
                                AllowedEndpoints.of(List.of(aws.url()), null),
                                local.limits(),
                                local.explainForCallers(),
                                local.requireDpopNonce(),
                                local.operators(),
                                local.audit()),
                        clock);
        port = URI.create(bridge.url()).getPort();
    }

    void stop() {
        bridge().close();
        bridge = null;
    }

    ServedBridge bridge() {
        if (bridge == null) {
            throw new IllegalStateException("there is no bridge now");
        }
        return bridge;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    String apiUrl() {
        return "http://127.0.0.1:" + api.getAddress().getPort() + "/";
    }

    void later(Duration by) {
        now = now.plus(by);
    }

    /// Of what the bridge itself signed.
    boolean active(String token) {
        return bridge().introspect(token).path("active").asBoolean();
    }

    boolean activeAtTheCluster(String token) {
        return clusterTokens.getOrDefault(token, Instant.MIN).isAfter(now);
    }

    /// As kubelet does: another token, at once.
    void rotate() throws IOException {
        String token =
                issuer.sign(
                        Tokens.kubernetes(ISSUER, AUDIENCE, now)
                                .claim("jti", UUID.randomUUID().toString()),
                        "key-1");
        secrets.add(token);
        Path fresh = Files.writeString(tokenFile.resolveSibling("..fresh"), token);
        Files.move(
                fresh,
                tokenFile,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private void clusterToken(HttpServerRequest request) {
        Instant expires = now.plus(TOKEN_LIFE);
        String claims =
                "{\"sub\":\"system:serviceaccount:payments:deployer\",\"aud\":[\"https://kubernetes.default.svc\"],\"jti\":\""
                        + UUID.randomUUID()
                        + "\"}";
        String token =
                "eyJhbGciOiJSUzI1NiJ9."
                        + Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(claims.getBytes(UTF_8))
                        + ".c2lnbmF0dXJlLW9mLXRoZS1jbHVzdGVy";
        clusterTokens.put(token, expires);
        secrets.add(token);
        Answer.status(
                        201,
                        "application/json",
                        "{\"kind\":\"TokenRequest\",\"apiVersion\":\"authentication.k8s.io/v1\","
                                + "\"status\":{\"token\":\""
                                + token
                                + "\",\"expirationTimestamp\":\""
                                + expires
                                + "\"}}")
                .accept(request);
    }

    private void version(HttpServerRequest request) {
        boolean known =
                activeAtTheCluster(
                        String.valueOf(request.getHeader("authorization")).replace("Bearer ", ""));
        Answer.status(known ? 200 : 401, "application/json", "{\"gitVersion\":\"v1.36.0\"}")
                .accept(request);
    }

    @Override
    public void close() {
        if (bridge != null) {
            stop();
        }
        api.stop(0);
        cluster.close();
        aws.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
