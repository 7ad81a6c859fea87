package dev.tollbridge.bridge.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.config.TargetSpec.Azure;
import dev.tollbridge.bridge.config.TargetSpec.GitHub;
import dev.tollbridge.bridge.config.TargetSpec.OAuth;
import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import dev.tollbridge.bridge.config.TargetSpec.TargetSettings;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.testing.TerraformFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What the other side of targets of kind `azure`, `github` and `oauth` is told.
class TargetSetupsTest {

    private static final String BRIDGE = "https://bridge.acme.example";
    private static final String CLIENT = "11111111-2222-3333-4444-555555555555";

    private static Target target(String name, TargetSettings settings) {
        return new Target(
                name,
                "team@acme.example",
                null,
                Duration.ofHours(1),
                true,
                SenderConstraint.NONE,
                settings,
                Path.of("/etc/tollbridge/policy"));
    }

    private static String text(SetupForm form, Target target) {
        TargetSetup setup = TargetSetups.of(target.kind()).orElseThrow();
        assertThat(setup.forms()).contains(form);
        return setup.text(form, target, BRIDGE);
    }

    private static JsonNode json(Target target) throws JsonProcessingException {
        return new ObjectMapper().readTree(text(SetupForm.JSON, target));
    }

    @Test
    void aFederatedCredentialNamesIssuerSubjectAndAudienceExactly() throws Exception {
        Target target =
                target(
                        "azure-deploy",
                        new Azure("contoso.onmicrosoft.com", CLIENT, List.of(), null));
        JsonNode credential = json(target).path("federatedIdentityCredential");
        assertThat(credential.path("issuer").asText()).isEqualTo(BRIDGE + "/federation");
        assertThat(credential.path("subject").asText()).isEqualTo("target:azure:azure-deploy");
        assertThat(credential.path("audiences").toString())
                .isEqualTo("[\"api://AzureADTokenExchange\"]");
        assertThat(text(SetupForm.SHELL, target))
                .contains("az ad app federated-credential create --id '" + CLIENT + "'")
                .contains("az cloud set --name AzureCloud");
        assertThat(text(SetupForm.TERRAFORM, target))
                .contains("azuread_application_federated_identity_credential")
                .contains("subject        = \"target:azure:azure-deploy\"");
        assertThat(TerraformFormat.of(text(SetupForm.TERRAFORM, target)))
                .isEqualTo(text(SetupForm.TERRAFORM, target));
    }

    @Test
    void aNationalCloudTakesAnotherAudience() throws Exception {
        Target target =
                target(
                        "a".repeat(200),
                        new Azure(
                                "t.example",
                                CLIENT,
                                List.of(),
                                "https://login.microsoftonline.us/"));
        JsonNode credential = json(target).path("federatedIdentityCredential");
        assertThat(credential.path("audiences").toString())
                .isEqualTo("[\"api://AzureADTokenExchangeUSGov\"]");
        assertThat(credential.path("name").asText()).hasSize(120);
        assertThat(credential.path("subject").asText()).hasSize(13 + 200);
        assertThat(text(SetupForm.SHELL, target)).contains("AzureUSGovernment");
    }

    @Test
    void anAppIsGivenThePermissionsOfTheTargetAndNoOthers() throws Exception {
        Target target =
                target(
                        "github-payments",
                        new GitHub(
                                "123456",
                                "keys/app's.pem",
                                null,
                                "acme",
                                List.of("payments"),
                                Map.of("contents", "write"),
                                null));
        JsonNode tree = json(target);
        assertThat(tree.path("appManifest").path("default_permissions").toString())
                .isEqualTo("{\"contents\":\"write\"}");
        assertThat(tree.path("appManifest").path("public").asBoolean(true)).isFalse();
        assertThat(tree.path("installation").path("repositories").toString())
                .isEqualTo("[\"payments\"]");
        assertThat(tree.path("privateKey").path("file").asText())
                .isEqualTo("/etc/tollbridge/policy/keys/app's.pem");
        assertThat(text(SetupForm.SHELL, target))
                .contains(
                        "install -m 0600 DOWNLOADED.pem '/etc/tollbridge/policy/keys/app'\\''s.pem'");
    }

    @Test
    void aServerIsToldWhomToBelieveAndHowTheBridgeIsItsClient() throws Exception {
        JsonNode tree =
                json(
                        target(
                                "partner-api",
                                new OAuth(
                                        null,
                                        "https://login.partner.example/token",
                                        null,
                                        "bridge",
                                        "private_key_jwt",
                                        null,
                                        List.of("read"),
                                        null,
                                        null,
                                        null,
                                        null,
                                        "ES256",
                                        Map.of())));
        assertThat(tree.path("trust").path("subject").asText())
                .isEqualTo("target:oauth:partner-api");
        assertThat(tree.path("trust").path("audience").asText())
                .isEqualTo("https://login.partner.example/token");
        assertThat(tree.path("trust").path("jwks_uri").asText())
                .isEqualTo(BRIDGE + "/federation/jwks");
        assertThat(tree.path("client").path("token_endpoint_auth_signing_alg").asText())
                .isEqualTo("ES256");
    }

    @Test
    void aPresetAddsWhatItsServiceWants() throws Exception {
        JsonNode tree =
                json(
                        target(
                                "tailnet",
                                new OAuth(
                                        "tailscale",
                                        null,
                                        null,
                                        "k1",
                                        null,
                                        null,
                                        List.of(),
                                        "api.tailscale.com/k1",
                                        null,
                                        null,
                                        null,
                                        null,
                                        Map.of())));
        assertThat(tree.path("steps")).isNotEmpty();
        assertThat(tree.path("sources")).isNotEmpty();
        assertThat(tree.path("trust").path("audience").asText()).isEqualTo("api.tailscale.com/k1");
    }
}
