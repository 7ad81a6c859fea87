package dev.tollbridge.bridge.mint.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.fail;

import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.http.HttpTransportFactory;
import com.google.auth.oauth2.GoogleCredentials;
import dev.tollbridge.bridge.testing.PythonPackages;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Google's own libraries and its command line, given nothing but an `external_account` file whose
/// `token_url` is the bridge: no sidecar, no plugin, and `service_account_impersonation_url` is not
/// needed.
@DisplayName("Google's clients, with the bridge as token_url")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GoogleClientsTest {

    private static final List<String> PACKAGES = List.of("google-auth==2.62.2", "requests==2.34.2");

    @TempDir static Path folder;
    private GoogleWorld world;

    @BeforeAll
    void start() throws Exception {
        world = new GoogleWorld(folder);
        // The first exchange loads classes, and clients have little patience.
        for (int i = 0; i < 5 && world.google.tokens().isEmpty(); i++) {
            world.bridge.exchange(world.token(), "gcp-deploy");
        }
    }

    @AfterAll
    void stop() {
        world.close();
    }

    private record Ran(int exit, String out, String err) {}

    private Ran run(Map<String, String> environment, List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command);
        // Nothing of the machine's own Google configuration.
        builder.environment()
                .keySet()
                .removeIf(name -> name.matches("(GOOGLE|CLOUDSDK|GCLOUD)_.*"));
        builder.environment().put("REQUESTS_CA_BUNDLE", world.caFile.toString());
        builder.environment().putAll(environment);
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            fail(command + " does not end: " + Files.readString(err));
        }
        return new Ran(
                process.exitValue(), Files.readString(out).strip(), Files.readString(err).strip());
    }

    private Ran python(Path file, String scopes, String... buckets) throws Exception {
        return python(Map.of(), file, scopes, buckets);
    }

    private Ran python(Map<String, String> environment, Path file, String scopes, String... buckets)
            throws Exception {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                PythonPackages.python("google-auth", PACKAGES).toString(),
                                Path.of("src/test/resources/google/client.py").toString(),
                                file.toString(),
                                scopes));
        Arrays.stream(buckets)
                .map(bucket -> world.google.url() + "/storage/" + bucket)
                .forEach(command::add);
        return run(environment, command);
    }

    @Test
    void pythonByTheTargetsName() throws Exception {
        Ran ran = python(world.credentialConfig("gcp-deploy"), GoogleWorld.PLATFORM, "any");
        assertThat(ran.out)
                .as(ran.err)
                .contains("200 " + GoogleWorld.ACCOUNT + " " + GoogleWorld.PLATFORM);
        Instant expires = Instant.parse(ran.out.lines().findFirst().orElseThrow().substring(8));
        assertThat(expires)
                .as("ten minutes, as the grant says")
                .isBetween(
                        Instant.now().plus(Duration.ofMinutes(8)),
                        Instant.now().plus(Duration.ofMinutes(11)));
    }

    @Test
    void pythonByTheProvidersName() throws Exception {
        Ran ran =
                python(
                        world.credentialConfig(GoogleWorld.POOL + "/providers/gcp-deploy"),
                        GoogleWorld.READ,
                        "any");
        assertThat(ran.out)
                .as(ran.err)
                .contains("200 " + GoogleWorld.ACCOUNT + " " + GoogleWorld.READ);
    }

    @Test
    void pythonWithinAnAccessBoundary() throws Exception {
        Ran ran =
                python(
                        world.credentialConfig("gcp-reports"),
                        GoogleWorld.READ,
                        "reports",
                        "payroll");
        assertThat(ran.out.lines().skip(1))
                .as(ran.err)
                .containsExactly(
                        "200 " + GoogleWorld.ACCOUNT + " " + GoogleWorld.READ, "403 None None");
    }

    @Test
    void pythonWithoutAServiceAccount() throws Exception {
        Ran ran = python(world.credentialConfig("gcp-direct"), GoogleWorld.READ, "any");
        assertThat(ran.out)
                .as(ran.err)
                .contains("200 " + GoogleWorld.principal("gcp-direct") + " " + GoogleWorld.READ);
    }

    @Test
    void pythonIsToldInItsOwnWordsWhenAScopeIsNotGranted() throws Exception {
        Ran ran = python(world.credentialConfig("gcp-reports"), GoogleWorld.PLATFORM, "reports");
        assertThat(ran.exit).isEqualTo(1);
        assertThat(ran.out).contains("invalid_scope").contains("scope_refused").contains("rct_");
    }

    @Test
    void pythonByTheCommandLineAsExecutable() throws Exception {
        String provider = GoogleWorld.POOL + "/providers/pool-jwt";
        world.google.trust(provider, world.bridge.url(), "ci:job-42", "https://pool.acme.example");
        Path token = Files.writeString(folder.resolve("executable-token"), world.token());
        Path command =
                Files.writeString(
                        folder.resolve("tollbridge-for-google"),
                        "#!/bin/sh\nexec '%s' -cp '%s' dev.tollbridge.bridge.Main exchange --url %s --ca-file '%s' --target pool-jwt --token-file '%s' --format google\n"
                                .formatted(
                                        Path.of(System.getProperty("java.home"), "bin", "java"),
                                        System.getProperty("java.class.path"),
                                        world.bridge.url(),
                                        world.caFile,
                                        token));
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwx------"));
        Path file =
                Files.writeString(
                        folder.resolve("executable.json"),
                        """
                        {
                          "type": "external_account",
                          "audience": "%s",
                          "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
                          "token_url": "%s/v1/token",
                          "credential_source": {"executable": {"command": "%s", "timeout_millis": 120000}}
                        }
                        """
                                .formatted(provider, world.google.url(), command));
        Ran ran =
                python(
                        Map.of("GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES", "1"),
                        file,
                        GoogleWorld.READ,
                        "any");
        assertThat(ran.out)
                .as(ran.err)
                .contains(
                        "200 principal:"
                                + GoogleWorld.POOL
                                + "/subject/ci:job-42 "
                                + GoogleWorld.READ);
    }

    @Test
    void java() throws Exception {
        GoogleCredentials credentials = javaCredentials("gcp-deploy");
        assertThat(credentials.createScoped(GoogleWorld.READ).refreshAccessToken().getTokenValue())
                .startsWith("ya29.c.")
                .isIn(world.google.tokens());
    }

    @Test
    void javaAsksForTheWholePlatformUnlessItIsTold() throws Exception {
        IOException refused =
                catchThrowableOfType(
                        IOException.class,
                        () -> javaCredentials("gcp-reports").refreshAccessToken());
        assertThat(refused).hasMessageContaining("invalid_scope");
        assertThat(javaCredentials("gcp-deploy").refreshAccessToken().getTokenValue())
                .startsWith("ya29.c.");
    }

    private GoogleCredentials javaCredentials(String target) throws Exception {
        NetHttpTransport transport =
                new NetHttpTransport.Builder().trustCertificates(world.trust).build();
        HttpTransportFactory factory = () -> transport;
        try (InputStream file = Files.newInputStream(world.credentialConfig(target))) {
            return GoogleCredentials.fromStream(file, factory);
        }
    }

    private Ran gcloud(Map<String, String> more, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("gcloud"));
        command.addAll(List.of(arguments));
        Map<String, String> environment = new java.util.HashMap<>(more);
        environment.putIfAbsent(
                "CLOUDSDK_CONFIG", Files.createTempDirectory(folder, "gcloud").toString());
        environment.put("CLOUDSDK_CORE_CUSTOM_CA_CERTS_FILE", world.caFile.toString());
        environment.put("CLOUDSDK_CORE_DISABLE_USAGE_REPORTING", "true");
        environment.put("CLOUDSDK_CORE_CHECK_GCE_METADATA", "false");
        environment.put("CLOUDSDK_CORE_DISABLE_PROMPTS", "1");
        environment.put("CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK", "true");
        environment.put(
                "CLOUDSDK_AUTH_TOKEN_INTROSPECTION_ENDPOINT",
                world.google.url() + "/v1/introspect");
        try {
            return run(environment, command);
        } catch (IOException e) {
            throw new AssertionError(
                    "this test needs gcloud: install google-cloud-cli, as"
                            + " https://cloud.google.com/sdk/docs/install says",
                    e);
        }
    }

    @Test
    void gcloudByACredentialFile() throws Exception {
        Ran ran =
                gcloud(
                        Map.of(
                                "CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE",
                                world.credentialConfig("gcp-deploy").toString()),
                        "auth",
                        "print-access-token");
        assertThat(ran.out).as(ran.err).startsWith("ya29.c.").isIn(world.google.tokens());
    }

    @Test
    void gcloudSignedIn() throws Exception {
        Map<String, String> home =
                Map.of(
                        "CLOUDSDK_CONFIG",
                        Files.createTempDirectory(folder, "signed-in").toString());
        Ran login =
                gcloud(
                        home,
                        "auth",
                        "login",
                        "--cred-file=" + world.credentialConfig("gcp-deploy"));
        assertThat(login.exit).as(login.err).isZero();
        assertThat(login.err).contains(GoogleWorld.ACCOUNT);
        Ran token = gcloud(home, "auth", "print-access-token");
        assertThat(token.out).as(token.err).startsWith("ya29.c.").isIn(world.google.tokens());
    }

    @Test
    void theEmulatorBelievesNoOtherIssuer() throws Exception {
        // What the tests above are worth depends on it.
        String forged = world.token();
        Ran ran =
                run(
                        Map.of(),
                        List.of(
                                "curl",
                                "-s",
                                "--data-urlencode",
                                "grant_type=urn:ietf:params:oauth:grant-type:token-exchange",
                                "--data-urlencode",
                                "requested_token_type=urn:ietf:params:oauth:token-type:access_token",
                                "--data-urlencode",
                                "subject_token_type=urn:ietf:params:oauth:token-type:jwt",
                                "--data-urlencode",
                                "audience=" + GoogleWorld.POOL + "/providers/gcp-deploy",
                                "--data-urlencode",
                                "scope=" + GoogleWorld.PLATFORM,
                                "--data-urlencode",
                                "subject_token=" + forged,
                                world.google.url() + "/v1/token"));
        assertThat(ran.out).contains("invalid_grant").contains("issuer");
    }
}
