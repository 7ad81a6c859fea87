package dev.tollbridge.bridge.setup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.config.TargetSpec.Google;
import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.testing.TerraformFormat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Telling Google about a target")
class GoogleSetupTest {

    private static final String BRIDGE = "https://tollbridge.acme.example";
    private static final String PRINCIPAL =
            "principal://iam.googleapis.com/projects/123456/locations/global/workloadIdentityPools/tollbridge/subject/target:google:gcp-reports";

    @TempDir Path folder;

    private static Target target(@Nullable String serviceAccount, Duration maxTtl) {
        return new Target(
                "gcp-reports",
                "team@acme.example",
                null,
                maxTtl,
                true,
                SenderConstraint.NONE,
                new Google(
                        "//iam.googleapis.com/projects/123456/locations/global/workloadIdentityPools/tollbridge/providers/gcp-reports",
                        serviceAccount,
                        List.of(),
                        null,
                        null,
                        null),
                null);
    }

    private static String text(SetupForm form, @Nullable String serviceAccount) {
        return new GoogleSetup().text(form, target(serviceAccount, Duration.ofHours(1)), BRIDGE);
    }

    private static final String ACCOUNT = "reports@acme.iam.gserviceaccount.com";

    /// What a shell makes of the script: each command with its arguments, as gcloud would get them.
    private List<String> commands(String script) throws Exception {
        Path gcloud =
                Files.writeString(
                        folder.resolve("gcloud"), "#!/bin/sh\nprintf '%s\\n' --- \"$@\"\n");
        Files.setPosixFilePermissions(gcloud, PosixFilePermissions.fromString("rwx------"));
        ProcessBuilder builder = new ProcessBuilder("sh", "-eu", "-c", script);
        builder.environment().merge("PATH", folder.toString(), (path, ours) -> ours + ":" + path);
        return run(builder).lines().toList();
    }

    private static String run(ProcessBuilder builder) throws Exception {
        Process process = builder.redirectErrorStream(true).start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    @Test
    void gcloudIsToldOfPoolProviderAndAccount() throws Exception {
        List<String> said = commands(text(SetupForm.SHELL, ACCOUNT));
        assertThat(said)
                .containsSequence("---", "iam", "workload-identity-pools", "create", "tollbridge")
                .containsSequence(
                        "---",
                        "iam",
                        "workload-identity-pools",
                        "providers",
                        "create-oidc",
                        "gcp-reports",
                        "--project=123456",
                        "--location=global",
                        "--workload-identity-pool=tollbridge",
                        "--issuer-uri=" + BRIDGE + "/federation",
                        "--attribute-mapping=google.subject=assertion.sub",
                        "--attribute-condition=assertion.sub == 'target:google:gcp-reports'")
                .containsSequence(
                        "---",
                        "iam",
                        "service-accounts",
                        "add-iam-policy-binding",
                        ACCOUNT,
                        "--project=acme",
                        "--role=roles/iam.workloadIdentityUser",
                        "--member=" + PRINCIPAL);
    }

    @Test
    void withoutAnAccountNobodyIsGivenAnything() throws Exception {
        assertThat(commands(text(SetupForm.SHELL, null))).doesNotContain("add-iam-policy-binding");
        assertThat(text(SetupForm.SHELL, null)).contains("--member=" + PRINCIPAL);
        assertThat(text(SetupForm.TERRAFORM, null))
                .contains(PRINCIPAL)
                .doesNotContain("google_service_account_iam_member");
    }

    @Test
    void moreThanAnHourNeedsAPolicyOfTheOrganization() {
        assertThat(
                        new GoogleSetup()
                                .text(
                                        SetupForm.SHELL,
                                        target(ACCOUNT, Duration.ofHours(2)),
                                        BRIDGE))
                .contains("allowServiceAccountCredentialLifetimeExtension");
        assertThat(text(SetupForm.SHELL, ACCOUNT)).doesNotContain("LifetimeExtension");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ACCOUNT})
    void terraformIsFormattedAsTerraformFormats(String account) throws Exception {
        String text =
                text(SetupForm.TERRAFORM, account.isEmpty() ? null : account).stripTrailing()
                        + "\n";
        assertThat(TerraformFormat.of(text)).isEqualTo(text);
        assertThat(text)
                .contains(
                        "attribute_condition                = \"assertion.sub =="
                                + " 'target:google:gcp-reports'\"")
                .contains("issuer_uri = \"" + BRIDGE + "/federation\"");
    }

    @Test
    void anAccountIsNamedInFull() {
        assertThat(text(SetupForm.TERRAFORM, ACCOUNT))
                .contains("\"projects/acme/serviceAccounts/" + ACCOUNT + "\"");
        String ofGoogle = "123456-compute@developer.gserviceaccount.com";
        assertThat(text(SetupForm.TERRAFORM, ofGoogle))
                .contains("\"projects/-/serviceAccounts/" + ofGoogle + "\"");
    }

    @Test
    void theApisDocumentsSayTheSame() throws Exception {
        JsonNode all = new ObjectMapper().readTree(text(SetupForm.JSON, ACCOUNT));
        assertThat(all.at("/workloadIdentityPoolProvider/oidc/issuerUri").asText())
                .isEqualTo(BRIDGE + "/federation");
        assertThat(all.at("/workloadIdentityPoolProvider/oidc").has("allowedAudiences")).isFalse();
        assertThat(all.at("/workloadIdentityPoolProvider/attributeCondition").asText())
                .isEqualTo("assertion.sub == 'target:google:gcp-reports'");
        assertThat(all.at("/serviceAccountPolicyBinding/members/0").asText()).isEqualTo(PRINCIPAL);
    }

    @Test
    void theFileForGooglesLibrariesIsTheExamples() throws Exception {
        assertThat(text(SetupForm.CREDENTIAL_CONFIG, ACCOUNT))
                .isEqualToIgnoringNewLines(
                        Files.readString(Path.of("../examples/google/credentials.json")).strip());
    }
}
