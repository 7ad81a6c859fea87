package dev.tollbridge.bridge.ci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.cli.TollbridgeCommand;
import dev.tollbridge.bridge.testing.HttpsIssuerServer;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import dev.tollbridge.bridge.testing.PlainJobs;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.tls.ThrowawayCa;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// `ci-templates/sh/tollbridge-exchange.sh` in each shell that images of CI systems bring.
@DisplayName("The plain client")
class PlainClientTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private static Path folder;

    private static final PlainJobs JOBS = new PlainJobs();
    private static Vertx vertx;
    private static ServedBridge bridge;
    private static HttpsIssuerServer scripted;
    private static Path authority;

    @BeforeAll
    static void start() throws IOException {
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(
                config.resolve("all.yaml"),
                JOBS.trusted()
                        + """
                        apiVersion: tollbridge.dev/v1alpha1
                        kind: Target
                        metadata: {name: internal-api}
                        spec: {owner: team@acme.example, jwt: {audience: "https://api.acme.example", scopes: [read, write]}}
                        ---
                        apiVersion: tollbridge.dev/v1alpha1
                        kind: Grant
                        metadata: {name: jobs}
                        spec:
                          owner: team@acme.example
                          issuer: ci
                          match: {sub: job-42}
                          allow: [{target: internal-api, ttl: 10m, scopes: [read, write]}]
                        """);
        bridge = new ServedBridge(config, folder.resolve("data"));
        vertx = Vertx.vertx();
        ThrowawayCa ca = ThrowawayCa.create(InstantSource.system());
        authority = Files.writeString(folder.resolve("ca.pem"), ca.certificatePem());
        scripted = HttpsIssuerServer.start(vertx, ca);
    }

    @AfterAll
    static void stop() {
        scripted.close();
        bridge.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private record Run(int exit, String out, String err) {}

    private static String token() {
        return JOBS.token();
    }

    private static Run run(String shell, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(shell.split(" ")));
        command.add(
                Path.of("..", "ci-templates", "sh", "tollbridge-exchange.sh")
                        .toAbsolutePath()
                        .normalize()
                        .toString());
        command.addAll(List.of(arguments));
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(folder.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TOLLBRIDGE_"));
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new AssertionError(
                    shell + " is not installed; apt-get install dash busybox-static bash curl", e);
        }
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("the script did not end");
        }
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static Path tokenFile(String token) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "token", ""), token + "\n");
    }

    private static Run exchange(String shell, String token, String... more)
            throws IOException, InterruptedException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--url",
                                bridge.url(),
                                "--target=internal-api",
                                "--token-file",
                                tokenFile(token).toString()));
        arguments.addAll(List.of(more));
        return run(shell, Map.of(), arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox sh", "bash"})
    void getsACredentialAndEndsItAgain(String shell) throws Exception {
        Path out = folder.resolve("credential-" + UUID.randomUUID());
        Path handle = folder.resolve("handle-" + UUID.randomUUID());
        Run run =
                exchange(
                        shell,
                        token(),
                        "--scope",
                        "read",
                        "--ttl",
                        "60",
                        "--format=json",
                        "--out",
                        out.toString(),
                        "--handle-out",
                        handle.toString());
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).isEmpty();
        JsonNode answer = JSON.readTree(out.toFile());
        assertThat(answer.path("scope").asText()).isEqualTo("read");
        assertThat(answer.path("expires_in").asInt()).isEqualTo(60);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(handle)))
                .isEqualTo("rw-------");
        assertThat(run.err()).contains("wrote " + out).doesNotContain("eyJ", "rvk_");

        String credential = answer.path("access_token").asText();
        assertThat(bridge.introspect(credential).path("active").asBoolean()).isTrue();
        Run revoked = run(shell, Map.of(), "--url", bridge.url(), "--revoke", handle.toString());
        assertThat(revoked.exit()).as(revoked.err()).isZero();
        assertThat(bridge.introspect(credential).path("active").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox sh", "bash"})
    void sayWhyItWasRefusedAndWhatToDoNext(String shell) throws Exception {
        String token = token();
        assertThat(exchange(shell, token, "--format", "token").exit()).isZero();
        Run again = exchange(shell, token);
        assertThat(again.exit()).isEqualTo(1);
        assertThat(again.out()).isEmpty();
        assertThat(again.err())
                .startsWith("refused: token_replayed (receipt rct_")
                .contains("Next: Get a new token for each exchange.")
                .doesNotContain(token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox sh", "bash"})
    void showsATokenToNoOtherProgramAndInNoTrace(String shell) throws Exception {
        // A curl before the real one, that writes down how it was called.
        Path bin = Files.createDirectories(folder.resolve("bin-" + UUID.randomUUID()));
        Path seen = bin.resolve("seen");
        Path curl = bin.resolve("curl");
        Files.writeString(
                curl,
                "#!/bin/sh\nprintf '%s\\n' \"$@\" >>'"
                        + seen
                        + "'\nenv >>'"
                        + seen
                        + "'\nexec /usr/bin/curl \"$@\"\n");
        Files.setPosixFilePermissions(curl, PosixFilePermissions.fromString("rwx------"));
        String token = token();
        Run run =
                run(
                        shell + " -x",
                        Map.of(
                                "PATH",
                                bin + ":" + System.getenv("PATH"),
                                "JOB_TOKEN_VARIABLE",
                                "unused"),
                        "--url",
                        bridge.url(),
                        "--target",
                        "internal-api",
                        "--token-file",
                        tokenFile(token).toString(),
                        "--format",
                        "token");
        assertThat(run.exit()).as(run.err()).isZero();
        String signature = token.substring(token.lastIndexOf('.') + 1);
        assertThat(Files.readString(seen)).contains("--config").doesNotContain(signature);
        assertThat(run.err()).doesNotContain(signature, run.out().strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox sh", "bash"})
    void asksGitHubForATokenWithTheBridgesAudience(String shell) throws Exception {
        List<String> asked = new ArrayList<>();
        scripted.reset()
                .on(
                        "/id",
                        request -> {
                            asked.add(
                                    request.getParam("api-version")
                                            + " "
                                            + request.getParam("audience")
                                            + " "
                                            + request.getHeader("authorization"));
                            request.response()
                                    .putHeader("content-type", "application/json")
                                    .end("{\"count\":1,\"value\":\"" + token() + "\"}");
                        });
        Map<String, String> job = new HashMap<>();
        job.put("ACTIONS_ID_TOKEN_REQUEST_URL", scripted.url("/id?api-version=2.0"));
        job.put("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "request-token");
        job.put("CURL_CA_BUNDLE", authority.toString());
        Run run =
                run(
                        shell,
                        job,
                        "--url",
                        bridge.url(),
                        "--target",
                        "internal-api",
                        "--github",
                        "--audience",
                        "https://bridge.example/a b&c",
                        "--format",
                        "token");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(asked).containsExactly("2.0 https://bridge.example/a b&c bearer request-token");

        Run without = run(shell, Map.of(), "--url", bridge.url(), "--target", "x", "--github");
        assertThat(without.exit()).isEqualTo(2);
        assertThat(without.err()).contains("id-token: write");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox sh", "bash"})
    void takesGitLabsTokenFromTheVariable(String shell) throws Exception {
        Run run =
                run(
                        shell,
                        Map.of("TOLLBRIDGE_ID_TOKEN", token(), "TOLLBRIDGE_URL", bridge.url()),
                        "--target",
                        "internal-api",
                        "--gitlab",
                        "--format",
                        "env");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out())
                .startsWith("export TOLLBRIDGE_TOKEN='eyJ")
                .contains("export TOLLBRIDGE_REVOCATION_HANDLE='rvk_");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox sh", "bash"})
    void writesEveryFormatAsTheCommandLineDoes(String shell) throws Exception {
        String aws =
                """
                {"AccessKeyId":"ASIA1","SecretAccessKey":"a/b+c'd","Token":"t==","Expiration":"2026-11-21T10:20:00Z"}\
                """;
        String exec =
                """
                {"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"a.b.c","expirationTimestamp":"2026-11-21T10:20:00Z"}}\
                """;
        String own = "urn:tollbridge:params:oauth:token-type:";
        expectSame(shell, aws, own + "aws-credentials", "json", "env", "aws-process");
        expectSame(shell, exec, own + "kubernetes-exec-credential", "json", "token", "kube-exec");
        expectSame(
                shell,
                "a.b.c",
                "urn:ietf:params:oauth:token-type:access_token",
                "json",
                "token",
                "env",
                "kube-exec",
                "google");
    }

    private static void expectSame(String shell, String credential, String type, String... formats)
            throws Exception {
        String answer =
                JSON.writeValueAsString(
                        Map.of(
                                "access_token", credential,
                                "issued_token_type", type,
                                "token_type", "Bearer",
                                "expires_in", 600,
                                "issuance", "iss_01JD7W3V5P8Q2R4T6Y8Z0A1B2C",
                                "expires_at", "2026-11-21T10:20:00Z",
                                "revocation_handle", "rvk_x"));
        scripted.reset().on("/token", Answer.json(answer));
        for (String format : formats) {
            String[] arguments = {
                "--url", scripted.url(),
                "--target", "t",
                "--token-file", tokenFile("x.y.z").toString(),
                "--ca-file", authority.toString(),
                "--format", format
            };
            Run run = run(shell, Map.of(), arguments);
            assertThat(run.exit()).as(format + ": " + run.err()).isZero();
            StringWriter out = new StringWriter();
            CommandLine commandLine =
                    TollbridgeCommand.commandLine().setOut(new PrintWriter(out, true));
            String[] command = new String[arguments.length + 1];
            command[0] = "exchange";
            System.arraycopy(arguments, 0, command, 1, arguments.length);
            assertThat(commandLine.execute(command)).isZero();
            if (out.toString().startsWith("{")) {
                assertThat(JSON.readTree(run.out()))
                        .as(format)
                        .isEqualTo(JSON.readTree(out.toString()));
            } else {
                assertThat(unquoted(run.out())).as(format).isEqualTo(unquoted(out.toString()));
            }
        }
    }

    /// Both quote for a shell, one of them only where it must.
    private static String unquoted(String exports) throws Exception {
        if (!exports.startsWith("export ")) {
            return exports;
        }
        Process shell =
                new ProcessBuilder(
                                "sh", "-c", exports + "\nenv | grep -E '^(AWS|TOLLBRIDGE)_' | sort")
                        .start();
        return new String(shell.getInputStream().readAllBytes(), UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox sh", "bash"})
    void asksAzurePipelinesForTheToken(String shell) throws Exception {
        List<String> seen = new ArrayList<>();
        scripted.reset()
                .on(
                        "/oidc",
                        request -> {
                            seen.add(
                                    request.method()
                                            + " "
                                            + request.getParam("api-version")
                                            + " "
                                            + request.getHeader("authorization"));
                            request.response().end("{\"oidcToken\":\"" + token() + "\"}");
                        });
        Run run =
                run(
                        shell,
                        Map.of(
                                "SYSTEM_OIDCREQUESTURI",
                                scripted.url("/oidc"),
                                "SYSTEM_ACCESSTOKEN",
                                "access-token",
                                "CURL_CA_BUNDLE",
                                authority.toString()),
                        "--url",
                        bridge.url(),
                        "--target",
                        "internal-api",
                        "--azure-devops",
                        "--format",
                        "token");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).startsWith("eyJ");
        assertThat(seen).containsExactly("POST 7.1 Bearer access-token");
        Run without =
                run(shell, Map.of(), "--url", bridge.url(), "--target", "x", "--azure-devops");
        assertThat(without.exit()).isEqualTo(2);
        assertThat(without.err()).contains("System.AccessToken");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox sh", "bash"})
    void writesAnAnswerOfBeforeInAnotherFormatUntilItHasEnded(String shell) throws Exception {
        Path dir = Files.createTempDirectory(folder, "answers");
        Run all =
                run(
                        shell,
                        Map.of("MINE", token()),
                        "--url",
                        bridge.url(),
                        "--target",
                        "internal-api",
                        "--token-variable",
                        "MINE",
                        "--out-dir",
                        dir.toString());
        assertThat(all.exit()).as(all.err()).isZero();
        assertThat(all.out()).isEmpty();
        Path answer = dir.resolve("internal-api.json");
        String token = JSON.readTree(answer.toFile()).path("access_token").asText();
        String from = answer.toString();
        assertThat(run(shell, Map.of(), "--from", from, "--format", "token").out().strip())
                .isEqualTo(token);
        assertThat(run(shell, Map.of(), "--from", from, "--show", "issuance").out())
                .startsWith("iss_");
        assertThat(run(shell, Map.of(), "--from", from, "--format", "aws-process").exit())
                .isEqualTo(2);
        assertThat(bridge.introspect(token).path("active").asBoolean())
                .as("what does not fit is not taken back: somebody else may use it")
                .isTrue();
        Files.writeString(
                answer,
                Files.readString(answer)
                        .replaceAll(
                                "\"expires_at\" ?: ?\"[^\"]*\"",
                                "\"expires_at\":\"2026-01-01T00:00:00Z\""));
        Run ended = run(shell, Map.of(), "--from", from, "--format", "token");
        assertThat(ended.exit()).isEqualTo(3);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("ended at 2026-01-01T00:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox sh", "bash"})
    void saysWhatIsWrongWithHowItWasCalled(String shell) throws Exception {
        String file = tokenFile("a.b.c").toString();
        for (String[] wrong :
                new String[][] {
                    {"--url", "http://bridge.example", "--target", "t", "--token-file", file},
                    {"--url", "https://user@bridge.example", "--target", "t", "--token-file", file},
                    {"--url", "https://bridge.example", "--token-file", file},
                    {"--url", "https://bridge.example", "--target", "t"},
                    {"--url", "https://bridge.example", "--target", "t", "--token-file", "/none"},
                    {
                        "--url",
                        "https://bridge.example",
                        "--target",
                        "t",
                        "--token-file",
                        file,
                        "--ttl",
                        "0"
                    },
                    {
                        "--url",
                        "https://bridge.example",
                        "--target",
                        "t",
                        "--token-file",
                        file,
                        "--format",
                        "x"
                    },
                    {
                        "--url",
                        "https://bridge.example",
                        "--target",
                        "t",
                        "--token-file",
                        file,
                        "--dpop"
                    },
                    {
                        "--url",
                        "https://bridge.example",
                        "--target",
                        "t",
                        "--token-file",
                        file,
                        "--gitlab"
                    },
                    {
                        "--url",
                        "https://bridge.example",
                        "--target",
                        "t",
                        "--token-file",
                        tokenFile("a\"b\nurl = x").toString()
                    },
                    {"--surprise"},
                    {"--url"}
                }) {
            Run run = run(shell, Map.of(), wrong);
            assertThat(run.exit()).as(String.join(" ", wrong) + run.err()).isEqualTo(2);
            assertThat(run.err()).startsWith("tollbridge: ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox sh", "bash"})
    void saysThatTheBridgeIsAwayOrIsNone(String shell) throws Exception {
        scripted.reset().on("/token", Answer.status(500, "text/html", "<html>oops</html>"));
        String file = tokenFile("a.b.c").toString();
        Run none =
                run(
                        shell,
                        Map.of(),
                        "--url",
                        scripted.url(),
                        "--ca-file",
                        authority.toString(),
                        "--target",
                        "t",
                        "--token-file",
                        file);
        assertThat(none.exit()).isEqualTo(3);
        assertThat(none.err()).contains("is this a bridge?").doesNotContain("oops");

        Run untrusted =
                run(
                        shell,
                        Map.of(),
                        "--url",
                        scripted.url(),
                        "--target",
                        "t",
                        "--token-file",
                        file);
        assertThat(untrusted.exit()).isEqualTo(3);
        assertThat(untrusted.err()).contains("the bridge cannot be reached");
    }
}
