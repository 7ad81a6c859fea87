package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.TargetSpec.Aws;
import dev.tollbridge.bridge.config.TargetSpec.Azure;
import dev.tollbridge.bridge.config.TargetSpec.GitHub;
import dev.tollbridge.bridge.config.TargetSpec.Google;
import dev.tollbridge.bridge.config.TargetSpec.Jwt;
import dev.tollbridge.bridge.config.TargetSpec.Kubernetes;
import dev.tollbridge.bridge.config.TargetSpec.Kubernetes.BindTo;
import dev.tollbridge.bridge.config.TargetSpec.OAuth;
import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import dev.tollbridge.bridge.config.TargetSpec.TargetSettings;

/// From the fields of a target to its record.
final class TargetFields {

    private TargetFields() {}

    static TargetSpec spec(Values spec) {
        return new TargetSpec(
                spec.needText("owner"),
                spec.text("resource"),
                spec.span("maxTtl"),
                spec.flag("enabled", true),
                constraint(spec.text("senderConstraint", "none")),
                settings(spec));
    }

    static SenderConstraint constraint(String written) {
        return switch (written) {
            case "dpop" -> SenderConstraint.DPOP;
            case "mtls" -> SenderConstraint.MTLS;
            case "any" -> SenderConstraint.ANY;
            default -> SenderConstraint.NONE;
        };
    }

    private static TargetSettings settings(Values spec) {
        Values jwt = spec.nested("jwt");
        if (jwt != null) {
            return new Jwt(
                    jwt.needText("audience"),
                    jwt.texts("scopes"),
                    jwt.map("claims"),
                    jwt.text("algorithm", "ES256"));
        }
        Values aws = spec.nested("aws");
        if (aws != null) {
            return new Aws(
                    aws.needText("roleArn"),
                    aws.needText("region"),
                    aws.text("stsEndpoint"),
                    aws.map("sessionTags"),
                    aws.texts("transitiveTags"),
                    aws.text("sourceIdentity"),
                    aws.text("sessionPolicy"),
                    aws.texts("policyArns"));
        }
        Values google = spec.nested("google");
        if (google != null) {
            return new Google(
                    google.needText("audience"),
                    google.text("serviceAccount"),
                    google.texts("scopes"),
                    google.text("boundary"),
                    google.text("stsEndpoint"),
                    google.text("iamEndpoint"));
        }
        Values kubernetes = spec.nested("kubernetes");
        if (kubernetes != null) {
            return new Kubernetes(
                    kubernetes.content("kubeconfig", "kubeconfigSecretRef"),
                    kubernetes.flag("inCluster", false),
                    kubernetes.needText("namespace"),
                    kubernetes.needText("serviceAccount"),
                    kubernetes.texts("audiences"),
                    bindTo(kubernetes.text("bindTo", "none")));
        }
        Values azure = spec.nested("azure");
        if (azure != null) {
            return new Azure(
                    azure.needText("tenantId"),
                    azure.needText("clientId"),
                    azure.texts("scopes"),
                    azure.text("authority"));
        }
        Values github = spec.nested("github");
        if (github != null) {
            return new GitHub(
                    github.needText("appId"),
                    github.needContent("privateKey", "privateKeySecretRef"),
                    github.text("installationId"),
                    github.text("owner"),
                    github.texts("repositories"),
                    github.map("permissions"),
                    github.text("apiUrl"));
        }
        Values oauth = spec.needNested("oauth");
        return new OAuth(
                oauth.text("preset"),
                oauth.text("tokenEndpoint"),
                oauth.text("grantType"),
                oauth.text("clientId"),
                oauth.text("clientAuth"),
                oauth.text("audience"),
                oauth.texts("scopes"),
                oauth.text("assertionAudience"),
                oauth.text("subjectTokenType"),
                oauth.span("tokenLifetime"),
                oauth.text("revocationEndpoint"),
                oauth.text("algorithm"),
                oauth.map("parameters"));
    }

    private static BindTo bindTo(String written) {
        return switch (written) {
            case "pod" -> BindTo.POD;
            case "secret" -> BindTo.SECRET;
            default -> BindTo.NONE;
        };
    }
}
