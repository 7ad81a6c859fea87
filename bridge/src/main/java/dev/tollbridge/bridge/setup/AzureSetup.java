package dev.tollbridge.bridge.setup;

import dev.tollbridge.bridge.config.EntraCloud;
import dev.tollbridge.bridge.config.TargetSpec.Azure;
import dev.tollbridge.bridge.mint.federation.FederationTokens;
import dev.tollbridge.bridge.target.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A federated identity credential of the application: issuer, subject and audience, each exact
/// (Microsoft Graph, resource type federatedIdentityCredential).
final class AzureSetup implements TargetSetup {

    /// Microsoft Graph: at most 120 characters, for a URL.
    private static final int LONGEST_NAME = 120;

    @Override
    public String kind() {
        return "azure";
    }

    @Override
    public List<SetupForm> forms() {
        return List.of(SetupForm.JSON, SetupForm.SHELL, SetupForm.TERRAFORM);
    }

    @Override
    public String text(SetupForm form, Target target, String externalUrl) {
        Azure azure = (Azure) target.settings();
        EntraCloud cloud = EntraCloud.of(azure.authority()).orElse(EntraCloud.PUBLIC);
        Map<String, Object> credential = new LinkedHashMap<>();
        credential.put("name", name(target));
        credential.put("issuer", FederationTokens.issuerOf(externalUrl));
        credential.put("subject", FederationTokens.subject(target));
        credential.put("audiences", List.of(cloud.audience()));
        credential.put("description", "Tollbridge, target " + target.name());
        return switch (form) {
            case SHELL -> shell(azure, cloud, credential);
            case TERRAFORM -> terraform(azure, cloud, credential);
            case JSON ->
                    Written.json(
                            Map.of(
                                    "federatedIdentityCredential",
                                    credential,
                                    "application",
                                    azure.clientId()));
            case YAML, CREDENTIAL_CONFIG, KUBECONFIG ->
                    throw new IllegalArgumentException("not a form of azure: " + form.word());
        };
    }

    private static String name(Target target) {
        String name = "tollbridge-" + target.name();
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
    }

    private static String shell(Azure azure, EntraCloud cloud, Map<String, Object> credential) {
        String select =
                switch (cloud) {
                    case PUBLIC -> "AzureCloud";
                    case US_GOVERNMENT -> "AzureUSGovernment";
                    case CHINA -> "AzureChinaCloud";
                };
        return """
        # Signed in to the tenant %s as somebody who may change the application.
        az cloud set --name %s
        az ad app federated-credential create --id %s --parameters %s
        """
                .formatted(
                        azure.tenantId(),
                        select,
                        Written.shell(azure.clientId()),
                        Written.shell(Written.json(credential)));
    }

    private static String terraform(Azure azure, EntraCloud cloud, Map<String, Object> credential) {
        return """
        data "azuread_application" "tollbridge" {
          client_id = %s
        }

        resource "azuread_application_federated_identity_credential" "tollbridge" {
          application_id = data.azuread_application.tollbridge.id
          display_name   = %s
          description    = %s
          issuer         = %s
          subject        = %s
          audiences      = [%s]
        }
        """
                .formatted(
                        Written.terraform(azure.clientId()),
                        terraform(credential, "name"),
                        terraform(credential, "description"),
                        terraform(credential, "issuer"),
                        terraform(credential, "subject"),
                        Written.terraform(cloud.audience()));
    }

    private static String terraform(Map<String, Object> credential, String member) {
        return Written.terraform(String.valueOf(credential.get(member)));
    }
}
