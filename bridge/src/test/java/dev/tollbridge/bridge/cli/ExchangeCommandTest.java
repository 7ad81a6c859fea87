package dev.tollbridge.bridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.tollbridge.bridge.cli.Commands.Ran;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExchangeCommandTest {

    @TempDir private static Path folder;
    private static ServedPolicy served;

    @BeforeAll
    static void serve() throws IOException {
        served = new ServedPolicy(folder);
    }

    @AfterAll
    static void end() {
        served.close();
    }

    private static Ran exchange(String token, String... more) throws IOException {
        Path file = served.file("token.jwt", token + "\n");
        String[] args = {
            "exchange", "--url", served.url(), "--token-file", file.toString(), "--target",
        };
        String[] all = java.util.Arrays.copyOf(args, args.length + more.length);
        System.arraycopy(more, 0, all, args.length, more.length);
        return Commands.run(all);
    }

    private static JsonNode claims(String jwt) throws IOException {
        return new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(Base64.getUrlDecoder().decode(jwt.strip().split("\\.")[1]));
    }

    @Test
    void printsTheAnswerAsJsonAndNothingElse() throws IOException {
        Ran ran = exchange(served.token(), "internal-api", "--scope", "read", "--ttl", "60");
        assertThat(ran.exit()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.json().path("token_type").asText()).isEqualTo("Bearer");
        assertThat(ran.json().path("scope").asText()).isEqualTo("read");
        assertThat(ran.json().path("expires_in").asInt()).isBetween(55, 60);
        assertThat(claims(ran.json().path("access_token").asText()).path("aud").asText())
                .isEqualTo("https://api.acme.example");
    }

    @Test
    void printsTheTokenAlone() throws IOException {
        Ran ran = exchange(served.token(), "internal-api", "--format", "token");
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+\n");
    }

    @Test
    void printsVariablesForAShell() throws IOException {
        Ran ran = exchange(served.token(), "internal-api", "--format", "env");
        assertThat(ran.out().lines())
                .anyMatch(line -> line.matches("export TOLLBRIDGE_TOKEN=[\\w.-]+"))
                .anyMatch(line -> line.startsWith("export TOLLBRIDGE_TOKEN_EXPIRES_AT=20"))
                .anyMatch(line -> line.startsWith("export TOLLBRIDGE_REVOCATION_HANDLE=rvk_"));
    }

    @Test
    void printsWhatKubectlReads() throws IOException {
        Ran ran = exchange(served.token(), "internal-api", "--format", "kube-exec");
        assertThat(ran.json().path("kind").asText()).isEqualTo("ExecCredential");
        assertThat(ran.json().path("status").path("token").asText()).contains(".");
    }

    @Test
    void printsWhatGooglesLibrariesReadFromAnExecutable() throws IOException {
        Ran ran = exchange(served.token(), "internal-api", "--format", "google");
        assertThat(ran.json().path("success").asBoolean()).isTrue();
        assertThat(ran.json().path("id_token").asText()).contains(".");
        assertThat(ran.json().path("expiration_time").isIntegralNumber()).isTrue();
    }

    @Test
    void writesAFileForItsOwnerOnly() throws IOException {
        Path out = served.file("credential.json", "older content");
        Ran ran = exchange(served.token(), "internal-api", "--out", out.toString());
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains(out.toString(), "internal-api", "iss_");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(out)))
                .isEqualTo("rw-------");
        String content = Files.readString(out);
        assertThat(content).startsWith("{").contains("access_token");
        assertThat(ran.err()).doesNotContain(content.substring(20, 60));
        assertThat(folder)
                .isDirectoryNotContaining(
                        file -> file.getFileName().toString().startsWith(".credential"));
    }

    @Test
    void saysWhichFormatsATargetHasAndLetsNoCredentialLieAbout() throws IOException {
        Ran ran = exchange(served.token(), "internal-api", "--format", "aws-process");
        assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("aws-process does not fit", "has been revoked");
    }

    @Test
    void saysWhyItIsRefusedAndWhatComesNext() throws IOException {
        String token = served.token();
        assertThat(exchange(token, "internal-api").exit()).isZero();
        Ran again = exchange(token, "internal-api");
        assertThat(again.exit()).isEqualTo(ExitCode.NO);
        assertThat(again.out()).isEmpty();
        assertThat(again.err().lines().findFirst().orElseThrow())
                .matches("refused: token_replayed \\(receipt rct_\\w+\\)");
        assertThat(again.err())
                .contains("This subject token has been used before.")
                .contains("Next: Get a new token for each exchange")
                .doesNotContain(token);
    }

    @Test
    void bindsToAKeyAndTriesOnceMoreWithTheNonceThatIsAskedFor() throws IOException {
        Path key = folder.resolve("dpop.jwk");
        Ran ran = exchange(served.token(), "bound-api", "--dpop-key", key.toString());
        assertThat(ran.err()).isEmpty();
        assertThat(ran.exit()).isZero();
        assertThat(ran.json().path("token_type").asText()).isEqualTo("DPoP");
        assertThat(
                        claims(ran.json().path("access_token").asText())
                                .path("cnf")
                                .path("jkt")
                                .asText())
                .hasSize(43);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
        Ran again = exchange(served.token(), "bound-api", "--dpop-key", key.toString());
        assertThat(claims(again.json().path("access_token").asText()).path("cnf"))
                .isEqualTo(claims(ran.json().path("access_token").asText()).path("cnf"));
    }

    @Test
    void bindsToAKeyThatNobodyKeeps() throws IOException {
        assertThat(exchange(served.token(), "bound-api", "--dpop").exit()).isZero();
        Ran without = exchange(served.token(), "bound-api");
        assertThat(without.exit()).isEqualTo(ExitCode.NO);
        assertThat(without.err()).contains("proof_required");
    }

    @Test
    void boundCredentialsHaveNoFormForReadersThatCannotProve() throws IOException {
        Ran ran = exchange(served.token(), "bound-api", "--dpop", "--format", "kube-exec");
        assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains("bound to a DPoP key");
    }

    @Test
    void takesGitLabsTokenFromItsVariable() {
        Ran ran =
                Commands.run(
                        Map.of("MY_TOKEN", served.token()),
                        "exchange",
                        "--url",
                        served.url(),
                        "--target",
                        "internal-api",
                        "--gitlab",
                        "--gitlab-variable",
                        "MY_TOKEN");
        assertThat(ran.exit()).isZero();
        Ran missing = Commands.run("exchange", "--url", served.url(), "--target", "x", "--gitlab");
        assertThat(missing.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(missing.err())
                .contains("TOLLBRIDGE_ID_TOKEN", "id_tokens:", "aud: " + served.url());
    }

    @Test
    void asksGitHubForATokenWithTheBridgesUrlAsAudience() throws IOException {
        AtomicReference<String> asked = new AtomicReference<>();
        HttpServer gitHub =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] answer =
                ("{\"count\":1,\"value\":\"" + served.token() + "\"}")
                        .getBytes(StandardCharsets.UTF_8);
        gitHub.createContext(
                "/",
                exchange -> {
                    asked.set(
                            exchange.getRequestURI()
                                    + " "
                                    + exchange.getRequestHeaders().getFirst("authorization"));
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        gitHub.start();
        try {
            Ran ran =
                    Commands.run(
                            Map.of(
                                    "ACTIONS_ID_TOKEN_REQUEST_URL",
                                    "http://127.0.0.1:"
                                            + gitHub.getAddress().getPort()
                                            + "/token?api-version=2.0",
                                    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
                                    "request-token"),
                            "exchange",
                            "--url",
                            served.url(),
                            "--target",
                            "internal-api",
                            "--github");
            assertThat(ran.err()).isEmpty();
            assertThat(ran.exit()).isZero();
            assertThat(asked.get())
                    .isEqualTo(
                            "/token?api-version=2.0&audience="
                                    + java.net.URLEncoder.encode(
                                            served.url(), StandardCharsets.UTF_8)
                                    + " bearer request-token");
        } finally {
            gitHub.stop(0);
        }
    }

    @Test
    void saysWhichPermissionAGitHubJobLacks() {
        Ran ran =
                Commands.run(
                        Map.of("GITHUB_ACTIONS", "true"),
                        "exchange",
                        "--url",
                        served.url(),
                        "--target",
                        "internal-api",
                        "--github");
        assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains("permissions:", "id-token: write");
    }

    @Test
    void saysThatNothingAnswers() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        Path token = served.file("token.jwt", served.token());
        Ran ran =
                Commands.run(
                        "exchange",
                        "--url",
                        "http://127.0.0.1:" + free,
                        "--target",
                        "x",
                        "--token-file",
                        token.toString());
        assertThat(ran.exit()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("nothing answers there");
    }

    @Test
    void saysThatSomethingElseAnswers() throws IOException {
        Path token = served.file("token.jwt", served.token());
        Ran ran =
                Commands.run(
                        "exchange",
                        "--url",
                        served.managementUrl(),
                        "--target",
                        "x",
                        "--token-file",
                        token.toString());
        assertThat(ran.exit()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(ran.err()).contains("is this the right address?");
    }

    @Test
    void sendsNoTokenOverPlainHttpToAnotherMachine() throws IOException {
        Path token = served.file("token.jwt", served.token());
        Ran ran =
                Commands.run(
                        "exchange",
                        "--url",
                        "http://tollbridge.acme.example",
                        "--target",
                        "x",
                        "--token-file",
                        token.toString());
        assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains("https");
    }

    @Test
    void wrongUsageIsToldApart() throws IOException {
        Path token = served.file("token.jwt", served.token());
        String file = token.toString();
        assertThat(Commands.run("exchange", "--url", served.url(), "--target", "x").exit())
                .isEqualTo(ExitCode.USAGE);
        assertThat(
                        Commands.run(
                                        "exchange",
                                        "--url",
                                        served.url(),
                                        "--target",
                                        "x",
                                        "--token-file",
                                        file,
                                        "--github")
                                .exit())
                .isEqualTo(ExitCode.USAGE);
        assertThat(Commands.run("exchange", "--target", "x", "--token-file", file).err())
                .contains("--url is missing");
        assertThat(exchange(served.token(), "internal-api", "--ttl", "0").exit())
                .isEqualTo(ExitCode.USAGE);
        assertThat(exchange(served.token(), "internal-api", "--format", "xml").err())
                .contains("aws-process");
        assertThat(exchange("", "internal-api").err()).contains("is empty");
        assertThat(exchange(served.token(), "internal-api", "--ca-file", file).err())
                .contains("--ca-file", "no certificates");
    }
}
