package dev.tollbridge.bridge.pod;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.testing.HttpsIssuerServer;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import dev.tollbridge.bridge.testing.LeakCheck;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.tls.ThrowawayCa;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The sidecar's own client against the real server: the two share no code.
@DisplayName("The sidecar beside a bridge")
class SidecarContractTest {

    @TempDir private static Path folder;

    private static final PodTokens CLUSTER = new PodTokens();
    private static ServedBridge bridge;
    private static Vertx vertx;
    private static ThrowawayCa ca;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<PodProcess> started = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(
                config.resolve("all.yaml"),
                CLUSTER.trusted()
                        + """
                        apiVersion: tollbridge.dev/v1alpha1
                        kind: Target
                        metadata: {name: internal-api}
                        spec: {owner: team@acme.example, jwt: {audience: "https://api.acme.example"}}
                        ---
                        apiVersion: tollbridge.dev/v1alpha1
                        kind: Grant
                        metadata: {name: pods}
                        spec:
                          owner: team@acme.example
                          issuer: cluster
                          match: {sub: "%s"}
                          allow: [{target: internal-api, ttl: 10m}]
                        """
                                .formatted(PodTokens.SUBJECT));
        bridge = new ServedBridge(config, folder.resolve("data"));
        vertx = Vertx.vertx();
        ca = ThrowawayCa.create(InstantSource.system());
    }

    @AfterAll
    static void stop() {
        bridge.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @AfterEach
    void end() {
        started.forEach(PodProcess::close);
        http.close();
    }

    private static Path podToken() throws IOException {
        return Files.writeString(
                Files.createTempFile(folder, "token", ""),
                CLUSTER.token(Instant.now(), Duration.ofHours(1)));
    }

    private static Path newFolder(String kind) {
        return folder.resolve(kind + "-" + UUID.randomUUID());
    }

    private PodProcess process(List<String> arguments) throws IOException, URISyntaxException {
        PodProcess process = PodProcess.start(folder, arguments);
        started.add(process);
        return process;
    }

    private PodProcess sidecar(String url, String target, Path dir, String... more)
            throws Exception {
        return sidecar(podToken(), url, target, dir, more);
    }

    private PodProcess sidecar(Path podToken, String url, String target, Path dir, String... more)
            throws Exception {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--url",
                                url,
                                "--token-file",
                                podToken.toString(),
                                "--target",
                                target,
                                "--dir",
                                dir.toString(),
                                "--listen",
                                "127.0.0.1:0",
                                "--health",
                                "127.0.0.1:0"));
        arguments.addAll(List.of(more));
        return process(arguments).ready();
    }

    private HttpResponse<String> get(String url, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void keepsAFileAndEndsTheCredentialWithThePod() throws Exception {
        Path dir = newFolder("pod");
        PodProcess sidecar = sidecar(bridge.url(), "internal-api", dir);
        String token = Files.readString(dir.resolve("internal-api/token"));
        assertThat(bridge.introspect(token).path("active").asBoolean()).isTrue();
        assertThat(get(sidecar.health() + "/readyz").statusCode()).isEqualTo(200);
        assertThat(get(sidecar.health() + "/metrics").body())
                .contains("tollbridge_sidecar_ready{target=\"internal-api\"} 1")
                .contains("tollbridge_sidecar_seconds_until_expiry")
                .doesNotContain(token);

        assertThat(sidecar.terminate()).isZero();
        assertThat(bridge.introspect(token).path("active").asBoolean()).isFalse();
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void whatItHoldsIsInItsFolderAloneAndNowhereAfterSigterm() throws Exception {
        Path dir = newFolder("pod");
        Path podToken = podToken();
        try (LeakCheck running = new LeakCheck();
                LeakCheck after = new LeakCheck()) {
            PodProcess sidecar = sidecar(podToken, bridge.url(), "internal-api", dir);
            String credential = Files.readString(dir.resolve("internal-api/token"));
            String handle = Files.readString(dir.resolve("internal-api/.handle"));
            String bearer = Files.readString(dir.resolve("bearer"));
            for (LeakCheck leaks : List.of(running, after)) {
                leaks.token(
                        "pod's token",
                        Files.readString(podToken),
                        "file " + folder.relativize(podToken));
            }
            running.token("credential", credential, "the pod's folder");
            running.secret("handle", handle, "the pod's folder");
            running.secret("bearer", bearer, "the pod's folder");
            after.token("credential", credential);
            after.secret("handle", handle);
            after.secret("bearer", bearer);

            assertThat(running.files("the pod's folder", dir)).isEqualTo(4);
            running.sink("health", get(sidecar.health() + "/readyz").body());
            running.sink("health", get(sidecar.health() + "/metrics").body());
            running.sink("log of the sidecar", sidecar.said());
            ProcessTable.to(running);
            running.assertNothingLeaked();

            assertThat(sidecar.terminate()).isZero();
            after.files(folder);
            after.sink("log of the sidecar", sidecar.said());
            ProcessTable.to(after);
            after.assertNothingLeaked();
        }
    }

    @Test
    void aKilledOneIsFollowedByAnotherInTheSameFolderWhichEndsWhatItHadGot() throws Exception {
        Path dir = newFolder("pod");
        Path token = dir.resolve("internal-api/token");
        PodProcess killed = sidecar(bridge.url(), "internal-api", dir);
        String first = Files.readString(token);
        killed.kill();
        assertThat(token).as("it had no time to take anything away").hasContent(first);
        PodProcess successor = sidecar(bridge.url(), "internal-api", dir);
        String second = Files.readString(token);
        assertThat(second).isNotEqualTo(first);
        assertThat(bridge.introspect(first).path("active").asBoolean()).isTrue();
        assertThat(successor.terminate()).isZero();
        for (String credential : List.of(first, second)) {
            assertThat(bridge.introspect(credential).path("active").asBoolean()).isFalse();
        }
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void aJobWritesItsFilesOnceAndGoesOn() throws Exception {
        Path dir = newFolder("job");
        assertThat(once(dir, "internal-api")).isZero();
        assertThat(Files.readString(dir.resolve("internal-api/token"))).startsWith("eyJ");
        assertThat(once(dir, "not-granted")).isEqualTo(1);
        assertThat(once(dir, "Wrong")).isEqualTo(2);
    }

    private int once(Path dir, String target) throws Exception {
        return process(
                        List.of(
                                "--url",
                                bridge.url(),
                                "--token-file",
                                podToken().toString(),
                                "--dir",
                                dir.toString(),
                                "--once",
                                "--target",
                                target))
                .exitCode();
    }

    @Test
    void awsToolsAskTheEndpointWithTheBearerAndNobodyElseIsAnswered() throws Exception {
        String keys =
                """
                {"AccessKeyId":"ASIAQ3EGEXAMPLE","SecretAccessKey":"sEcReT/of+aws","Token":"t==","Expiration":"2099-01-01T00:00:00Z"}\
                """;
        try (HttpsIssuerServer scripted = HttpsIssuerServer.start(vertx, ca)) {
            scripted.on("/revoke", Answer.json("{}"))
                    .on(
                            "/token",
                            Answer.json(
                                    new ObjectMapper()
                                            .writeValueAsString(
                                                    Map.of(
                                                            "access_token", keys,
                                                            "issued_token_type",
                                                                    "urn:tollbridge:params:oauth:token-type:aws-credentials",
                                                            "token_type", "N_A",
                                                            "expires_in", 3600,
                                                            "expires_at", "2099-01-01T00:00:00Z",
                                                            "issuance", "iss_1",
                                                            "revocation_handle", "rvk_1"))));
            Path dir = newFolder("aws");
            Path authority = Files.writeString(folder.resolve("ca.pem"), ca.certificatePem());
            PodProcess sidecar =
                    sidecar(scripted.url(), "deploy", dir, "--ca-file", authority.toString());
            String endpoint = sidecar.url() + "/aws/deploy";
            String bearer = Files.readString(dir.resolve("bearer"));
            assertThat(get(endpoint).statusCode()).isEqualTo(401);
            assertThat(get(endpoint, "Authorization", "Bearer " + bearer).statusCode())
                    .isEqualTo(401);
            HttpResponse<String> answer = get(endpoint, "Authorization", bearer);
            assertThat(answer.body()).isEqualTo(keys);
            assertThat(answer.headers().firstValue("cache-control")).contains("no-store");
            assertThat(get(sidecar.url() + "/aws/other", "Authorization", bearer).statusCode())
                    .isEqualTo(404);
            // A name that somebody made resolve to loopback: what a browser beside would send.
            String rebound =
                    raw(
                            sidecar.url(),
                            "GET /aws/deploy HTTP/1.1\r\nHost: evil.example:"
                                    + URI.create(sidecar.url()).getPort()
                                    + "\r\nAuthorization: "
                                    + bearer
                                    + "\r\nConnection: close\r\n\r\n");
            assertThat(rebound).contains(" 403 ").doesNotContain("sEcReT");

            ProcessBuilder aws = new ProcessBuilder("aws", "configure", "list");
            aws.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
            aws.environment().put("AWS_CONTAINER_CREDENTIALS_FULL_URI", endpoint);
            aws.environment()
                    .put(
                            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                            dir.resolve("bearer").toString());
            aws.environment().put("HOME", folder.toString());
            Process listing = aws.redirectErrorStream(true).start();
            String listed = new String(listing.getInputStream().readAllBytes(), UTF_8);
            assertThat(listed).as("the real command line asked it").contains("container-role");
            assertThat(sidecar.terminate()).isZero();
            assertThat(scripted.requests("/revoke")).isEqualTo(1);
        }
    }

    @Test
    void aBridgeThatDoesNotAnswerHoldsUpNoPodsEnd() throws Exception {
        try (HttpsIssuerServer scripted = HttpsIssuerServer.start(vertx, ca)) {
            scripted.on("/revoke", Answer.silence())
                    .on(
                            "/token",
                            Answer.json(
                                    new ObjectMapper()
                                            .writeValueAsString(
                                                    Map.of(
                                                            "access_token", "a.b.c",
                                                            "token_type", "Bearer",
                                                            "expires_in", 3600,
                                                            "expires_at", "2099-01-01T00:00:00Z",
                                                            "issuance", "iss_1",
                                                            "revocation_handle", "rvk_1"))));
            Path dir = newFolder("silent");
            Path authority = Files.writeString(folder.resolve("silent.pem"), ca.certificatePem());
            PodProcess sidecar =
                    sidecar(scripted.url(), "api", dir, "--ca-file", authority.toString());
            // The bridge still owes its answer.
            assertThat(sidecar.terminate()).isZero();
            assertThat(scripted.requests("/revoke")).isEqualTo(1);
            assertThat(dir).isEmptyDirectory();
        }
    }

    private static String raw(String url, String request) throws IOException {
        URI uri = URI.create(url);
        try (var socket = new java.net.Socket(uri.getHost(), uri.getPort())) {
            socket.getOutputStream().write(request.getBytes(UTF_8));
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
