package dev.tollbridge.bridge.ci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.client.DpopKey;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.signing.CryptoProvider;
import dev.tollbridge.bridge.testing.GitLabCiLocal;
import dev.tollbridge.bridge.testing.PipelineEngine.Ran;
import dev.tollbridge.bridge.testing.PythonPackages;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.Tokens;
import dev.tollbridge.bridge.testing.aws.AwsEmulator;
import dev.tollbridge.bridge.testing.aws.AwsEmulator.Role;
import dev.tollbridge.bridge.testing.aws.AwsEmulator.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `ci-templates/gitlab` in pipelines that an engine runs, against a real bridge.
@DisplayName("The GitLab component")
class GitLabComponentTest {

    private static final String AUDIENCE = "https://tollbridge.acme.example";
    private static final String ROLE = "arn:aws:iam::111122223333:role/payments-deploy";
    private static final Path COMPONENT = Path.of("..", "ci-templates", "gitlab");

    @TempDir private static Path folder;

    private static final TestIssuer GITLAB = TestIssuer.rsa();
    private static AwsEmulator aws;
    private static ServedBridge bridge;
    private static List<Path> clients;

    private static final String COMPONENT_AND_JOB =
            """
            include:
              - component: $CI_SERVER_FQDN/$CI_PROJECT_PATH/credentials@$CI_COMMIT_SHA
                inputs:
                  url: %s
                  targets: internal-api, deploy as aws, internal-git as git
                  audience: https://tollbridge.acme.example

            deploy:
              extends: .tollbridge
              script:
                - aws sts get-caller-identity
                - printf 'protocol=https\\nhost=github.com\\n\\n' | git credential fill > "$INSPECT/git"
                - cp "$TOLLBRIDGE_FILE_INTERNAL_API" "$INSPECT/token"
                - env > "$INSPECT/environment"
                - cp -R "$TOLLBRIDGE_DIR" "$INSPECT/folder"
                - find "$TOLLBRIDGE_DIR" -perm /077 > "$INSPECT/open-to-others"
                - cat /proc/[0-9]*/cmdline > "$INSPECT/processes" 2>/dev/null || true
                - test -z "${FAIL:-}"
              artifacts: {paths: ["*"]}
            """;

    @BeforeAll
    static void start() throws Exception {
        CryptoProvider.install();
        aws = new AwsEmulator();
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(
                config.resolve("all.yaml"),
                """
                apiVersion: tollbridge.dev/v1alpha1
                kind: TrustedIssuer
                metadata: {name: gitlab}
                spec: {preset: gitlab, audience: "%s", keys: {inline: %s}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: internal-api}
                spec: {owner: team@acme.example, jwt: {audience: "https://api.acme.example"}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: internal-git}
                spec: {owner: team@acme.example, jwt: {audience: "https://git.acme.example"}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: deploy}
                spec:
                  owner: team@acme.example
                  aws: {roleArn: "%s", region: eu-west-1, stsEndpoint: "%s"}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Grant
                metadata: {name: main-branch}
                spec:
                  owner: team@acme.example
                  issuer: gitlab
                  match: {project_id: "20", namespace_id: "72", job_project_id: "20", ref_path: refs/heads/main, ref_protected: "true"}
                  condition: claims.pipeline_source == 'push'
                  session: {max: 2h}
                  allow: [{target: internal-api, ttl: 1h}, {target: internal-git, ttl: 1h}, {target: deploy, ttl: 1h}]
                """
                        .formatted(AUDIENCE, GITLAB.jwks(), ROLE, aws.url()));
        bridge =
                new ServedBridge(
                        ServeSettings.local(config, folder.resolve("data"))
                                .withEndpoints(AllowedEndpoints.of(List.of(aws.url()), null)));
        aws.trust(bridge.url() + "/federation").with(Role.trusting(ROLE, "target:aws:deploy"));
        clients =
                List.of(
                        PythonPackages.python(
                                        "aws-clients", List.of("awscli==1.45.11", "boto3==1.43.11"))
                                .resolveSibling("."));
    }

    @AfterAll
    static void stop() {
        bridge.close();
        aws.close();
    }

