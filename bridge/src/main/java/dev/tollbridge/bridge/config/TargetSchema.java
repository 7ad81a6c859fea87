package dev.tollbridge.bridge.config;

import static dev.tollbridge.bridge.config.Fields.CONSTRAINT;
import static dev.tollbridge.bridge.config.Fields.ENABLED;
import static dev.tollbridge.bridge.config.Fields.FLAG;
import static dev.tollbridge.bridge.config.Fields.OWNER;
import static dev.tollbridge.bridge.config.Fields.span;

import dev.tollbridge.bridge.config.FieldType.Text;
import java.time.Duration;

/// The fields of a Target; those of its kind are in {@link KindsOfTarget}.
final class TargetSchema {

    private TargetSchema() {}

    static final Shape TARGET =
            Shape.named("Target")
                    .required("owner", OWNER, "Who answers for it.", "team-payments@acme.example")
                    .optional(
                            "resource",
                            new Text(Format.RESOURCE_URI),
                            "A URI that names it in requests (RFC 8707); unique. Default for"
                                    + " `jwt`: its audience.",
                            "https://api.acme.example")
                    .optional(
                            "maxTtl",
                            span(Duration.ofDays(7)),
                            "The longest life of a credential. Default: the kind's.",
                            "1h")
                    .optional("enabled", FLAG, ENABLED, "false")
                    .optional(
                            "senderConstraint",
                            CONSTRAINT,
                            "What callers must prove beside the subject token. Target and grant"
                                    + " can both demand; the stricter wins. Kinds that cannot be"
                                    + " bound refuse it. Default `none`.",
                            "dpop")
                    .optional(
                            "jwt",
                            KindsOfTarget.JWT,
                            "An access token signed by the bridge (RFC 9068).",
                            "{audience: \"https://api.acme.example\", scopes: [deploy:write]}")
                    .optional(
                            "aws",
                            KindsOfTarget.AWS,
                            "A role's session by AWS STS.",
                            "{roleArn: \"arn:aws:iam::111122223333:role/deploy\", region:"
                                    + " eu-west-1}")
                    .optional(
                            "google",
                            KindsOfTarget.GOOGLE,
                            "A Google access token by workload identity federation.",
                            "{audience: \"//iam.googleapis.com/projects/1/...\"}")
                    .optional(
                            "kubernetes",
                            KindsOfTarget.KUBERNETES,
                            "A service account's token by TokenRequest.",
                            "{inCluster: true, namespace: payments, serviceAccount: deployer}")
                    .optional(
                            "azure",
                            KindsOfTarget.AZURE,
                            "An Entra ID access token by client assertion.",
                            "{tenantId: contoso.onmicrosoft.com, clientId: ..., scopes: [...]}")
                    .optional(
                            "github",
                            KindsOfTarget.GITHUB,
                            "A GitHub App's installation token.",
                            "{appId: \"1\", privateKey: app.pem, owner: acme, repositories: [a],"
                                    + " permissions: {contents: read}}")
                    .optional(
                            "oauth",
                            KindsOfTarget.OAUTH,
                            "A token of another authorization server.",
                            "{tokenEndpoint: \"https://login.partner.example/token\"}")
                    .exactlyOneOf("jwt", "aws", "google", "kubernetes", "azure", "github", "oauth")
                    .build();
}
