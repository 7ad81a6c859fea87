package dev.tollbridge.bridge.setup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.tollbridge.bridge.target.Target;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A workload identity pool with one provider that takes one subject, and the right of that subject
/// to be the service account. Also the file by which Google's own libraries come to the bridge.
final class GoogleSetup implements TargetSetup {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private static final String ROLE = "roles/iam.workloadIdentityUser";

    /// Where the pods of the examples have their token.
    static final String TOKEN_FILE = "/var/run/tollbridge/token";

    @Override
    public String kind() {
        return "google";
    }

    @Override
    public List<SetupForm> forms() {
        return List.of(
                SetupForm.SHELL, SetupForm.TERRAFORM, SetupForm.JSON, SetupForm.CREDENTIAL_CONFIG);
    }

    @Override
    public String text(SetupForm form, Target target, String externalUrl) {
        GooglePool pool = GooglePool.of(target, externalUrl);
        return switch (form) {
            case SHELL -> shell(target, pool);
            case TERRAFORM -> terraform(target, pool);
            case JSON -> json(documents(pool));
            case CREDENTIAL_CONFIG -> json(credentialConfig(target, externalUrl));
            case YAML, KUBECONFIG -> throw new IllegalArgumentException("not a form of google");
        };
    }

    private static String shell(Target target, GooglePool pool) {
        StringBuilder text = new StringBuilder(2048);
        text.append(
                """
                # Google Cloud must be able to fetch %s/.well-known/openid-configuration
                # from the Internet. Where it cannot, add --jwk-json-path=FILE to the provider, with what
                # %s/jwks answers, and again whenever keys change.
                gcloud services enable --project=%s \\
                    iam.googleapis.com iamcredentials.googleapis.com sts.googleapis.com

                gcloud iam workload-identity-pools create %s \\
                    --project=%s --location=global --display-name=Tollbridge

                # Without --allowed-audiences: the provider takes what names itself, and nothing else.
                # One provider takes one target; give each target a provider of its own.
                gcloud iam workload-identity-pools providers create-oidc %s \\
                    --project=%s --location=global --workload-identity-pool=%s \\
                    --issuer-uri=%s \\
                    --attribute-mapping=google.subject=assertion.sub \\
                    --attribute-condition="%s"
                """
                        .formatted(
                                pool.issuer(),
                                pool.issuer(),
                                pool.project(),
                                pool.pool(),
                                pool.project(),
                                pool.provider(),
                                pool.project(),
                                pool.pool(),
                                pool.issuer(),
                                pool.condition()));
        if (pool.serviceAccount() == null) {
            text.append(
                    """

                    # No service account: give the target itself what it needs. Replace PROJECT and ROLE.
                    # gcloud projects add-iam-policy-binding PROJECT --role=ROLE \\
                    #     --member=%s
                    """
                            .formatted(pool.principal()));
        } else {
            text.append(
                    """

                    gcloud iam service-accounts add-iam-policy-binding %s \\
                        --project=%s --role=%s \\
                        --member=%s
                    """
                            .formatted(
                                    pool.serviceAccount(),
                                    GooglePool.fullName(pool.serviceAccount()).split("/")[1],
                                    ROLE,
                                    pool.principal()));
        }
        if (extended(target)) {
            text.append(
                    """

                    # This target's credentials may live longer than an hour. Google allows that only for
                    # accounts named by the organization policy
                    # constraints/iam.allowServiceAccountCredentialLifetimeExtension.
                    """);
        }
        return text.toString();
    }

    private static boolean extended(Target target) {
        return target.maxTtl().compareTo(Duration.ofHours(1)) > 0;
    }

    private static String terraform(Target target, GooglePool pool) {
        StringBuilder text = new StringBuilder(2048);
        text.append(
                """
                # Google Cloud must be able to fetch %s/.well-known/openid-configuration.
                resource "google_iam_workload_identity_pool" "%s" {
                  project                   = "%s"
                  workload_identity_pool_id = "%s"
                  display_name              = "Tollbridge"
                }

                # No allowed_audiences: the provider takes what names itself, and nothing else.
                # One provider takes one target; give each target a provider of its own.
                resource "google_iam_workload_identity_pool_provider" "%s" {
                  project                            = google_iam_workload_identity_pool.%s.project
                  workload_identity_pool_id          = google_iam_workload_identity_pool.%s.workload_identity_pool_id
                  workload_identity_pool_provider_id = "%s"
                  attribute_condition                = "%s"

                  attribute_mapping = {
                    "google.subject" = "assertion.sub"
                  }

                  oidc {
                    issuer_uri = "%s"
                  }
                }
                """
                        .formatted(
                                pool.issuer(),
                                pool.pool(),
                                pool.project(),
                                pool.pool(),
                                pool.provider(),
                                pool.pool(),
                                pool.pool(),
                                pool.provider(),
                                pool.condition(),
                                pool.issuer()));
        if (pool.serviceAccount() == null) {
            text.append(
                    """

                    # No service account: give the target itself what it needs, as
                    # %s
                    """
                            .formatted(pool.principal()));
        } else {
            text.append(
                    """

                    resource "google_service_account_iam_member" "%s" {
                      service_account_id = "%s"
                      role               = "%s"
                      member             = "%s"
                    }
                    """
                            .formatted(
                                    target.name().replace('.', '-'),
                                    GooglePool.fullName(pool.serviceAccount()),
                                    ROLE,
                                    pool.principal()));
        }
        return text.toString();
    }

    /// For the REST API (IAM API v1: `projects.locations.workloadIdentityPools`, its `providers`,
    /// `projects.serviceAccounts.setIamPolicy`).
    private static Map<String, Object> documents(GooglePool pool) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("workloadIdentityPool", Map.of("displayName", "Tollbridge"));
        Map<String, Object> provider = new LinkedHashMap<>();
        provider.put("attributeMapping", Map.of("google.subject", "assertion.sub"));
        provider.put("attributeCondition", pool.condition());
        provider.put("oidc", Map.of("issuerUri", pool.issuer()));
        all.put("workloadIdentityPoolProvider", provider);
        if (pool.serviceAccount() != null) {
            Map<String, Object> binding = new LinkedHashMap<>();
            binding.put("role", ROLE);
            binding.put("members", List.of(pool.principal()));
            all.put("serviceAccountPolicyBinding", binding);
        } else {
            all.put("principal", pool.principal());
        }
        return all;
    }

    /// For `GOOGLE_APPLICATION_CREDENTIALS` (google.aip.dev/auth/4117). The audience is the
    /// target's name: that of the provider could mean several targets.
    private static Map<String, Object> credentialConfig(Target target, String externalUrl) {
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("type", "external_account");
        file.put("audience", target.name());
        file.put("subject_token_type", "urn:ietf:params:oauth:token-type:jwt");
        file.put("token_url", externalUrl + "/token");
        file.put("credential_source", Map.of("file", TOKEN_FILE));
        return file;
    }

    private static String json(Map<String, Object> tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON values can be written", e);
        }
    }
}