    private static String token() {
        return GITLAB.sign(
                Tokens.gitlab(AUDIENCE, Instant.now())
                        .claim("pipeline_source", "push")
                        .claim("project_id", "20")
                        .claim("namespace_id", "72")
                        .claim("job_project_id", "20")
                        .claim("ref_path", "refs/heads/main")
                        .claim("ref_protected", "true")
                        .claim("jti", UUID.randomUUID().toString()),
                "key-1");
    }

    private record Job(GitLabCiLocal pipeline, Path inspect, String token) {

        static Job of(String pipeline) throws Exception {
            Path place = Files.createTempDirectory(folder, "job");
            return new Job(
                    new GitLabCiLocal(place, clients, pipeline, Map.of()),
                    Files.createDirectories(place.resolve("inspect")),
                    GitLabComponentTest.token());
        }

        Ran run(String job, String... variables) throws Exception {
            Map<String, String> all = new HashMap<>();
            all.put("TOLLBRIDGE_ID_TOKEN", token);
            all.put("INSPECT", inspect.toString());
            all.put("AWS_ENDPOINT_URL", aws.url());
            all.put("AWS_DEFAULT_REGION", "eu-west-1");
            for (int i = 0; i < variables.length; i += 2) {
                all.put(variables[i], variables[i + 1]);
            }
            return pipeline.run(all, job);
        }

        String saw(String file) throws IOException {
            return Files.readString(inspect.resolve(file), UTF_8);
        }
    }

    private static boolean active(String credential) {
        return bridge.introspect(credential).path("active").asBoolean();
    }

    @Test
    void toolsFindTheirCredentialsAndTheEndTakesThemBack() throws Exception {
        Job job = Job.of(COMPONENT_AND_JOB.formatted(bridge.url()));
        Ran ran = job.run("deploy");
        assertThat(ran.exit()).as(ran.log()).isZero();
        assertThat(ran.log())
                .contains("assumed-role/payments-deploy/iss_")
                .contains("internal-api: revoked");

        String token = job.saw("token").strip();
        assertThat(bridge.data()).contains("\"revoked\"");
        assertThat(token).startsWith("eyJ");
        assertThat(active(token)).isFalse();
        String password =
                job.saw("git")
                        .lines()
                        .filter(line -> line.startsWith("password="))
                        .findFirst()
                        .orElseThrow()
                        .substring("password=".length());
        assertThat(active(password)).isFalse();
        assertThat(job.pipeline().parent()).isEmptyDirectory();
        assertThat(job.inspect().resolve("open-to-others")).isEmptyFile();

        List<String> minted = new ArrayList<>(List.of(token, password));
        for (Session session : aws.sessions()) {
            minted.addAll(List.of(session.secretKey(), session.token()));
        }
        assertThat(job.saw("environment")).doesNotContain("TOLLBRIDGE_ID_TOKEN");
        assertThat(job.saw("folder/tollbridge-job.sh")).contains("stop --dir");
        List<String> tokens = new ArrayList<>(minted);
        tokens.add(job.token());
        // Only in the folder of the job, and not its token there.
        Leftovers during = new Leftovers(tokens);
        during.in("the environment", job.saw("environment"));
        new Leftovers(List.of(job.token())).below(job.inspect().resolve("folder"));
        new Leftovers(minted).below(job.inspect().resolve("processes"));

        during.in("the log", ran.log());
        during.inProcesses();
        Leftovers after = new Leftovers(minted);
        // The engine itself keeps the variables that it was given in its own folder.
        after.below(job.pipeline().project());
        after.below(job.pipeline().parent().resolveSibling("home"));
        during.in("what the bridge keeps", bridge.data());
    }

