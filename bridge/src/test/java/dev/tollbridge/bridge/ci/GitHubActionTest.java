package dev.tollbridge.bridge.ci;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.ci.Runner.Ran;
import dev.tollbridge.bridge.testing.HttpsIssuerServer;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import dev.tollbridge.bridge.testing.ServedBridge;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `ci-templates/github` in a job: an https endpoint that signs real tokens as GitHub's does, a
/// real bridge, and the tools that read what the action hands over.
@DisplayName("The GitHub action")
class GitHubActionTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String AUDIENCE = GitHubWorld.AUDIENCE;
    private static final String REQUEST_TOKEN = GitHubWorld.REQUEST_TOKEN;

    @TempDir private static Path folder;

    private static GitHubWorld world;
    private static ServedBridge bridge;
    private static HttpsIssuerServer services;

    @BeforeAll
    static void start() throws IOException {
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(
                config.resolve("all.yaml"),
                """
                apiVersion: tollbridge.dev/v1alpha1
                kind: TrustedIssuer
                metadata: {name: github}
                spec: {preset: github-actions, audience: "%s", keys: {inline: %s}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: internal-api}
                spec: {owner: team@acme.example, jwt: {audience: "https://api.acme.example"}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: short}
                spec: {owner: team@acme.example, jwt: {audience: "https://short.acme.example"}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: forbidden}
                spec: {owner: team@acme.example, jwt: {audience: "https://forbidden.acme.example"}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Grant
                metadata: {name: main-branch}
                spec:
                  owner: team@acme.example
                  issuer: github
                  match: {repository_id: "%s", repository_owner_id: "%s"}
                  condition: claims.ref == 'refs/heads/main' && claims.event_name == 'push'
                  allow: [{target: internal-api, ttl: 10m}, {target: short, ttl: 1s}]
                """
                        .formatted(
                                AUDIENCE,
                                GitHubWorld.jwks(),
                                GitHubWorld.claim("repository_id"),
                                GitHubWorld.claim("repository_owner_id")));
        world = new GitHubWorld(folder, config, List.of());
        bridge = world.bridge;
        services = world.services;
    }

    @AfterAll
    static void stop() {
        world.close();
    }

    @BeforeEach
    void serveTokens() {
        world.serveTokens();
    }

    private static Map<String, String> allowed() {
        return world.allowed();
    }

    private static Runner runner(Map<String, String> job) throws IOException {
        return new Runner(Files.createTempDirectory(folder, "job"), job);
    }

    private static Map<String, String> inputs(String targets, String... more) {
        Map<String, String> inputs = new HashMap<>();
        inputs.put("url", bridge.url());
        inputs.put("targets", targets);
        inputs.put("audience", AUDIENCE);
        for (int i = 0; i < more.length; i += 2) {
            inputs.put(more[i], more[i + 1]);
        }
        return inputs;
    }

    private static List<String> helper(Runner runner, Ran main, String format, String target)
            throws Exception {
        assertThat(runner.temp()).isDirectory();
        return helper(Path.of(main.outputs().getOrDefault("folder", "")), format, target);
    }

    private static List<String> helper(Path of, String format, String target) throws Exception {
        return List.of(
                Runner.node(),
                Path.of("..", "ci-templates", "github", "helper.js")
                        .toAbsolutePath()
                        .normalize()
                        .toString(),
                of.toString(),
                format,
                target);
    }

    /// Nothing of these may be read in a log.
    private static void hidden(Ran ran, String... secrets) {
        List<String> all = new ArrayList<>(world.tokens());
        all.add(REQUEST_TOKEN);
        all.addAll(List.of(secrets));
        for (String secret : all) {
            assertThat(ran.shown())
                    .doesNotContain(secret)
                    .doesNotContain(secret.substring(secret.lastIndexOf('.') + 1));
        }
    }

    @Test
    void handsOverAFileAndTakesEverythingBackAtTheEnd() throws Exception {
        Runner runner = runner(allowed());
        Ran main = runner.main(inputs("internal-api"));
        assertThat(main.exit()).as(main.shown()).isZero();
        Path file = Path.of(runner.environment().getOrDefault("TOLLBRIDGE_FILE_INTERNAL_API", ""));
        String token = Files.readString(file);
        hidden(main, token);
        assertThat(main.raw()).contains("::add-mask::" + token);
        assertThat(bridge.introspect(token).path("active").asBoolean()).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Path made = Path.of(main.outputs().getOrDefault("folder", ""));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
                .isEqualTo("rwx------");
        assertThat(made.getParent()).isEqualTo(runner.temp().toRealPath());
        assertThat(main.outputs().get("issuances")).startsWith("iss_");
        assertThat(runner.workspace()).isEmptyDirectory();

        long agent = Long.parseLong(Files.readString(made.resolve("ready")).strip());
        String seen =
                Files.readString(Path.of("/proc/" + agent + "/cmdline"))
                        + Files.readString(Path.of("/proc/" + agent + "/environ"));
        assertThat(seen).doesNotContain(REQUEST_TOKEN, token, "INPUT_");

        Ran post = runner.post(main);
        assertThat(post.exit()).isZero();
        assertThat(post.shown()).contains("revoked 1 of 1");
        hidden(post, token);
        assertThat(bridge.introspect(token).path("active").asBoolean()).isFalse();
        assertThat(made).doesNotExist();
        assertThat(runner.environment()).containsEntry("TOLLBRIDGE_FILE_INTERNAL_API", "");
        ProcessHandle.of(agent)
                .ifPresent(process -> process.onExit().orTimeout(30, TimeUnit.SECONDS).join());
        noTokenBelow(runner.temp(), token);
    }

    private static void noTokenBelow(Path place, String... secrets) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file)).as(file.toString()).doesNotContain(secrets);
            }
        }
    }

    @Test
    void getsTheNextCredentialBeforeTheLastOneEndsWithoutKeepingTheJobsPowerInAFile()
            throws Exception {
        Runner runner = runner(allowed());
        Ran main = runner.main(inputs("short as kube"));
        assertThat(main.exit()).as(main.shown()).isZero();
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 500 && tokens.stream().distinct().count() < 13; i++) {
            Ran asked = runner.run(helper(runner, main, "kube", "short"), "");
            assertThat(asked.exit()).as(asked.raw()).isZero();
            JsonNode credential = JSON.readTree(asked.raw());
            assertThat(credential.path("kind").asText()).isEqualTo("ExecCredential");
            tokens.add(credential.path("status").path("token").asText());
        }
        assertThat(tokens.stream().distinct().count())
                .as("as many as a job of two hours needs whose credentials live ten minutes")
                .isEqualTo(13);
        assertThat(world.tokens().stream().distinct().count())
                .as("each from a job token of its own")
                .isGreaterThanOrEqualTo(13);
        noTokenBelow(runner.temp(), REQUEST_TOKEN, world.tokens().get(1), world.tokens().get(2));

        Ran stranger = runner.run(helper(runner, main, "kube", "forbidden"), "");
        assertThat(stranger.exit()).isEqualTo(1);
        assertThat(stranger.raw()).contains("no such target");
        assertThat(runner.post(main).exit()).isZero();
        Ran after = runner.run(helper(runner, main, "kube", "short"), "");
        assertThat(after.exit()).isNotZero();
        assertThat(after.raw()).contains("is over");

        List<String> all = new ArrayList<>(tokens);
        all.addAll(world.tokens());
        all.add(REQUEST_TOKEN);
        Leftovers left = new Leftovers(all);
        left.below(runner.machine());
        left.inProcesses();
        left.in("what the bridge keeps", bridge.data());
        Leftovers inTheJob = new Leftovers(all.subList(0, all.size() - 1));
        inTheJob.in("the environment", runner.environment().toString());
    }

    @Test
    void whatSomebodyCopiesIsWorthNothingAndIsNoticed() throws Exception {
        Runner runner = runner(allowed());
        Ran main = runner.main(inputs("internal-api"));
        assertThat(main.exit()).as(main.shown()).isZero();
        Path made = Path.of(main.outputs().getOrDefault("folder", ""));
        Path copy = Files.createTempDirectory(folder, "copied");
        for (String name : List.of("agent.json", "internal-api")) {
            Files.copy(made.resolve(name), copy.resolve(name));
        }

        // The job's token a second time: to the bridge it was shown already.
        JsonNode replayed = bridge.exchange(world.tokens().getFirst(), "internal-api");
        assertThat(replayed.path("reason").asText()).isEqualTo("token_replayed");
        assertThat(bridge.receipt(replayed.path("receipt").asText()).toString())
                .contains("token_replayed");
        assertThat(bridge.metrics()).contains("reason=\"token_replayed\"");

        // The helper, by who has no bearer of this step.
        JsonNode agent = JSON.readTree(Files.readString(copy.resolve("agent.json")));
        Path guessed = Files.createTempDirectory(folder, "guessed");
        Files.writeString(
                guessed.resolve("agent.json"),
                JSON.writeValueAsString(
                        Map.of("socket", agent.path("socket").asText(), "bearer", "0".repeat(43))));
        Ran stranger = runner.run(helper(guessed, "token", "internal-api"), "");
        assertThat(stranger.exit()).isEqualTo(1);
        assertThat(stranger.raw()).contains("not for you").doesNotContain("eyJ");

        Ran post = runner.post(main);
        assertThat(post.shown()).contains("::warning::").contains("1 times without its bearer");
        assertThat(bridge.data()).contains("\"revoked\"");

        // After `post`: the copied folder, the copied credential, what ended it.
        Ran late = runner.run(helper(copy, "token", "internal-api"), "");
        assertThat(late.exit()).isNotZero();
        assertThat(late.raw()).doesNotContain("eyJ");
        String credential = Files.readString(copy.resolve("internal-api"));
        assertThat(bridge.introspect(credential).path("active").asBoolean()).isFalse();
        String handle =
                JSON.readTree(main.state().getOrDefault("handles", ""))
                        .path(0)
                        .path("handle")
                        .asText();
        assertThat(handle).startsWith("rvk_");
        assertThat(bridge.revoke(handle)).as("as for anything that is none").isEqualTo(200);
        assertThat(runner.post(main).exit()).as("a second time").isZero();
    }

    @Test
    void toolsRunTheHelperThemselves() throws Exception {
        String aws = "urn:tollbridge:params:oauth:token-type:aws-credentials";
        String keys =
                """
                {"AccessKeyId":"ASIAQ3EGEXAMPLE","SecretAccessKey":"sEcReT/of+aws","Token":"session==","Expiration":"2099-01-01T00:00:00Z"}\
                """;
        services.on("/revoke", Answer.json("{}"))
                .on(
                        "/credentials",
                        Answer.json(
                                JSON.writeValueAsString(
                                        Map.of(
                                                "results",
                                                List.of(
                                                        result(keys, aws),
                                                        result(
                                                                "ghs_installation",
                                                                "urn:ietf:params:oauth:token-type:access_token"))))));
        Runner runner = runner(allowed());
        Path config =
                runner.environment().containsKey("HOME")
                        ? Files.createDirectories(Path.of(runner.environment().get("HOME"), ".aws"))
                                .resolve("config")
                        : folder;
        Files.writeString(
                config,
                """
                [default]
                region = eu-west-1
                credential_process = /old
                [profile other]
                region = us-east-1
                """);
        Ran main =
                runner.main(
                        inputs(
                                "deploy\nrepo as git",
                                "url",
                                services.url(),
                                "ca-file",
                                world.authority.toString()));
        assertThat(main.exit()).as(main.shown()).isZero();
        hidden(main, "sEcReT/of+aws", "ghs_installation", "session==", "c0VjUmVUL29mK2F3c");

        Ran listed = runner.run(List.of("aws", "configure", "list"), "");
        assertThat(listed.raw())
                .as("the real command line ran the helper")
                .contains("custom-process")
                .contains("+aws");
        assertThat(runner.run(List.of("aws", "configure", "get", "region"), "").raw().strip())
                .isEqualTo("eu-west-1");
        assertThat(
                        runner.run(
                                        List.of(
                                                "aws",
                                                "configure",
                                                "get",
                                                "region",
                                                "--profile",
                                                "other"),
                                        "")
                                .raw()
                                .strip())
                .isEqualTo("us-east-1");
        Ran filled =
                runner.run(
                        List.of("git", "credential", "fill"),
                        "protocol=https\nhost=github.com\n\n");
        assertThat(filled.raw()).contains("password=ghs_installation");
        runner.post(main);
        assertThat(services.requests("/revoke")).isEqualTo(2);
    }

    private static Map<String, Object> result(String token, String type) {
        return Map.of(
                "access_token",
                token,
                "issued_token_type",
                type,
                "token_type",
                "N_A",
                "expires_in",
                3600,
                "expires_at",
                Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS).toString(),
                "issuance",
                "iss_" + token.length(),
                "revocation_handle",
                "rvk_" + token.length());
    }

    @Test
    void saysWhatToChangeWhereTheJobMayNotAskForAToken() throws Exception {
        Ran main = runner(Map.of()).main(inputs("internal-api"));
        assertThat(main.exit()).isEqualTo(1);
        assertThat(main.raw()).contains("::error::").contains("id-token: write");

        Path event =
                Files.writeString(
                        Files.createTempFile(folder, "event", ".json"),
                        "{\"pull_request\":{\"head\":{\"repo\":{\"fork\":true}}}}");
        Ran fork =
                runner(Map.of("GITHUB_EVENT_PATH", event.toString())).main(inputs("internal-api"));
        assertThat(fork.raw()).contains("pull request from a fork");
    }

    @Test
    void aRefusalIsShownWithItsReceiptAndTheClaimsAndLeavesNothingBehind() throws Exception {
        Runner runner = runner(allowed());
        Ran main = runner.main(inputs("internal-api\nforbidden"));
        assertThat(main.exit()).isEqualTo(1);
        assertThat(main.shown())
                .contains("refused: grant_missing (receipt rct_")
                .contains("for forbidden")
                .contains("event_name");
        hidden(main);
        runner.post(main);
        try (Stream<Path> left = Files.list(runner.temp())) {
            assertThat(left).isEmpty();
        }
        Ran wrongAudience = runner(allowed()).main(inputs("internal-api", "audience", "https://x"));
        assertThat(wrongAudience.shown()).contains("audience_mismatch").contains("Set `audience`");
    }

    @Test
    void nothingIsWrittenIntoTheWorkspace() throws Exception {
        Path workspace = Files.createTempDirectory(folder, "workspace");
        Path inside = Files.createDirectories(workspace.resolve("temp"));
        Map<String, String> job = allowed();
        job.put("GITHUB_WORKSPACE", workspace.toString());
        job.put("RUNNER_TEMP", inside.toString());
        Ran main = runner(job).main(inputs("internal-api"));
        assertThat(main.exit()).isEqualTo(1);
        assertThat(main.raw()).contains("lies in the workspace");
        assertThat(inside).isEmptyDirectory();
        assertThat(world.tokens()).isEmpty();
    }

    @Test
    void usedTwiceInOneJobEachTakesBackItsOwn() throws Exception {
        Runner runner = runner(allowed());
        Ran first = runner.main(inputs("internal-api"));
        Ran second = runner.main(inputs("internal-api", "export", "env"));
        assertThat(second.exit()).as(second.shown()).isZero();
        String exported = runner.environment().get("TOLLBRIDGE_TOKEN_INTERNAL_API");
        assertThat(bridge.introspect(String.valueOf(exported)).path("active").asBoolean()).isTrue();
        hidden(second, String.valueOf(exported));
        runner.post(second);
        assertThat(bridge.introspect(String.valueOf(exported)).path("active").asBoolean())
                .isFalse();
        String kept = runner.environment().getOrDefault("TOLLBRIDGE_FILE_INTERNAL_API", "");
        assertThat(bridge.introspect(Files.readString(Path.of(kept))).path("active").asBoolean())
                .as("the first use goes on")
                .isTrue();
        runner.post(first);
        runner.post(first);
        try (Stream<Path> left = Files.list(runner.temp())) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void wrongInputsAreToldBeforeAnythingIsAsked() throws Exception {
        for (String[] wrong :
                new String[][] {
                    {"targets", ""},
                    {"targets", "a as b"},
                    {"targets", "a\na"},
                    {"targets", "UPPER"},
                    {"url", "http://bridge.example"},
                    {"url", "https://user:pw@bridge.example"},
                    {"export", "all"},
                    {"timeout-seconds", "0"}
                }) {
            Ran main = runner(allowed()).main(inputs("internal-api", wrong));
            assertThat(main.exit()).as(String.join("=", wrong)).isEqualTo(1);
            assertThat(main.raw()).startsWith("::error::");
        }
        assertThat(world.tokens()).isEmpty();
    }

    @Test
    void aStepThatFailsHalfwayIsTakenBackWhole() throws Exception {
        Runner runner = runner(allowed());
        Ran main = runner.main(inputs("internal-api\nshort as aws"));
        assertThat(main.exit()).isEqualTo(1);
        assertThat(main.shown()).contains("it is no AWS target");
        hidden(main);
        String token =
                main.raw()
                        .lines()
                        .filter(line -> line.startsWith("::add-mask::eyJ"))
                        .map(line -> line.substring("::add-mask::".length()))
                        .filter(shown -> bridge.introspect(shown).path("active").asBoolean())
                        .findFirst()
                        .orElseThrow();
        Ran post = runner.post(main);
        assertThat(post.shown()).contains("revoked 2 of 2");
        assertThat(bridge.introspect(token).path("active").asBoolean()).isFalse();
        try (Stream<Path> left = Files.list(runner.temp())) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void whatAKilledJobLeftOnTheMachineIsGoneBeforeTheNextOneBegins() throws Exception {
        Map<String, String> job = allowed();
        job.put("RUNNER_TRACKING_ID", "github_first");
        Path machine = Files.createTempDirectory(folder, "machine");
        Runner killed = new Runner(machine, job);
        Ran main = killed.main(inputs("internal-api"));
        Path made = Path.of(main.outputs().getOrDefault("folder", ""));
        String token =
                Files.readString(
                        Path.of(
                                killed.environment()
                                        .getOrDefault("TOLLBRIDGE_FILE_INTERNAL_API", "")));
        ProcessHandle agent =
                ProcessHandle.of(Long.parseLong(Files.readString(made.resolve("ready")).strip()))
                        .orElseThrow();

        job.put("RUNNER_TRACKING_ID", "github_second");
        Runner next = new Runner(machine, job);
        Ran second = next.main(inputs("internal-api"));
        assertThat(second.exit()).as(second.shown()).isZero();
        assertThat(made).doesNotExist();
        agent.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        assertThat(bridge.introspect(token).path("active").asBoolean())
                .as("its helper noticed, and revoked")
                .isFalse();
        next.post(second);
        try (Stream<Path> left = Files.list(next.temp())) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aHelperThatIsToldToEndRevokesFirst() throws Exception {
        Runner runner = runner(allowed());
        Ran main = runner.main(inputs("internal-api"));
        Path file = Path.of(runner.environment().getOrDefault("TOLLBRIDGE_FILE_INTERNAL_API", ""));
        String token = Files.readString(file);
        ProcessHandle agent =
                ProcessHandle.of(
                                Long.parseLong(
                                        Files.readString(file.resolveSibling("ready")).strip()))
                        .orElseThrow();
        agent.destroy();
        agent.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        assertThat(bridge.introspect(token).path("active").asBoolean()).isFalse();
        assertThat(runner.post(main).exit()).isZero();
    }

    @Test
    void whatCannotBeEndedIsNotSaidToBe() throws Exception {
        Map<String, Object> lasting = new HashMap<>(result("token-that-lasts", "urn:x"));
        lasting.put("revocable", false);
        services.on("/revoke", Answer.json("{}"))
                .on(
                        "/credentials",
                        Answer.json(JSON.writeValueAsString(Map.of("results", List.of(lasting)))));
        Runner runner = runner(allowed());
        Ran main =
                runner.main(
                        inputs(
                                "deploy",
                                "url",
                                services.url(),
                                "ca-file",
                                world.authority.toString()));
        assertThat(main.exit()).as(main.shown()).isZero();
        assertThat(runner.post(main).shown())
                .contains("1 of them cannot be ended by their provider");
    }
}
