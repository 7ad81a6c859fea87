package dev.tollbridge.bridge.ci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.testing.HttpsIssuerServer;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import dev.tollbridge.bridge.testing.PlainJobs;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.tls.ThrowawayCa;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `ci-templates/sh/tollbridge-job.sh` in each shell that images of CI systems call `sh`.
@DisplayName("The script for jobs")
class JobScriptTest {

    private static final Path SCRIPT =
            Path.of("..", "ci-templates", "sh", "tollbridge-job.sh").toAbsolutePath().normalize();

    @TempDir private static Path folder;

    private static final PlainJobs JOBS = new PlainJobs();
    private static Vertx vertx;
    private static ServedBridge bridge;
    private static HttpsIssuerServer scripted;
    private static Path authority;

    @BeforeAll
    static void start() throws IOException {
        Path config = Files.createDirectories(folder.resolve("config"));
        StringBuilder documents =
                new StringBuilder(
                        JOBS.trusted()
                                + """
                                apiVersion: tollbridge.dev/v1alpha1
                                kind: Grant
                                metadata: {name: jobs}
                                spec:
                                  owner: team@acme.example
                                  issuer: ci
                                  match: {sub: job-42}
                                  allow: [{target: api}, {target: cluster}, {target: repo}]
                                  session: {max: 1h}
                                """);
        for (String target : List.of("api", "cluster", "repo", "nobodys")) {
            documents.append(
                    """
                    ---
                    apiVersion: tollbridge.dev/v1alpha1
                    kind: Target
                    metadata: {name: %s}
                    spec: {owner: team@acme.example, jwt: {audience: "https://%s.acme.example"}}
                    """
                            .formatted(target, target));
        }
        Files.writeString(config.resolve("all.yaml"), documents);
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

    private record Ran(int exit, String out) {}

    /// A job whose `sh` is that shell.
    private record Job(String shell, Path place, String token) {

        static Job of(String shell) throws IOException, InterruptedException {
            Path place = Files.createTempDirectory(folder, "job");
            Path bin = Files.createDirectories(place.resolve("bin"));
            Path program = Path.of("/usr/bin", shell.split(" ")[0]);
            assertThat(program).as("apt-get install dash busybox-static bash curl").isExecutable();
            // busybox is what it is called.
            Files.copy(program, bin.resolve("sh"), StandardCopyOption.COPY_ATTRIBUTES);
            Files.createDirectories(place.resolve("workspace"));
            Files.createDirectories(place.resolve("home"));
            return new Job(shell, place, JobScriptTest.token());
        }

        Path dir() {
            return place.resolve("credentials");
        }

        Ran run(String script) throws IOException, InterruptedException {
            Map<String, String> job = new HashMap<>();
            job.put("PATH", place.resolve("bin") + ":" + System.getenv("PATH"));
            job.put("HOME", place.resolve("home").toString());
            job.put("TOLLBRIDGE_URL", bridge.url());
            job.put("TOKEN", token);
            job.put("SCRIPT", SCRIPT.toString());
            job.put("DIR", dir().toString());
            ProcessBuilder builder =
                    new ProcessBuilder(place.resolve("bin/sh").toString(), "-c", script)
                            .directory(place.resolve("workspace").toFile())
                            .redirectErrorStream(true);
            builder.environment()
                    .keySet()
                    .removeIf(name -> name.matches("(TOLLBRIDGE|AWS|GIT|KUBE).*"));
            builder.environment().putAll(job);
            Process process = builder.start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Ran(process.exitValue(), out);
        }

        Ran start(String targets) throws IOException, InterruptedException {
            return run(
                    "sh \"$SCRIPT\" start --dir \"$DIR\" --workspace . --token-variable TOKEN --targets '"
                            + targets
                            + "'");
        }
    }

    private static String token() {
        return JOBS.token();
    }

    private static boolean active(String credential) {
        return bridge.introspect(credential.strip()).path("active").asBoolean();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox", "bash"})
    void givesToolsWhatTheyLookForAndTakesItBack(String shell) throws Exception {
        Job job = Job.of(shell);
        Ran started = job.start("api, cluster as kube\nrepo as git");
        assertThat(started.exit()).as(started.out()).isZero();
        assertThat(started.out()).contains("api until ", "iss_").doesNotContain("eyJ", "rvk_");

        Ran seen =
                job.run(
                        """
                        . "$DIR/env"
                        printf '%s\\n' "$TOLLBRIDGE_FILE_API" "$KUBECONFIG" "${TOKEN:-forgotten}"
                        cat "$TOLLBRIDGE_FILE_API"
                        printf 'protocol=https\\nhost=github.com\\n\\n' | git credential fill
                        """);
        List<String> lines = seen.out().lines().toList();
        assertThat(lines.get(0)).isEqualTo(job.dir().toRealPath() + "/api");
        assertThat(lines.get(1)).endsWith(".kube/config:" + job.dir().toRealPath() + "/kubeconfig");
        assertThat(lines.get(2)).isEqualTo("forgotten");
        assertThat(active(lines.get(3))).isTrue();
        String password =
                seen.out()
                        .lines()
                        .filter(line -> line.startsWith("password="))
                        .findFirst()
                        .orElseThrow()
                        .substring(9);
        assertThat(active(password)).isTrue();

        var user =
                new ObjectMapper()
                        .readTree(job.dir().resolve("kubeconfig").toFile())
                        .at("/users/0/user/exec");
        List<String> words = new ArrayList<>(List.of(user.path("command").asText()));
        user.path("args").forEach(word -> words.add(word.asText()));
        Ran exec = job.run(String.join(" ", words));
        assertThat(new ObjectMapper().readTree(exec.out()).path("kind").asText())
                .isEqualTo("ExecCredential");

        try (Stream<Path> files = Files.walk(job.dir())) {
            for (Path file : files.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .endsWith("------");
            }
        }
        assertThat(job.place().resolve("workspace")).isEmptyDirectory();

        Ran stopped = job.run("sh \"$SCRIPT\" stop --dir \"$DIR\"");
        assertThat(stopped.exit()).as(stopped.out()).isZero();
        assertThat(stopped.out()).contains("api: revoked", "cluster: revoked", "repo: revoked");
        assertThat(active(lines.get(3))).isFalse();
        assertThat(active(password)).isFalse();
        assertThat(job.dir()).doesNotExist();
        assertThat(job.run("sh \"$SCRIPT\" stop --dir \"$DIR\"").exit()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox", "bash"})
    void aSessionRenewsWhatToolsReadUntilItIsStopped(String shell) throws Exception {
        Job job = Job.of(shell);
        Ran started =
                job.run(
                        "sh \"$SCRIPT\" start --dir \"$DIR\" --session --ttl 2 --token-variable TOKEN"
                                + " --targets 'api, cluster as kube'");
        assertThat(started.exit()).as(started.out()).isZero();
        assertThat(started.out()).doesNotContain("eyJ");
        Ran seen =
                job.run(
                        """
                        . "$DIR/env"
                        i=0
                        first=$(cat "$TOLLBRIDGE_FILE_API")
                        while [ "$i" -lt 600 ] && [ "$(cat "$TOLLBRIDGE_FILE_API")" = "$first" ]; do
                            i=$((i + 1))
                            sleep 0.1
                        done
                        printf '%s\\n' "$first"
                        cat "$TOLLBRIDGE_FILE_API"
                        sh "$DIR/helper" kube cluster
                        """);
        List<String> lines = seen.out().lines().toList();
        assertThat(lines.get(1)).startsWith("eyJ").isNotEqualTo(lines.get(0));
        assertThat(lines.get(2)).contains("ExecCredential");

        Ran stopped = job.run("sh \"$SCRIPT\" stop --dir \"$DIR\"");
        assertThat(stopped.exit()).as(stopped.out()).isZero();
        assertThat(stopped.out()).contains("the session and what it gave: revoked");
        assertThat(job.dir()).doesNotExist();
        assertThat(active(lines.get(1))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox", "bash"})
    void refusesBeforeTheTokenIsShown(String shell) throws Exception {
        Job job = Job.of(shell);
        for (String wrong :
                List.of(
                        "--dir workspace/inside --workspace .. --targets api",
                        "--dir ../home --targets api",
                        "--dir '../a b' --targets api",
                        "--dir ../x --targets 'api, api'",
                        "--dir ../x --targets 'api as wrong'",
                        "--dir ../x --targets 'API'",
                        "--dir ../x --targets ','",
                        "--dir ../x --targets api --surprise",
                        "--dir ../x",
                        "--targets api")) {
            Ran ran =
                    job.run(
                            "mkdir -p workspace; sh \"$SCRIPT\" start --token-variable TOKEN "
                                    + wrong);
            assertThat(ran.exit()).as(wrong + ": " + ran.out()).isEqualTo(2);
            assertThat(ran.out()).contains("tollbridge: ");
        }
        assertThat(job.start("api").exit()).as("the token was not used up").isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox", "bash"})
    void aStartThatFailsLeavesNothing(String shell) throws Exception {
        Job refused = Job.of(shell);
        Ran ran = refused.start("api, nobodys");
        assertThat(ran.exit()).isEqualTo(1);
        assertThat(ran.out()).contains("refused: grant_missing (receipt rct_", "for nobodys");
        assertThat(refused.dir()).doesNotExist();

        Job unfit = Job.of(shell);
        Ran wrong = unfit.start("api, cluster as aws");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.out())
                .contains("does not fit this target", "api: revoked", "cluster: revoked");
        assertThat(unfit.dir()).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"dash", "busybox", "bash"})
    void profilesOfTheJobStay(String shell) throws Exception {
        String keys =
                """
                {"AccessKeyId":"ASIAQ3EGEXAMPLE","SecretAccessKey":"sEcReT/of+aws","Token":"session==","Expiration":"2099-01-01T00:00:00Z"}\
                """;
        scripted.reset()
                .on("/revoke", Answer.json("{}"))
                .on(
                        "/credentials",
                        Answer.json(
                                new ObjectMapper()
                                        .writeValueAsString(
                                                Map.of(
                                                        "results",
                                                        List.of(
                                                                Map.of(
                                                                        "access_token", keys,
                                                                        "issued_token_type",
                                                                                "urn:tollbridge:params:oauth:token-type:aws-credentials",
                                                                        "token_type", "N_A",
                                                                        "expires_in", 3600,
                                                                        "expires_at",
                                                                                "2099-01-01T00:00:00Z",
                                                                        "issuance", "iss_1",
                                                                        "revocation_handle",
                                                                                "rvk_1"))))));
        Job job = Job.of(shell);
        Path config = Files.createDirectories(job.place().resolve("home/.aws")).resolve("config");
        Files.writeString(
                config,
                "[default]\nregion = eu-west-1\ncredential_process = /old\n[profile other]\nregion = us-east-1\n");
        Ran started =
                job.run(
                        "sh \"$SCRIPT\" start --dir \"$DIR\" --token-variable TOKEN --targets deploy --url "
                                + scripted.url()
                                + " --ca-file "
                                + authority);
        assertThat(started.exit()).as(started.out()).isZero();
        Ran seen =
                job.run(
                        """
                        . "$DIR/env"
                        aws configure list
                        aws configure get region
                        aws configure get region --profile other
                        """);
        assertThat(seen.out())
                .contains("custom-process", "+aws", "eu-west-1", "us-east-1")
                .doesNotContain("sEcReT");
        assertThat(job.run("sh \"$SCRIPT\" stop --dir \"$DIR\"").out()).contains("deploy: revoked");
        assertThat(scripted.requests("/revoke")).isEqualTo(1);
    }
}