    @Test
    void aLongJobKeepsWorkingWithOneTokenOfItsOwn() throws Exception {
        Job job =
                Job.of(
                        """
                        include:
                          - local: templates/credentials.yml
                            inputs:
                              url: %s
                              targets: internal-api as token, internal-git as git
                              audience: https://tollbridge.acme.example
                              ready-job: false
                              session: true
                              ttl: 2
                        long:
                          extends: .tollbridge
                          script:
                            - |
                              i=0
                              while [ "$i" -lt 900 ]; do
                                cat "$TOLLBRIDGE_FILE_INTERNAL_API" >> "$INSPECT/tokens"
                                [ "$(sort -u "$INSPECT/tokens" | wc -l)" -lt 13 ] || break
                                i=$((i + 1))
                                sleep 0.1
                              done
                            - printf 'protocol=https\\nhost=github.com\\n\\n' | git credential fill > "$INSPECT/git"
                            - cp -R "$TOLLBRIDGE_DIR" "$INSPECT/folder"
                            - for process in /proc/[0-9]*; do tr '\\0' ' ' < "$process/cmdline" | grep 'tollbridge-session.sh agent' >> "$INSPECT/agent"; done 2>/dev/null || true
                        """
                                .formatted(bridge.url()));
        Ran ran = job.run("long");
        assertThat(ran.exit()).as(ran.log()).isZero();
        List<String> tokens = job.saw("tokens").lines().distinct().toList();
        assertThat(tokens)
                .as("as many as a job of two hours needs whose credentials live ten minutes")
                .hasSize(13);
        assertThat(job.saw("git")).contains("password=eyJ");
        assertThat(active(tokens.getLast())).isFalse();
        assertThat(job.pipeline().parent()).isEmptyDirectory();
        assertThat(bridge.data()).contains("\"session\"");

        new Leftovers(List.of(job.token())).below(job.inspect().resolve("folder"));
        assertThat(job.saw("agent")).isNotEmpty();
        List<String> all = new ArrayList<>(tokens);
        all.add(job.token());
        Leftovers secrets = new Leftovers(all);
        secrets.in("the agent's arguments", job.saw("agent"));
        secrets.in("the log", ran.log());
        secrets.inProcesses();
        secrets.in("what the bridge keeps", bridge.data());
        new Leftovers(tokens).below(job.pipeline().project());
        assertThat(
                        ProcessHandle.allProcesses()
                                .map(process -> process.info().commandLine().orElse(""))
                                .filter(command ->
                                        command.contains(job.pipeline().parent().toString())))
                .isEmpty();
    }

    @Test
    void whatSomebodyCopiesOfALongJobIsWorthNothingAndIsNoticed() throws Exception {
        Job job =
                Job.of(
                        """
                        include:
                          - local: templates/credentials.yml
                            inputs:
                              url: %1$s
                              targets: internal-api as token
                              audience: https://tollbridge.acme.example
                              ready-job: false
                              session: true
                        long:
                          extends: .tollbridge
                          script:
                            - cp -R "$TOLLBRIDGE_DIR" "$INSPECT/folder"
                            - cp "$TOLLBRIDGE_FILE_INTERNAL_API" "$INSPECT/token"
                            - curl -s --data-urlencode "handle=$(cat "$TOLLBRIDGE_DIR/credentials/session/handle")" %1$s/session > "$INSPECT/without-key"
                            - cat "$TOLLBRIDGE_FILE_INTERNAL_API" > "$INSPECT/goes-on"
                        """
                                .formatted(bridge.url()));
        Ran ran = job.run("long");
        assertThat(ran.exit()).as(ran.log()).isZero();
        assertThat(job.saw("without-key")).contains("proof_required").doesNotContain("eyJ");
        assertThat(bridge.metrics())
                .contains("tollbridge_session_alarms_total{what=\"no_key\"} 1.0");
        assertThat(job.saw("goes-on")).as("the job does not suffer").startsWith("eyJ");

        // After the job: the folder that was copied, with whatever key.
        String handle = job.saw("folder/credentials/session/handle").strip();
        assertThat(handle).startsWith("snh_");
        for (String late :
                List.of(
                        bridge.ask("POST", bridge.url() + "/session", null, "handle=" + handle)
                                .body(),
                        session(handle, DpopKey.generate()))) {
            assertThat(late).contains("session_ended", "rct_").doesNotContain("eyJ");
        }
        assertThat(bridge.metrics())
                .contains("tollbridge_session_alarms_total{what=\"after_end\"} 2.0");
        assertThat(active(job.saw("token").strip())).isFalse();
        String id = "ses_" + handle.substring("snh_".length(), "snh_".length() + 26);
        assertThat(bridge.data().lines().filter(line -> line.contains(id)))
                .as("each attempt is in the record")
                .anyMatch(line -> line.contains("proof_required"))
                .anyMatch(line -> line.contains("session_ended"));
    }

