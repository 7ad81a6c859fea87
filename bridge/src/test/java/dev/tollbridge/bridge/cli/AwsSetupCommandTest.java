package dev.tollbridge.bridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.cli.Commands.Ran;
import dev.tollbridge.bridge.testing.TerraformFormat;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `tollbridge setup aws`.
class AwsSetupCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EXTERNAL = "https://tollbridge.acme.example";
    private static final String PROVIDER = "tollbridge.acme.example/federation";

    @TempDir private Path folder;
    private Path config;

    @BeforeEach
    void write() throws IOException {
        config = Files.createDirectories(folder.resolve("policy"));
        write(
                "plain",
                "aws: {roleArn: \"arn:aws:iam::111122223333:role/plain\", region: eu-west-1}");
        write(
                "tagged",
                """
                maxTtl: 4h
                  aws:
                    roleArn: arn:aws-cn:iam::111122223333:role/team/a/deploy
                    region: cn-north-1
                    sessionTags: {repo: "{{repository}}"}
                    sourceIdentity: "{{run_id}}"\
                """);
    }

    private void write(String name, String settings) throws IOException {
        Files.writeString(
                config.resolve(name + ".yaml"),
                """
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: %s}
                spec:
                  owner: team@acme.example
                  %s
                """
                        .formatted(name, settings));
    }

    private Ran setup(String target, String form, String url) {
        return Commands.run(
                "setup",
                "aws",
                "--config",
                config.toString(),
                "--target",
                target,
                "--url",
                url,
                "--output",
                form);
    }

    @Test
    void theRoleTrustsExactlyOneSubjectAndAudience() throws Exception {
        Ran ran = setup("plain", "json", EXTERNAL);
        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.err()).isEmpty();
        JsonNode all = JSON.readTree(ran.out());
        assertThat(all.path("identityProvider"))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"Url": "https://%s", "ClientIDList": ["sts.amazonaws.com"]}
                                """
                                        .formatted(PROVIDER)));
        assertThat(all.path("trustPolicy"))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"Version": "2012-10-17", "Statement": [{
                                  "Effect": "Allow",
                                  "Principal": {"Federated": "arn:aws:iam::111122223333:oidc-provider/%1$s"},
                                  "Action": ["sts:AssumeRoleWithWebIdentity"],
                                  "Condition": {"StringEquals": {
                                    "%1$s:aud": "sts.amazonaws.com",
                                    "%1$s:sub": "target:aws:plain"}}}]}
                                """
                                        .formatted(PROVIDER)));
        assertThat(all.at("/role/MaxSessionDuration").asInt()).isEqualTo(3600);
        assertThat(all.at("/denyIssuedBefore/Statement/0/Effect").asText()).isEqualTo("Deny");
        assertThat(
                        all.at("/denyIssuedBefore/Statement/0/Condition/DateLessThan")
                                .path("aws:TokenIssueTime")
                                .asText())
                .isEqualTo("TIME");
        assertThat(all.at("/replace").has("TIME")).isTrue();
    }

    @Test
    void taggingAndSourceIdentityAreAllowedOnlyWhereTheyAreUsed() throws Exception {
        JsonNode all = JSON.readTree(setup("tagged", "json", EXTERNAL).out());
        assertThat(all.at("/trustPolicy/Statement/0/Action"))
                .isEqualTo(
                        JSON.valueToTree(
                                List.of(
                                        "sts:AssumeRoleWithWebIdentity",
                                        "sts:TagSession",
                                        "sts:SetSourceIdentity")));
        assertThat(all.at("/trustPolicy/Statement/0/Principal/Federated").asText())
                .startsWith("arn:aws-cn:iam::111122223333:oidc-provider/");
        assertThat(all.at("/role/Path").asText()).isEqualTo("/team/a/");
        assertThat(all.at("/role/RoleName").asText()).isEqualTo("deploy");
        assertThat(all.at("/role/MaxSessionDuration").asInt()).isEqualTo(4 * 3600);
    }

    /// A path in the external URL is part of the provider's name.
    @Test
    void anExternalUrlMayHaveAPath() throws Exception {
        JsonNode all = JSON.readTree(setup("plain", "json", EXTERNAL + "/tb/").out());
        assertThat(all.at("/identityProvider/Url").asText())
                .isEqualTo("https://tollbridge.acme.example/tb/federation");
    }

    @Test
    void warnsOfAnIssuerThatAwsWouldNotTake() {
        assertThat(setup("plain", "json", "https://tollbridge.acme.example:8443").err())
                .startsWith("warning: ");
        assertThat(setup("plain", "json", "http://tollbridge.acme.example").err())
                .startsWith("warning: ");
    }

    @Test
    void theTerraformIsWrittenAsTerraformWritesIt() throws Exception {
        for (String target : List.of("plain", "tagged")) {
            Ran ran = setup(target, "terraform", EXTERNAL);
            assertThat(ran.exit()).isZero();
            assertThat(TerraformFormat.of(ran.out())).isEqualTo(ran.out());
            assertThat(ran.out())
                    .contains("\"target:aws:" + target + "\"", "\"" + PROVIDER + ":sub\"");
        }
    }

    /// The shell's commands run, in the order that AWS needs, with a stand-in for the `aws` command
    /// that says what it was given and knows of nothing yet.
    @Test
    void theShellMakesProviderAndRole() throws Exception {
        Ran ran = setup("tagged", "shell", EXTERNAL);
        Path script = Files.writeString(folder.resolve("setup.sh"), ran.out());
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Path aws =
                Files.writeString(
                        bin.resolve("aws"),
                        """
                        #!/bin/sh
                        case $2 in get-*) exit 254 ;; esac
                        for word; do printf '%s\\n' "$word"; done
                        echo --
                        """);
        Files.setPosixFilePermissions(aws, PosixFilePermissions.fromString("rwx------"));
        ProcessBuilder builder =
                new ProcessBuilder("sh", script.toString()).redirectErrorStream(true);
        builder.environment().put("PATH", bin + ":" + System.getenv("PATH"));
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        String[] calls = said.split("--\n(?=iam|$)");
        assertThat(calls[0])
                .startsWith("iam\ncreate-open-id-connect-provider\n")
                .contains("https://" + PROVIDER, "sts.amazonaws.com");
        assertThat(calls[1])
                .startsWith("iam\ncreate-role\n--role-name\ndeploy\n--path\n/team/a/\n");
        String trust = calls[1].substring(calls[1].indexOf("{"));
        assertThat(JSON.readTree(trust).at("/Statement/0/Condition/StringEquals").toString())
                .contains("target:aws:tagged");
    }

    @Test
    void theExampleHasWhatIsPrinted() throws Exception {
        Path example = Path.of("../examples/targets/aws");
        config = example.resolve("policy");
        Ran json = setup("aws-payments-deploy", "json", EXTERNAL);
        assertThat(JSON.readTree(example.resolve("role/trust-policy.json").toFile()))
                .isEqualTo(JSON.readTree(json.out()).path("trustPolicy"));
        assertThat(Files.readString(example.resolve("role/main.tf")))
                .isEqualTo(setup("aws-payments-deploy", "terraform", EXTERNAL).out());
    }

    @Test
    void otherFormsAreRefusedAndSaidWhich() {
        Ran ran = setup("plain", "yaml", EXTERNAL);
        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err()).contains("json, shell, terraform");
    }
}
