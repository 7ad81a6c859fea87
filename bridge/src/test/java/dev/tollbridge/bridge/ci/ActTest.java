package dev.tollbridge.bridge.ci;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.signing.CryptoProvider;
import dev.tollbridge.bridge.testing.ExamplePolicy;
import dev.tollbridge.bridge.testing.PipelineEngine;
import dev.tollbridge.bridge.testing.PythonPackages;
import dev.tollbridge.bridge.testing.aws.AwsEmulator;
import dev.tollbridge.bridge.testing.aws.AwsEmulator.Role;
import dev.tollbridge.bridge.testing.aws.AwsEmulator.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `examples/targets/aws`, policy and workflow as they are, run by a workflow engine: the action's
/// `main` and `post`, AWS's command line between them, and an STS that gives keys only for a token
/// of the bridge that verifies.
@DisplayName("The GitHub action in a workflow engine")
class ActTest {

    private static final String ROLE = "arn:aws:iam::111122223333:role/payments-deploy";

    /// Puts aside what a job could read, and prints what must not be read in its log.
    private static final String LOOKS =
            """
                  - run: |
                      env > "$INSPECT/environment"
                      for process in /proc/[0-9]*; do
                        tr '\\0' ' ' < "$process/cmdline" >> "$INSPECT/processes" 2>/dev/null || true
                      done
                      cp -R "$RUNNER_TEMP" "$INSPECT/temp"
                      cp -R "$GITHUB_WORKSPACE" "$INSPECT/workspace"
                      find "$RUNNER_TEMP" -path '*/tollbridge-*' -perm /077 > "$INSPECT/open-to-others"
                      sh -c "$(sed -n "2s/credential_process = //p" "$AWS_CONFIG_FILE")"
                      sh -c "$(sed -n "2s/credential_process = //p" "$AWS_CONFIG_FILE")" | base64 -w 0
            """;

    @TempDir private Path folder;

    private AwsEmulator aws;
    private GitHubWorld world;
    private Path inspect;
    private Act act;

    @BeforeEach
    void start() throws IOException {
        CryptoProvider.install();
        aws = new AwsEmulator();
        List<String> keys = ExamplePolicy.keys(GitHubWorld.AUDIENCE, GitHubWorld.jwks());
        Path config =
                ExamplePolicy.copy(
                        Path.of("..", "examples", "targets", "aws"),
                        folder.resolve("config"),
                        keys.get(0),
                        keys.get(1),
                        "    region: eu-west-1",
                        "    region: eu-west-1\n    stsEndpoint: " + aws.url());
        world = new GitHubWorld(folder, config, List.of(aws.url()));
        aws.trust(world.bridge.url() + "/federation")
                .with(Role.trusting(ROLE, "target:aws:aws-payments-deploy"));
        inspect = Files.createDirectories(folder.resolve("inspect"));
        act = new Act(Files.createDirectories(folder.resolve("act")));
    }

    @AfterEach
    void stop() {
        world.close();
        aws.close();
    }

    private static String example() throws IOException {
        return Files.readString(Path.of("..", "examples", "targets", "aws", "deploy.yml"));
    }

    private PipelineEngine.Ran push(Map<String, String> job, @Nullable Path event)
            throws Exception {
        Path clients =
                PythonPackages.python("aws-clients", List.of("awscli==1.45.11", "boto3==1.43.11"));
        Map<String, String> environment = new HashMap<>(job);
        environment.put("AWS_ENDPOINT_URL", aws.url());
        environment.put("INSPECT", inspect.toString());
        return act.push(
                List.of(clients.resolveSibling(".")),
                environment,
                Map.of("TOLLBRIDGE_URL", world.bridge.url()),
                event);
    }

    @Test
    void theExampleRunsAndNothingOfItIsLeft() throws Exception {
        act.workflow(example() + LOOKS);
        PipelineEngine.Ran ran = push(world.allowed(), null);
        assertThat(ran.exit()).as(ran.log()).isZero();
        assertThat(ran.log())
                .contains("assumed-role/payments-deploy/iss_")
                .contains("of-111122223333")
                .contains("revoked 1 of 1");
        assertThat(aws.calls())
                .contains("AssumeRoleWithWebIdentity ok", "GetCallerIdentity ok", "ListBuckets ok");

        List<String> minted = new ArrayList<>();
        for (Session session : aws.sessions()) {
            minted.add(session.secretKey());
            minted.add(session.token());
        }
        assertThat(minted).isNotEmpty();
        String secret = minted.getFirst();
        assertThat(ran.log())
                .as("it was printed, and hidden")
                .contains("***")
                .doesNotContain(secret);
        String inBase64 =
                Base64.getEncoder()
                        .encodeToString(("\"" + secret).getBytes(StandardCharsets.UTF_8));
        assertThat(ran.log()).doesNotContain(inBase64.substring(4, inBase64.length() - 4));

        List<String> tokens = new ArrayList<>(minted);
        tokens.addAll(world.tokens());
        // GitHub gives each step of such a job its request token; nobody writes it down.
        Leftovers during = new Leftovers(tokens);
        during.below(inspect);
        new Leftovers(List.of(GitHubWorld.REQUEST_TOKEN)).below(inspect.resolve("temp"));
        assertThat(inspect.resolve("open-to-others")).isEmptyFile();

        tokens.add(GitHubWorld.REQUEST_TOKEN);
        Leftovers after = new Leftovers(tokens);
        after.in("the log", ran.log());
        after.below(folder.resolve("act"));
        after.inProcesses();
        after.in("what the bridge keeps", world.bridge.data());
    }

    @Test
    void aForksPullRequestIsToldWhy() throws Exception {
        act.workflow(example());
        Path event =
                Files.writeString(
                        folder.resolve("event.json"),
                        "{\"pull_request\":{\"head\":{\"repo\":{\"fork\":true}}}}");
        PipelineEngine.Ran ran = push(Map.of(), event);
        assertThat(ran.exit()).isNotZero();
        assertThat(ran.log()).contains("gives those no OIDC token");
        assertThat(aws.calls()).isEmpty();
    }

    @Test
    void aRefusedJobSeesItsClaimsAndReceiptAndGetsNothing() throws Exception {
        act.workflow(example().replace(GitHubWorld.AUDIENCE, "https://another.example"));
        PipelineEngine.Ran ran = push(world.allowed(), null);
        assertThat(ran.exit()).isNotZero();
        assertThat(ran.log())
                .contains("refused: audience_mismatch (receipt rct_")
                .contains("https://another.example")
                .contains("repository_id");
        Leftovers left = new Leftovers(world.tokens());
        left.in("the log", ran.log());
        left.below(folder.resolve("act"));
        left.inProcesses();
        assertThat(aws.calls()).isEmpty();
    }
}
