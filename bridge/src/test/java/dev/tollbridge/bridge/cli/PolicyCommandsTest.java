package dev.tollbridge.bridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.bridge.cli.Commands.Ran;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyCommandsTest {

    private static final String GOOD =
            """
            apiVersion: tollbridge.dev/v1alpha1
            kind: TrustedIssuer
            metadata: {name: github}
            spec: {preset: github-actions, audience: "https://tollbridge.acme.example"}
            ---
            apiVersion: tollbridge.dev/v1alpha1
            kind: Target
            metadata: {name: internal-api}
            spec:
              owner: team@acme.example
              jwt: {audience: "https://api.acme.example", scopes: [read]}
            ---
            apiVersion: tollbridge.dev/v1alpha1
            kind: Grant
            metadata: {name: deploy}
            spec:
              owner: team@acme.example
              issuer: github
              match: {repository_id: "2002", repository_owner_id: "1001", event_name: push}
              condition: claims.ref == 'refs/heads/main'
              allow:
                - {target: internal-api, scopes: [read], ttl: 10m}
            """;

    private static final String CLAIMS =
            "{\"repository_id\":\"2002\",\"repository_owner_id\":\"1001\","
                    + "\"event_name\":\"%s\",\"ref\":\"refs/heads/main\"}";

    @TempDir private Path folder;
    private Path config;

    @BeforeEach
    void write() throws IOException {
        config = Files.createDirectories(folder.resolve("policy"));
        Files.writeString(config.resolve("all.yaml"), GOOD);
    }

    private Ran check(String... more) {
        String[] args =
                java.util.Arrays.copyOf(
                        new String[] {"check", "--config", config.toString()}, 3 + more.length);
        System.arraycopy(more, 0, args, 3, more.length);
        return Commands.run(args);
    }

    @Test
    void checkAcceptsWhatCanBePutInForce() {
        Ran ran = check();
        assertThat(ran.exit()).isZero();
        assertThat(ran.out()).contains("ok: 1 issuers, 1 targets, 1 grants; 0 errors");
        assertThat(check("--output", "json").json().path("acceptable").asBoolean()).isTrue();
    }

    @Test
    void checkNamesFileLinePathAndWhatWasMeant() throws IOException {
        Files.writeString(
                config.resolve("all.yaml"),
                GOOD.replace("audience: \"https://t", "audiense: \"https://t"));
        Ran ran = check();
        assertThat(ran.exit()).isEqualTo(ExitCode.NO);
        assertThat(ran.out()).contains("all.yaml:4: error: ", "audiense", "audience", "refused: ");
        JsonNode problem = check("--output", "json").json().path("problems").path(0);
        assertThat(problem.path("line").asInt()).isEqualTo(4);
        assertThat(problem.path("file").asText()).isEqualTo("all.yaml");
    }

    @Test
    void checkLintsAndReportsAsSarif() throws IOException {
        Files.writeString(
                config.resolve("all.yaml"),
                GOOD.replace(
                        "{repository_id: \"2002\", repository_owner_id: \"1001\", ",
                        "{repository: acme/payments, "));
        Ran ran = check("--output", "sarif");
        assertThat(ran.exit()).isEqualTo(ExitCode.NO);
        JsonNode run = ran.json().path("runs").path(0);
        assertThat(ran.json().path("version").asText()).isEqualTo("2.1.0");
        assertThat(run.path("results")).isNotEmpty();
        JsonNode result = run.path("results").path(0);
        assertThat(run.path("tool").path("driver").path("rules").toString())
                .contains(result.path("ruleId").asText());
        assertThat(result.path("level").asText()).isEqualTo("error");
        JsonNode place = result.path("locations").path(0).path("physicalLocation");
        assertThat(place.path("artifactLocation").path("uri").asText())
                .startsWith("file:///")
                .endsWith("/policy/all.yaml");
        assertThat(place.path("region").path("startLine").asInt()).isGreaterThan(10);
    }

    @Test
    void sarifPlacesAreRelativeWhereTheDirectoryIs() throws IOException {
        Path here = Files.createTempDirectory(Path.of("target"), "policy dir-");
        Files.writeString(here.resolve("x.yaml"), "kind: Nonsense\n");
        Ran ran = Commands.run("check", "--config", "./" + here, "--output", "sarif");
        assertThat(ran.out()).contains("\"target/policy%20dir-").contains("/x.yaml\"");
    }

    @Test
    void explainSaysTheFirstConditionThatFails() throws IOException {
        Path good = Files.writeString(folder.resolve("good.json"), CLAIMS.formatted("push"));
        Path bad = Files.writeString(folder.resolve("bad.json"), CLAIMS.formatted("pull_request"));
        String dir = config.toString();
        Ran granted = Commands.run("explain", "--config", dir, "--claims", good.toString());
        assertThat(granted.exit()).isZero();
        assertThat(granted.out()).contains("granted by deploy");
        Ran refused =
                Commands.run(
                        "explain",
                        "--config",
                        dir,
                        "--claims",
                        bad.toString(),
                        "--target",
                        "internal-api");
        assertThat(refused.exit()).isEqualTo(ExitCode.NO);
        assertThat(refused.out()).contains("first failing: match.event_name");
        Ran json =
                Commands.run(
                        "explain", "--config", dir, "--claims", bad.toString(), "--output", "json");
        assertThat(json.json().path("decision").asText()).isEqualTo("refused");
    }

    @Test
    void explainRefusesWrongUsage() throws IOException {
        Path claims = Files.writeString(folder.resolve("claims.json"), "{\"a\":1,\"a\":2}");
        String dir = config.toString();
        assertThat(Commands.run("explain", "--config", dir, "--claims", claims.toString()).exit())
                .isEqualTo(ExitCode.USAGE);
        assertThat(Commands.run("explain", "--config", dir).exit()).isEqualTo(ExitCode.USAGE);
        assertThat(
                        Commands.run(
                                        "explain",
                                        "--config",
                                        dir,
                                        "--claims",
                                        claims.toString(),
                                        "--output",
                                        "sarif")
                                .exit())
                .isEqualTo(ExitCode.USAGE);
        assertThat(
                        Commands.run(
                                        "explain",
                                        "--config",
                                        dir,
                                        "--claims",
                                        claims.toString(),
                                        "--at",
                                        "noon")
                                .err())
                .contains("--at");
    }

    @Test
    void testSaysWhichCasesDoNotComeOut() throws IOException {
        Path cases = folder.resolve("cases.yaml");
        String text =
                """
                issuer: github
                claims: {repository_id: "2002", repository_owner_id: "1001", event_name: push, ref: refs/heads/main}
                cases:
                  - name: main may deploy
                    target: internal-api
                    expect: {granted: true}
                  - name: a branch may not
                    claims: {ref: refs/heads/x}
                    target: internal-api
                    expect: {refused: grant_missing}
                """;
        Files.writeString(cases, text);
        String dir = config.toString();
        Ran passed = Commands.run("test", "--config", dir, cases.toString());
        assertThat(passed.err()).isEmpty();
        assertThat(passed.exit()).isZero();
        assertThat(passed.out()).contains("2 passed, 0 failed");
        Files.writeString(cases, text.replace("refs/heads/x", "refs/heads/main"));
        Ran failed = Commands.run("test", "--config", dir, cases.toString());
        assertThat(failed.exit()).isEqualTo(ExitCode.NO);
        assertThat(failed.out()).contains("FAILED", "1 passed, 1 failed");
        Files.writeString(cases, text.replace("expect:", "expcet:"));
        assertThat(Commands.run("test", "--config", dir, cases.toString()).exit())
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void serveRefusesWhatCannotWork() {
        String dir = config.toString();
        String data = folder.resolve("data").toString();
        assertUsage("--config is missing", "serve", "--data", data);
        assertUsage("--data is missing", "serve", "--config", dir);
        assertUsage("HOST:PORT", "serve", "--config", dir, "--data", data, "--listen", "8080");
        assertUsage(
                "--behind-proxy",
                "serve",
                "--config",
                dir,
                "--data",
                data,
                "--listen",
                "0.0.0.0:0");
        assertUsage(
                "--management: only TLS",
                "serve",
                "--config",
                dir,
                "--data",
                data,
                "--management",
                "0.0.0.0:0");
        assertUsage("go together", "serve", "--config", dir, "--data", data, "--tls-cert", "x");
        assertUsage("file", "serve", "--config", dir, "--data", data, "--ledger", "postgresql");
        assertUsage(
                "https",
                "serve",
                "--config",
                dir,
                "--data",
                data,
                "--external-url",
                "http://x.example");
        assertUsage("not a directory", "serve", "--config", dir + "/none", "--data", data);
    }

    @Test
    void serveSaysAllThatIsWrongWithItsDocuments() throws IOException {
        Files.writeString(
                config.resolve("all.yaml"),
                GOOD.replace("preset: github-actions", "preset: github-actoins"));
        Ran ran =
                Commands.run(
                        "serve",
                        "--config",
                        config.toString(),
                        "--data",
                        folder.resolve("data").toString(),
                        "--listen",
                        "127.0.0.1:0",
                        "--management",
                        "127.0.0.1:0");
        assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .contains("github-actoins", "all.yaml:4", "did you mean github-actions?");
    }

    private static void assertUsage(String words, String... args) {
        Ran ran = Commands.run(args);
        assertThat(ran.err()).contains(words);
        assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.out()).isEmpty();
    }
}
