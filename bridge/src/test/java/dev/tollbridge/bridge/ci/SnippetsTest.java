package dev.tollbridge.bridge.ci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.issuer.PresetCatalogue;
import dev.tollbridge.bridge.issuer.SampleTokens;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.signing.CryptoProvider;
import dev.tollbridge.bridge.testing.ExamplePolicy;
import dev.tollbridge.bridge.testing.HttpsIssuerServer;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.Tokens;
import dev.tollbridge.bridge.testing.aws.AwsEmulator;
import dev.tollbridge.bridge.testing.aws.AwsEmulator.Role;
import dev.tollbridge.bridge.tls.ThrowawayCa;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The snippets of `ci-templates` for systems that have no engine to run here: their grant is what
/// the preset recommends, and their shell parts, in dash, get a credential for a token of that
/// system's shape and give it back.
@DisplayName("The snippets for CI systems")
class SnippetsTest {

    private static final Path TEMPLATES = Path.of("..", "ci-templates");
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final String URL = "https://tollbridge.acme.example";
    private static final String ROLE = "arn:aws:iam::111122223333:role/payments-deploy";
    private static final Pattern JENKINS = Pattern.compile("sh '''(.*?)'''", Pattern.DOTALL);
    private static final Pattern PROCESS = Pattern.compile("credential_process = (.*)");

    /// @param folder below `ci-templates`
    /// @param sample whose token a job of it gets
    /// @param variable where the system puts the token; empty: nowhere
    record CiSystem(String folder, String file, String preset, String sample, String variable) {
        @Override
        public String toString() {
            return folder;
        }
    }

    static List<CiSystem> systems() {
        return List.of(
                new CiSystem("circleci", "config.yml", "circleci", "custom-audience", ""),
                new CiSystem("buildkite", "pipeline.yml", "buildkite", "with-ids", ""),
                new CiSystem(
                        "jenkins",
                        "Jenkinsfile",
                        "jenkins-oidc-provider",
                        "job",
                        "TOLLBRIDGE_ID_TOKEN"),
                new CiSystem("azure-devops", "azure-pipelines.yml", "azure-devops", "pipeline", ""),
                new CiSystem(
                        "bitbucket",
                        "bitbucket-pipelines.yml",
                        "bitbucket-pipelines",
                        "deployment",
                        "BITBUCKET_STEP_OIDC_TOKEN"),
                new CiSystem("forgejo", "deploy.yml", "forgejo-actions", "push", ""),
                new CiSystem(
                        "semaphore",
                        "semaphore.yml",
                        "semaphore",
                        "branch",
                        "SEMAPHORE_OIDC_TOKEN"),
                new CiSystem(
                        "hcp-terraform",
                        "aws-config",
                        "hcp-terraform",
                        "apply",
                        "TFC_WORKLOAD_IDENTITY_TOKEN_TOLLBRIDGE"));
    }

    @TempDir private Path folder;

    @Test
    void everyFolderIsRunHereOrByAnEngine() throws IOException {
        try (Stream<Path> folders = Files.list(TEMPLATES)) {
            List<String> names =
                    new ArrayList<>(
                            folders.filter(Files::isDirectory)
                                    .map(one -> one.getFileName().toString())
                                    .toList());
            names.removeAll(List.of("github", "gitlab", "sh"));
            assertThat(names)
                    .containsExactlyInAnyOrderElementsOf(
                            systems().stream().map(CiSystem::folder).toList());
        }
    }

    @ParameterizedTest
    @MethodSource("systems")
    void theGrantIsWhatThePresetRecommends(CiSystem system) throws IOException {
        JsonNode grant =
                YAML.readTree(
                                TEMPLATES
                                        .resolve(system.folder)
                                        .resolve("policy/grant.yaml")
                                        .toFile())
                        .path("spec");
        JsonNode recommended =
                YAML.readTree(
                                Path.of(
                                                "src/main/resources/dev/tollbridge/bridge/issuer/presets",
                                                system.preset + ".yaml")
                                        .toFile())
                        .at("/recommended/0");
        assertThat(grant.path("match")).isEqualTo(recommended.path("match"));
        assertThat(grant.path("condition").asText())
                .isEqualTo(recommended.path("condition").asText());
    }

