package dev.tollbridge.bridge.pod;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.testing.PythonPackages;
import dev.tollbridge.bridge.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What people run in pods, as it is: AWS's command line and boto3, google-auth, kubectl. Each is
/// told where the sidecar's files and endpoint are, and asks its provider who it is.
final class RealClients {

    private static final Path EXAMPLE = Path.of("..", "examples", "pod-aws-sdk", "app.py");

    private final PodWorld world;
    private final Path dir;
    private final String url;
    private final Path scratch;
    private final Path aws;
    private final Path google;

    /// @param dir of the sidecar
    /// @param url of its endpoint
    /// @param scratch their home, and where what they print goes
    RealClients(PodWorld world, Path dir, String url, Path scratch)
            throws IOException, InterruptedException {
        this.world = world;
        this.dir = dir;
        this.url = url;
        this.scratch = Files.createDirectories(scratch);
        Tools.present("kubectl", "https://kubernetes.io/docs/tasks/tools/");
        aws = PythonPackages.python("aws-clients", List.of("awscli==1.45.11", "boto3==1.43.11"));
        google =
                PythonPackages.python(
                        "google-auth", List.of("google-auth==2.62.2", "requests==2.34.2"));
    }

    /// Each says who it is by its provider, or this fails with what it said.
    void askWhoTheyAre() throws IOException, InterruptedException {
        Map<String, String> endpoint =
                Map.of(
                        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                        url + "/aws/" + PodWorld.AWS,
                        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                        dir.resolve("bearer").toString());
        Map<String, String> file =
                Map.of("AWS_SHARED_CREDENTIALS_FILE", in(PodWorld.AWS, "aws-credentials"));
        Path command = aws.resolveSibling("aws");
        for (Map<String, String> way : List.of(endpoint, file)) {
            assertThat(run(way, command, "sts", "get-caller-identity"))
                    .contains("assumed-role/deploy/iss_");
        }
        assertThat(run(endpoint, aws, EXAMPLE.toString()))
                .as("boto3")
                .contains("assumed-role/deploy/iss_", "of-111122223333");
        assertThat(
                        run(
                                Map.of("REQUESTS_CA_BUNDLE", world.caFile.toString()),
                                google,
                                "src/test/resources/google/client.py",
                                in(PodWorld.GOOGLE, "credentials.json"),
                                "read",
                                world.providerUrl() + GivingProviders.WHOAMI))
                .contains("200 deployer");
        assertThat(
                        run(
                                Map.of(),
                                Path.of("kubectl"),
                                "--kubeconfig",
                                in(PodWorld.KUBERNETES, "kubeconfig"),
                                "get",
                                "--raw",
                                GivingProviders.WHOAMI))
                .contains("\"deployer\"");
    }

    private String in(String target, String file) {
        return dir.resolve(target).resolve(file).toString();
    }

    /// @return what it printed
    private String run(Map<String, String> more, Path program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        Path said = Files.createTempFile(scratch, "said", "");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        // Nothing of the machine's own accounts.
        Map<String, String> environment = new HashMap<>(more);
        environment.put("PATH", System.getenv("PATH"));
        environment.put("HOME", scratch.toString());
        environment.put("AWS_ENDPOINT_URL", world.aws.url());
        environment.put("AWS_DEFAULT_REGION", "eu-west-1");
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("%s ends", program).isTrue();
        String output = Files.readString(said);
        assertThat(process.exitValue()).as("%s says %s", program, output).isZero();
        return output;
    }
}
