package dev.tollbridge.bridge.mint.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.signing.CryptoProvider;
import dev.tollbridge.bridge.testing.PythonPackages;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.Tokens;
import dev.tollbridge.bridge.testing.aws.AwsEmulator;
import dev.tollbridge.bridge.testing.aws.AwsEmulator.Role;
import dev.tollbridge.bridge.testing.aws.AwsEmulator.Session;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProcessCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/// What people use with AWS, as it is, against the whole bridge: the CLI, boto3 and the SDK for
/// Java get keys through the container endpoint and through `credential_process`, and call a
/// service that verifies what the keys signed. STS gave the keys for nothing but a token of the
/// bridge that verified by discovery.
@DisplayName("aws, boto3 and the AWS SDK for Java, by their own protocols")
class RealClientsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /// `awscli` brings the `aws` command.
    private static final List<String> CLIENTS = List.of("awscli==1.45.11", "boto3==1.43.11");

    private static final String ISSUER = "https://ci.example";
    private static final String AUDIENCE = "https://tollbridge.acme.example";
    private static final String ACCOUNT = "111122223333";
    private static final String ROLE = "arn:aws:iam::" + ACCOUNT + ":role/payments-deploy";
    private static final String REGION = "eu-west-1";

    private static final String BOTO3 =
            """
            import boto3, os, sys
            from botocore.config import Config
            url = sys.argv[1]
            session = boto3.Session(region_name="eu-west-1")
            print(session.get_credentials().method)
            print(session.client("sts", endpoint_url=url).get_caller_identity()["Arn"])
            s3 = session.client("s3", endpoint_url=url, config=Config(s3={"addressing_style": "path"}))
            print(s3.list_buckets()["Buckets"][0]["Name"])
            """;

    private final TestIssuer issuer = TestIssuer.rsa();
    private AwsEmulator aws;
    private ServedBridge bridge;
    @TempDir private Path folder;
    private Path tokenFile;

    @BeforeEach
    void start() throws Exception {
        CryptoProvider.install();
        aws = new AwsEmulator();
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(config.resolve("documents.yaml"), documents());
        bridge =
                new ServedBridge(
                        ServeSettings.local(config, folder.resolve("data"))
                                .withEndpoints(AllowedEndpoints.of(List.of(aws.url()), null)));
        aws.trust(bridge.url() + "/federation").with(Role.trusting(ROLE, "target:aws:deploy"));
        tokenFile = Files.writeString(folder.resolve("token"), token());
    }

    @AfterEach
    void stop() {
        bridge.close();
        aws.close();
    }

    private String documents() {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: TrustedIssuer
        metadata: {name: ci}
        spec:
          issuer: %s
          audience: %s
          replay: record
          keys: {inline: %s}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: deploy}
        spec:
          owner: team@acme.example
          aws:
            roleArn: %s
            region: %s
            stsEndpoint: %s
            sessionTags: {repo: "{{repository}}"}
            transitiveTags: [repo]
            sourceIdentity: "{{sub}}"
            sessionPolicy: {Version: "2012-10-17", Statement: []}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Grant
        metadata: {name: deploy}
        spec:
          owner: team@acme.example
          issuer: ci
          match: {sub: job-42}
          allow: [{target: deploy, ttl: 15m}]
        """
                .formatted(ISSUER, AUDIENCE, issuer.jwks(), ROLE, REGION, aws.url());
    }

    private String token() {
        return issuer.sign(
                Tokens.plain(ISSUER, AUDIENCE, Instant.now())
                        .claim("jti", UUID.randomUUID().toString())
                        .claim("exp", Instant.now().plusSeconds(3600).getEpochSecond())
                        .claim("repository", "acme/shop"),
                "key-1");
    }

    @Test
    void theCliByTheContainerEndpoint() throws Exception {
        Ran ran = run(atTheEndpoint(), cli("sts", "get-caller-identity"));
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertOurs(JSON.readTree(ran.out()).path("Arn").asText());
        Ran buckets = run(atTheEndpoint(), cli("s3api", "list-buckets"));
        assertThat(JSON.readTree(buckets.out()).at("/Buckets/0/Name").asText())
                .as(buckets.err())
                .isEqualTo("of-" + ACCOUNT);
    }

    @Test
    void theCliByACredentialProcess() throws Exception {
        Ran ran = run(byAProcess(), cli("sts", "get-caller-identity"));
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertOurs(JSON.readTree(ran.out()).path("Arn").asText());
    }

    @Test
    void boto3ByTheContainerEndpoint() throws Exception {
        Ran ran = run(atTheEndpoint(), List.of(python(), "-c", BOTO3, aws.url()));
        assertThat(ran.exit()).as(ran.err()).isZero();
        List<String> lines = ran.out().lines().toList();
        assertThat(lines.get(0)).isEqualTo("container-role");
        assertOurs(lines.get(1));
        assertThat(lines.get(2)).isEqualTo("of-" + ACCOUNT);
    }

    @Test
    void boto3ByACredentialProcess() throws Exception {
        Ran ran = run(byAProcess(), List.of(python(), "-c", BOTO3, aws.url()));
        assertThat(ran.exit()).as(ran.err()).isZero();
        List<String> lines = ran.out().lines().toList();
        assertThat(lines.get(0)).isEqualTo("custom-process");
        assertOurs(lines.get(1));
    }

    @Test
    void theSdkForJavaByTheContainerEndpoint() {
        // Which reads these where others read the environment.
        System.setProperty("aws.containerCredentialsFullUri", bridge.url() + "/aws/deploy");
        System.setProperty("aws.containerAuthorizationTokenFile", tokenFile.toString());
        try (ContainerCredentialsProvider credentials =
                ContainerCredentialsProvider.builder().build()) {
            assertOurs(identity(credentials).arn());
        } finally {
            System.clearProperty("aws.containerCredentialsFullUri");
            System.clearProperty("aws.containerAuthorizationTokenFile");
        }
    }

    @Test
    void theSdkForJavaByACredentialProcess() throws Exception {
        try (ProcessCredentialsProvider credentials =
                ProcessCredentialsProvider.builder().command(List.of(process())).build()) {
            assertOurs(identity(credentials).arn());
            assertThat(credentials.resolveCredentials().accountId()).contains(ACCOUNT);
        }
    }

    private GetCallerIdentityResponse identity(AwsCredentialsProvider credentials) {
        try (StsClient client =
                StsClient.builder()
                        .region(Region.of(REGION))
                        .endpointOverride(URI.create(aws.url()))
                        .credentialsProvider(credentials)
                        .httpClient(UrlConnectionHttpClient.create())
                        .build()) {
            return client.getCallerIdentity();
        }
    }

    @Test
    void theEnvironmentOfAShell() throws Exception {
        Ran exported = run(Map.of(), List.of(exchange("env")));
        assertThat(exported.exit()).as(exported.err()).isZero();
        Map<String, String> environment = new LinkedHashMap<>();
        exported.out()
                .lines()
                .forEach(line -> {
                    String[] pair = line.replace("export ", "").split("=", 2);
                    environment.put(pair[0], pair[1].replace("'", ""));
                });
        assertThat(environment).containsEntry("AWS_ACCOUNT_ID", ACCOUNT);
        Ran ran = run(environment, cli("sts", "get-caller-identity"));
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertOurs(JSON.readTree(ran.out()).path("Arn").asText());
    }

    @Test
    void theTokenAnswerSaysWhatItIs() throws Exception {
        JsonNode answer = bridge.exchange(token(), "deploy");
        assertThat(answer.path("token_type").asText()).isEqualTo("N_A");
        assertThat(answer.path("issued_token_type").asText())
                .isEqualTo("urn:tollbridge:params:oauth:token-type:aws-credentials");
        assertThat(answer.path("revocable").asBoolean(true)).isFalse();
        assertThat(answer.path("expires_in").asInt()).isEqualTo(900);
        JsonNode keys = JSON.readTree(answer.path("access_token").asText());
        assertThat(keys.path("Expiration").asText()).isEqualTo(answer.path("expires_at").asText());
        Session session = aws.sessions().getFirst();
        // The record's id is what CloudTrail shows.
        assertThat(session.arn()).endsWith("/" + answer.path("issuance").asText());
        assertThat(session.tags()).isEqualTo(Map.of("repo", "acme/shop"));
        assertThat(session.transitiveTags()).containsExactly("repo");
        assertThat(session.sourceIdentity()).isEqualTo("job-42");
        assertThat(session.policy()).contains("2012-10-17");
        Ran json = run(Map.of(), List.of(exchange("json")));
        assertThat(JSON.readTree(json.out()).path("token_type").asText())
                .as(json.err())
                .isEqualTo("N_A");
        Ran process = run(Map.of(), List.of(process()));
        assertThat(JSON.readTree(process.out()).path("AccountId").asText()).isEqualTo(ACCOUNT);
    }

    @Test
    void whatIsRefusedIsShownByTheClientWithItsReceipt() throws Exception {
        Map<String, String> environment = new LinkedHashMap<>(atTheEndpoint());
        environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", bridge.url() + "/aws/nobodys");
        Ran ran = run(environment, List.of(python(), "-c", BOTO3, aws.url()));
        assertThat(ran.exit()).isNotZero();
        assertThat(ran.err()).contains("grant_missing", "receipt rct_");
        assertThat(aws.calls()).isEmpty();
    }

    @Test
    void aRoleThatTrustsAnotherTargetIsRefused() throws Exception {
        aws.with(Role.trusting(ROLE, "target:aws:another"));
        JsonNode answer = bridge.exchange(token(), "deploy");
        assertThat(answer.path("reason").asText()).isEqualTo("target_refused");
        assertThat(bridge.receipt(answer.path("receipt").asText()).toString())
                .contains("AccessDenied");
        assertThat(aws.sessions()).isEmpty();
    }

    @Test
    void keysThatWereChangedOnTheWayAreNotTaken() throws Exception {
        JsonNode keys =
                JSON.readTree(bridge.exchange(token(), "deploy").path("access_token").asText());
        Ran ran =
                run(
                        Map.of(
                                "AWS_ACCESS_KEY_ID",
                                keys.path("AccessKeyId").asText(),
                                "AWS_SECRET_ACCESS_KEY",
                                keys.path("SecretAccessKey").asText() + "x",
                                "AWS_SESSION_TOKEN",
                                keys.path("SessionToken").asText()),
                        cli("sts", "get-caller-identity"));
        assertThat(ran.exit()).isNotZero();
        assertThat(ran.err()).contains("SignatureDoesNotMatch");
    }

    private void assertOurs(String arn) {
        assertThat(arn)
                .startsWith("arn:aws:sts::" + ACCOUNT + ":assumed-role/payments-deploy/iss_");
        assertThat(aws.calls()).contains("AssumeRoleWithWebIdentity ok");
        assertThat(aws.sessions()).anyMatch(session -> session.arn().equals(arn));
    }

    // The clients.

    private record Ran(int exit, String out, String err) {}

    private Map<String, String> atTheEndpoint() {
        return Map.of(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                bridge.url() + "/aws/deploy",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                tokenFile.toString());
    }

    private Map<String, String> byAProcess() throws IOException {
        Path profiles = folder.resolve("aws-config");
        Files.writeString(
                profiles,
                "[default]\nregion = eu-west-1\ncredential_process = " + process() + "\n");
        return Map.of("AWS_CONFIG_FILE", profiles.toString());
    }

    private String process() throws IOException {
        return exchange("aws-process");
    }

    /// `tollbridge exchange`, as a file that can be run.
    private String exchange(String format) throws IOException {
        Path script = folder.resolve("exchange-" + format);
        Files.writeString(
                script,
                """
                #!/bin/sh
                exec '%s' --enable-native-access=ALL-UNNAMED -cp '%s' dev.tollbridge.bridge.Main \\
                    exchange --url '%s' --target deploy --token-file '%s' --format %s
                """
                        .formatted(
                                Path.of(System.getProperty("java.home"), "bin/java"),
                                System.getProperty("java.class.path"),
                                bridge.url(),
                                tokenFile,
                                format));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script.toString();
    }

    private List<String> cli(String... words) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(python()).resolveSibling("aws").toString());
        command.addAll(List.of("--endpoint-url", aws.url(), "--region", REGION));
        command.addAll(List.of("--output", "json"));
        command.addAll(List.of(words));
        return command;
    }

    private static String python() throws Exception {
        return PythonPackages.python("aws-clients", CLIENTS).toString();
    }

    private Ran run(Map<String, String> environment, List<String> command) throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment()
                .putAll(
                        Map.of(
                                "AWS_CONFIG_FILE",
                                "/dev/null",
                                "AWS_SHARED_CREDENTIALS_FILE",
                                "/dev/null",
                                "AWS_EC2_METADATA_DISABLED",
                                "true"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Ran(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
