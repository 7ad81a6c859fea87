package dev.tollbridge.bridge.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A target as written: what a credential can be minted for.
///
/// @param resource a URI that names it (RFC 8707); a `jwt` target's is its audience unless written
/// @param maxTtl null: the kind's default
public record TargetSpec(
        String owner,
        @Nullable String resource,
        @Nullable Duration maxTtl,
        boolean enabled,
        SenderConstraint senderConstraint,
        TargetSettings settings)
        implements Spec {

    /// What a grant or target demands of the caller beside the subject token.
    public enum SenderConstraint {
        NONE,
        DPOP,
        MTLS,
        ANY
    }

    /// The part of a target that belongs to one kind; exactly one is written.
    public sealed interface TargetSettings {
        /// The kind as written in documents, records and metrics: `jwt`, `aws`, ...
        String kind();

        /// Endpoints that the document names instead of the provider's own; the operator has to
        /// have allowed each (`serve --allow-endpoint`).
        default List<String> endpoints() {
            return List.of();
        }
    }

    /// @param audience the `aud` of the token
    /// @param scopes all that any grant may give
    /// @param claims further claims: values are templates over the subject's claims
    /// @param algorithm `ES256`, `RS256` or `EdDSA`
    public record Jwt(
            String audience, List<String> scopes, Map<String, String> claims, String algorithm)
            implements TargetSettings {
        @Override
        public String kind() {
            return "jwt";
        }
    }

    public record Aws(
            String roleArn,
            String region,
            @Nullable String stsEndpoint,
            Map<String, String> sessionTags,
            List<String> transitiveTags,
            @Nullable String sourceIdentity,
            @Nullable String sessionPolicy,
            List<String> policyArns)
            implements TargetSettings {
        @Override
        public String kind() {
            return "aws";
        }

        @Override
        public List<String> endpoints() {
            return written(stsEndpoint);
        }
    }

    /// @param boundary the credential access boundary as JSON text
    public record Google(
            String audience,
            @Nullable String serviceAccount,
            List<String> scopes,
            @Nullable String boundary,
            @Nullable String stsEndpoint,
            @Nullable String iamEndpoint)
            implements TargetSettings {
        @Override
        public String kind() {
            return "google";
        }

        @Override
        public List<String> endpoints() {
            return written(stsEndpoint, iamEndpoint);
        }
    }

    /// @param kubeconfig null: the cluster the bridge runs in
    public record Kubernetes(
            @Nullable String kubeconfig,
            boolean inCluster,
            String namespace,
            String serviceAccount,
            List<String> audiences,
            BindTo bindTo)
            implements TargetSettings {
        @Override
        public String kind() {
            return "kubernetes";
        }

        public enum BindTo {
            NONE,
            POD,
            SECRET
        }
    }

    public record Azure(
            String tenantId, String clientId, List<String> scopes, @Nullable String authority)
            implements TargetSettings {
        @Override
        public String kind() {
            return "azure";
        }

        @Override
        public List<String> endpoints() {
            // Those of the national clouds are as much built in as the public one's.
            return EntraCloud.of(authority).isPresent() ? List.of() : written(authority);
        }
    }

    /// @param privateKey file that holds the App's private key
    public record GitHub(
            String appId,
            String privateKey,
            @Nullable String installationId,
            @Nullable String owner,
            List<String> repositories,
            Map<String, String> permissions,
            @Nullable String apiUrl)
            implements TargetSettings {
        @Override
        public String kind() {
            return "github";
        }

        @Override
        public List<String> endpoints() {
            return written(apiUrl);
        }
    }

    /// @param preset a shipped service's, which says what this leaves out; null: RFC 8693 as it
    ///   stands
    /// @param tokenEndpoint null: the preset's
    /// @param audience what the token is to be for, as the server calls it
    /// @param assertionAudience the `aud` of what the bridge shows there; null: the token
    ///   endpoint's URL (RFC 7523 section 3)
    /// @param subjectTokenType `jwt`, `id_token` or `access_token`
    /// @param tokenLifetime how long the server's tokens live, where it chooses
    /// @param algorithm `RS256`, `ES256` or `EdDSA`
    /// @param parameters further parameters of the request
    public record OAuth(
            @Nullable String preset,
            @Nullable String tokenEndpoint,
            @Nullable String grantType,
            @Nullable String clientId,
            @Nullable String clientAuth,
            @Nullable String audience,
            List<String> scopes,
            @Nullable String assertionAudience,
            @Nullable String subjectTokenType,
            @Nullable Duration tokenLifetime,
            @Nullable String revocationEndpoint,
            @Nullable String algorithm,
            Map<String, String> parameters)
            implements TargetSettings {
        @Override
        public String kind() {
            return "oauth";
        }

        @Override
        public List<String> endpoints() {
            return written(tokenEndpoint, revocationEndpoint);
        }
    }

    private static List<String> written(@Nullable String... endpoints) {
        return Arrays.stream(endpoints).filter(Objects::nonNull).map(String::valueOf).toList();
    }
}