    @ParameterizedTest
    @MethodSource("systems")
    void theShellPartsAreCleanShell(CiSystem system) throws Exception {
        List<String> parts = parts(system);
        assertThat(parts).isNotEmpty();
        for (String part : parts) {
            Path script = Files.writeString(folder.resolve("part.sh"), part);
            // What is read from a file of the job cannot be followed.
            Ran ran =
                    run(
                            folder,
                            Map.of(),
                            "shellcheck",
                            "-s",
                            "sh",
                            "-e",
                            "SC1090,SC1091,SC2148,SC2154",
                            script.toString());
            assertThat(ran.exit).as(part + ran.out).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("systems")
    void aJobGetsItsCredentialAndGivesItBack(CiSystem system) throws Exception {
        CryptoProvider.install();
        String algorithm =
                Objects.requireNonNull(PresetCatalogue.shipped().find(system.preset))
                        .algorithms()
                        .getFirst();
        TestIssuer issuer = new TestIssuer().with("key-1", algorithm, "snippets");
        Vertx vertx = Vertx.vertx();
        ThrowawayCa ca = ThrowawayCa.create(InstantSource.system());
        try (AwsEmulator aws = new AwsEmulator();
                ServedBridge bridge = bridge(system, issuer, aws);
                HttpsIssuerServer services = HttpsIssuerServer.start(vertx, ca)) {
            aws.trust(bridge.url() + "/federation")
                    .with(Role.trusting(ROLE, "target:aws:aws-payments-deploy"));
            String token = token(system, issuer);
            services.on("/github", Answer.json("{\"value\":\"" + token + "\"}"))
                    .on("/azure", Answer.json("{\"oidcToken\":\"" + token + "\"}"));
            Path project = project(token);
            Map<String, String> job = job(system, services, bridge, token);
            job.put(
                    "CURL_CA_BUNDLE",
                    Files.writeString(folder.resolve("ca.pem"), ca.certificatePem()).toString());
            StringBuilder log = new StringBuilder();
            for (String part : parts(system)) {
                Path script =
                        Files.writeString(
                                folder.resolve("part.sh"),
                                "[ ! -r \"$BASH_ENV\" ] || . \"$BASH_ENV\"\n"
                                        + part.replace("URL=" + URL, "URL=" + bridge.url())
                                                .replace("--url " + URL, "--url " + bridge.url()));
                Ran ran = run(project, job, "dash", "-e", script.toString());
                assertThat(ran.exit).as(part + ran.out).isZero();
                log.append(ran.out);
            }
            if (system.folder.equals("hcp-terraform")) {
                JsonNode keys = new ObjectMapper().readTree(log.toString());
                assertThat(aws.sessions())
                        .anyMatch(session ->
                                session.secretKey().equals(keys.path("SecretAccessKey").asText())
                                        && session.accessKeyId()
                                                .equals(keys.path("AccessKeyId").asText()));
                return;
            }
            String credential = Files.readString(project.resolve("deployed-with")).strip();
            assertThat(credential).startsWith("eyJ");
            assertThat(log).contains("internal-api: revoked").doesNotContain(credential, token);
            assertThat(bridge.introspect(credential).path("active").asBoolean(true)).isFalse();
            assertThat(folder.resolve("tmp")).isEmptyDirectory();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private ServedBridge bridge(CiSystem system, TestIssuer issuer, AwsEmulator aws)
            throws IOException {
        List<String> changes =
                new ArrayList<>(List.of("  audience: ", "  keys: {inline: %s}\n  audience: "));
        // Of the issuer only: a target's audience stands deeper.
        changes.set(0, "spec:\n  preset: ");
        changes.set(1, "spec:\n  keys: {inline: " + issuer.jwks() + "}\n  preset: ");
        if (system.folder.equals("hcp-terraform")) {
            changes.addAll(
                    List.of(
                            "    region: eu-west-1",
                            "    region: eu-west-1\n    stsEndpoint: " + aws.url()));
        }
        Path config =
                ExamplePolicy.copy(
                        TEMPLATES.resolve(system.folder),
                        folder.resolve("config"),
                        changes.toArray(String[]::new));
        return new ServedBridge(
                ServeSettings.local(config, folder.resolve("data"))
                        .withEndpoints(AllowedEndpoints.of(List.of(aws.url()), null)));
    }

    /// The sample's claims, as if it had been issued now.
    private static String token(CiSystem system, TestIssuer issuer) throws IOException {
        ObjectNode claims =
                (ObjectNode)
                        new ObjectMapper()
                                .readTree(SampleTokens.of(system.preset, system.sample).json());
        long now = Instant.now().getEpochSecond();
        claims.put("iat", now).put("exp", now + 600);
        if (claims.has("nbf")) {
            claims.put("nbf", now);
        }
        if (claims.has("jti")) {
            claims.put("jti", UUID.randomUUID().toString());
        }
        return issuer.sign(
                Tokens.plain("x", "y", Instant.now()).rawClaims(claims.toString()), "key-1");
    }

    /// A repository with the scripts in `ci`, and the programs that a system's machines bring.
    private Path project(String token) throws IOException {
        Path project = Files.createDirectories(folder.resolve("project"));
        Path ci = Files.createDirectories(project.resolve("ci"));
        for (String script : List.of("tollbridge-exchange.sh", "tollbridge-job.sh")) {
            Files.copy(TEMPLATES.resolve("sh").resolve(script), ci.resolve(script));
        }
        program(ci.resolve("deploy.sh"), "cat \"$TOLLBRIDGE_FILE_INTERNAL_API\" > deployed-with");
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.createDirectories(folder.resolve("tmp"));
        program(
                bin.resolve("circleci"),
                "[ \"$*\" = 'run oidc get --claims {\"aud\": \"" + URL + "\"}' ] && echo " + token);
        program(
                bin.resolve("buildkite-agent"),
                "[ \"$*\" = 'oidc request-token --audience "
                        + URL
                        + " --claim organization_id,pipeline_id,queue_id' ] && echo "
                        + token);
        program(bin.resolve("checkout"), ":");
        return project;
    }

    private static void program(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private Map<String, String> job(
            CiSystem system, HttpsIssuerServer services, ServedBridge bridge, String token) {
        Map<String, String> job = new HashMap<>();
        job.put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        job.put("TOLLBRIDGE_URL", bridge.url());
        job.put("BASH_ENV", folder.resolve("bash-env").toString());
        for (String id :
                List.of(
                        "CIRCLE_WORKFLOW_JOB_ID",
                        "BUILDKITE_JOB_ID",
                        "BUILD_TAG",
                        "GITHUB_RUN_ID",
                        "GITHUB_JOB",
                        "SEMAPHORE_JOB_ID")) {
            job.put(id, "7");
        }
        job.put("AGENT_TEMPDIRECTORY", folder.resolve("tmp").toString());
        job.put("BUILD_SOURCESDIRECTORY", ".");
        job.put("BITBUCKET_CLONE_DIR", ".");
        job.put("SYSTEM_OIDCREQUESTURI", services.url("/azure"));
        job.put("SYSTEM_ACCESSTOKEN", "access-token-of-this-job");
        job.put("ACTIONS_ID_TOKEN_REQUEST_URL", services.url("/github?api-version=2.0"));
        job.put("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "request-token-of-this-job");
        if (!system.variable.isEmpty()) {
            job.put(system.variable, token);
        }
        return job;
    }

    /// What the snippet has a shell do, in its order.
    private List<String> parts(CiSystem system) throws IOException {
        String text = Files.readString(TEMPLATES.resolve(system.folder).resolve(system.file));
        List<String> parts = new ArrayList<>();
        switch (system.folder) {
            case "jenkins" -> found(JENKINS, text, parts);
            case "hcp-terraform" -> found(PROCESS, text, parts);
            default -> collect(YAML.readTree(text), parts);
        }
        return parts.stream()
                .map(part -> system.folder.equals("buildkite") ? part.replace("$$", "$") : part)
                .map(part -> part.replace("/tmp/", folder.resolve("tmp") + "/"))
                .toList();
    }

    private static void found(Pattern pattern, String text, List<String> parts) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            parts.add(matcher.group(1).stripIndent());
        }
    }

    private static void collect(JsonNode node, List<String> parts) {
        node.properties()
                .forEach(field -> {
                    JsonNode value = field.getValue();
                    boolean shell =
                            List.of("command", "commands", "run", "script", "after-script")
                                    .contains(field.getKey());
                    if (shell && value.isTextual()) {
                        parts.add(value.asText());
                    } else if (shell && value.isArray()) {
                        List<String> lines = new ArrayList<>();
                        value.forEach(line -> lines.add(line.asText()));
                        parts.add(String.join("\n", lines) + "\n");
                    } else {
                        collect(value, parts);
                    }
                });
        if (node.isArray()) {
            node.forEach(element -> collect(element, parts));
        }
    }

    private record Ran(int exit, String out) {}

    private Ran run(Path directory, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("TOLLBRIDGE_"));
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new AssertionError(
                    command[0] + " is not installed; apt-get install dash shellcheck", e);
        }
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ran(process.exitValue(), out);
    }
}