    private static String session(String handle, DpopKey key) {
        URI door = URI.create(bridge.url() + "/session");
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(
                            HttpRequest.newBuilder(door)
                                    .header("Content-Type", "application/x-www-form-urlencoded")
                                    .header(
                                            "DPoP",
                                            key.proof("POST", door, null, Instant.now()).reveal())
                                    .POST(HttpRequest.BodyPublishers.ofString("handle=" + handle))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aJobThatFailsIsTakenBackToo() throws Exception {
        Job job = Job.of(COMPONENT_AND_JOB.formatted(bridge.url()));
        Ran ran = job.run("deploy", "FAIL", "yes");
        assertThat(ran.exit()).isNotZero();
        assertThat(active(job.saw("token").strip())).isFalse();
        assertThat(job.pipeline().parent()).isEmptyDirectory();
    }

    @Test
    void theReadyJobShowsThatTheGrantFits() throws Exception {
        Job job =
                Job.of(
                        """
                        stages: [check]
                        include:
                          - local: templates/credentials.yml
                            inputs:
                              url: %s
                              targets: internal-api
                              audience: https://tollbridge.acme.example
                              stage: check
                              ttl: 60
                        """
                                .formatted(bridge.url()));
        Ran ran = job.run("tollbridge");
        assertThat(ran.exit()).as(ran.log()).isZero();
        assertThat(ran.log())
                .contains("This job gets credentials for internal-api")
                .contains("internal-api: revoked");
    }

    @Test
    void allTargetsOrNone() throws Exception {
        Job job =
                Job.of(
                        COMPONENT_AND_JOB
                                .formatted(bridge.url())
                                .replace("internal-api, deploy", "internal-api, nobodys, deploy"));
        Ran ran = job.run("deploy");
        assertThat(ran.exit()).isNotZero();
        assertThat(ran.log())
                .contains("refused: grant_missing (receipt rct_")
                .contains("for nobodys")
                .doesNotContain("get-caller-identity\n")
                .doesNotContain(job.token());
        assertThat(job.pipeline().parent()).isEmptyDirectory();
        assertThat(job.inspect()).isEmptyDirectory();
    }

    @Test
    void aForksMergeRequestGetsNothingAndIsToldSo() throws Exception {
        Job job = Job.of(COMPONENT_AND_JOB.formatted(bridge.url()));
        Ran ran =
                job.run(
                        "deploy",
                        "CI_MERGE_REQUEST_PROJECT_ID",
                        "20",
                        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID",
                        "666");
        assertThat(ran.exit()).isNotZero();
        assertThat(ran.log()).contains("a fork's merge request, which gets no credentials");
        assertThat(bridge.exchange(job.token(), "internal-api").has("access_token"))
                .as("the token was not shown")
                .isTrue();
    }

    @Test
    void refusesToRunWhileGitLabPrintsEveryVariable() throws Exception {
        Job job = Job.of(COMPONENT_AND_JOB.formatted(bridge.url()));
        Ran ran = job.run("deploy", "CI_DEBUG_TRACE", "true");
        assertThat(ran.exit()).isNotZero();
        assertThat(ran.log()).contains("switch it off");
        assertThat(job.pipeline().parent()).isEmptyDirectory();
    }

    @Test
    void inputsAreConstrained() throws Exception {
        for (String[] wrong :
                new String[][] {
                    {"url: " + bridge.url(), "url: http://bridge.acme.example"},
                    {"targets: internal-api,", "targets: \"$(id)\"#"},
                    {"audience: https", "audience: \"a b\" #"}
                }) {
            Job job = Job.of(COMPONENT_AND_JOB.formatted(bridge.url()).replace(wrong[0], wrong[1]));
            Ran ran = job.run("deploy");
            assertThat(ran.exit()).as(wrong[1]).isNotZero();
            assertThat(job.inspect()).isEmptyDirectory();
        }
    }

    @Test
    void holdsTheScriptsAsTheyAre() throws Exception {
        Process embed =
                new ProcessBuilder(COMPONENT.resolve("embed").toString())
                        .redirectErrorStream(true)
                        .start();
        String made = new String(embed.getInputStream().readAllBytes(), UTF_8);
        assertThat(Files.readString(COMPONENT.resolve("templates/credentials.yml")))
                .as("run ci-templates/gitlab/embed --write")
                .isEqualTo(made);
    }
}
