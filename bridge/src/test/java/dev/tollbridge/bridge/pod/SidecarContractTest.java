package dev.tollbridge.bridge.pod;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.testing.HttpsIssuerServer;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.Tokens;
import dev.tollbridge.bridge.tls.ThrowawayCa;
import dev.tollbridge.sidecar.Main;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The sidecar's own client against the real server: the two share no code.
@DisplayName("The sidecar beside a bridge")
class SidecarContractTest {

    private static final String AUDIENCE = "https://tollbridge.acme.example";
    private static final String ISSUER = "https://cluster.acme.example";
    private static final Pattern READY =
            Pattern.compile("ready url=(\\S+) health=(\\S+) in=[0-9.]+s");

    @TempDir private static Path folder;

    private static final TestIssuer CLUSTER = TestIssuer.rsa();
    private static ServedBridge bridge;
    private static Vertx vertx;
    private static ThrowawayCa ca;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Process> started = new ArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(
                config.resolve("all.yaml"),
                """
                apiVersion: tollbridge.dev/v1alpha1
                kind: TrustedIssuer
                metadata: {name: cluster}
                spec: {issuer: "%s", audience: "%s", replay: record, keys: {inline: %s}}
                ---
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
                  match: {sub: job-42}
                  allow: [{target: internal-api, ttl: 10m}]
                """
                        .formatted(ISSUER, AUDIENCE, CLUSTER.jwks()));
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
        started.forEach(Process::destroyForcibly);
        http.close();
    }

    private static Path podToken() throws IOException {
        return Files.writeString(
                Files.createTempFile(folder, "token", ""),
                CLUSTER.sign(
                        Tokens.plain(ISSUER, AUDIENCE, Instant.now())
                                .claim("jti", UUID.randomUUID().toString()),
                        "key-1"));
    }

    /// A sidecar that has said that it is ready.
    private record Running(Process process, String url, String health, Path dir) {}

    private Process process(String... arguments) throws IOException, URISyntaxException {
        Path classes =
                Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx24m",
                                "-cp",
                                classes.toString(),
                                Main.class.getName()));
        command.addAll(List.of(arguments));
        Process process =
                new ProcessBuilder(command)
                        .redirectError(Files.createTempFile(folder, "err", "").toFile())
                        .start();
        started.add(process);
        return process;
    }

    private Running sidecar(String url, String target, Path dir, String... more) throws Exception {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--url",
                                url,
                                "--token-file",
                                podToken().toString(),
                                "--target",
                                target,
                                "--dir",
                                dir.toString(),
                                "--listen",
                                "127.0.0.1:0",
                                "--health",
                                "127.0.0.1:0"));
        arguments.addAll(List.of(more));
        Process process = process(arguments.toArray(String[]::new));
        BufferedReader out = process.inputReader(UTF_8);
        String line = out.readLine();
        Matcher ready = READY.matcher(line == null ? "" : line);
        assertThat(ready.matches()).as("said: " + line).isTrue();
        return new Running(process, ready.group(1), ready.group(2), dir);
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
        Running sidecar =
                sidecar(bridge.url(), "internal-api", folder.resolve("pod-" + UUID.randomUUID()));
        Path file = sidecar.dir().resolve("internal-api/token");
        String token = Files.readString(file);
        assertThat(bridge.introspect(token).path("active").asBoolean()).isTrue();
        assertThat(get(sidecar.health() + "/readyz").statusCode()).isEqualTo(200);
        assertThat(get(sidecar.health() + "/metrics").body())
                .contains("tollbridge_sidecar_ready{target=\"internal-api\"} 1")
                .contains("tollbridge_sidecar_seconds_until_expiry")
                .doesNotContain(token);

        sidecar.process().destroy();
        assertThat(sidecar.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(sidecar.process().exitValue()).isZero();
        assertThat(bridge.introspect(token).path("active").asBoolean()).isFalse();
        assertThat(sidecar.dir()).isEmptyDirectory();
    }

    @Test
    void aKilledOneIsFollowedByAnotherInTheSameFolder() throws Exception {
        Path dir = folder.resolve("pod-" + UUID.randomUUID());
        Running killed = sidecar(bridge.url(), "internal-api", dir);
        String first = Files.readString(dir.resolve("internal-api/token"));
        killed.process().destroyForcibly().waitFor();
        sidecar(bridge.url(), "internal-api", dir);
        assertThat(Files.readString(dir.resolve("internal-api/token"))).isNotEqualTo(first);
    }

    @Test
    void aJobWritesItsFilesOnceAndGoesOn() throws Exception {
        Path dir = folder.resolve("job-" + UUID.randomUUID());
        String[] once = {
            "--url", bridge.url(),
            "--token-file", podToken().toString(),
            "--dir", dir.toString(),
            "--once", "--target"
        };
        Process done = process(with(once, "internal-api"));
        assertThat(done.waitFor()).isZero();
        assertThat(Files.readString(dir.resolve("internal-api/token"))).startsWith("eyJ");
        assertThat(process(with(once, "not-granted")).waitFor()).isEqualTo(1);
        assertThat(process(with(once, "Wrong")).waitFor()).isEqualTo(2);
    }

    private static String[] with(String[] arguments, String last) {
        String[] all = new String[arguments.length + 1];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = last;
        return all;
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
            Path dir = folder.resolve("aws-" + UUID.randomUUID());
            Path authority = Files.writeString(folder.resolve("ca.pem"), ca.certificatePem());
            Running sidecar =
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
            sidecar.process().destroy();
            sidecar.process().waitFor();
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
            Path dir = folder.resolve("silent-" + UUID.randomUUID());
            Path authority = Files.writeString(folder.resolve("silent.pem"), ca.certificatePem());
            Running sidecar =
                    sidecar(scripted.url(), "api", dir, "--ca-file", authority.toString());
            sidecar.process().destroy();
            // The bridge still owes its answer.
            assertThat(sidecar.process().waitFor()).isZero();
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
