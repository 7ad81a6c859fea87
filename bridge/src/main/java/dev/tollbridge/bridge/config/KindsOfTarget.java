package dev.tollbridge.bridge.config;

import static dev.tollbridge.bridge.config.Fields.ENDPOINT;
import static dev.tollbridge.bridge.config.Fields.LINE;
import static dev.tollbridge.bridge.config.Fields.NAME;
import static dev.tollbridge.bridge.config.Fields.SCOPES;
import static dev.tollbridge.bridge.config.Fields.TEMPLATE;
import static dev.tollbridge.bridge.config.Fields.TRUE;
import static dev.tollbridge.bridge.config.Fields.nested;
import static dev.tollbridge.bridge.config.Fields.span;

import dev.tollbridge.bridge.config.FieldType.Json;
import dev.tollbridge.bridge.config.FieldType.ListOf;
import dev.tollbridge.bridge.config.FieldType.MapOf;
import dev.tollbridge.bridge.config.FieldType.Text;
import dev.tollbridge.bridge.config.FieldType.Word;
import java.time.Duration;
import java.util.List;

/// The fields of each kind of target.
final class KindsOfTarget {

    private KindsOfTarget() {}

    static final FieldType JWT =
            nested(
                    Shape.named("jwt")
                            .required(
                                    "audience",
                                    LINE,
                                    "The token's `aud`.",
                                    "https://api.acme.example")
                            .optional(
                                    "scopes",
                                    SCOPES,
                                    "All that any grant may give.",
                                    "[deploy:read, deploy:write]")
                            .optional(
                                    "claims",
                                    new MapOf(Format.CLAIM_NAME, TEMPLATE, 0, 50),
                                    "Further claims; values are templates. Registered claims and"
                                            + " clouds' own are refused.",
                                    "{repository: \"{{repository}}\"}")
                            .optional(
                                    "algorithm",
                                    new Word(List.of("ES256", "RS256", "EdDSA")),
                                    "Signature algorithm. Default `ES256`.",
                                    "ES256"));

    static final FieldType AWS =
            nested(
                    Shape.named("aws")
                            .required(
                                    "roleArn",
                                    new Text(Format.ROLE_ARN),
                                    "The role to assume.",
                                    "arn:aws:iam::111122223333:role/payments-deploy")
                            .required(
                                    "region",
                                    new Text(Format.REGION),
                                    "The region whose STS is asked.",
                                    "eu-west-1")
                            .optional(
                                    "stsEndpoint",
                                    ENDPOINT,
                                    "Another STS endpoint; must be on `--allow-endpoint`.",
                                    "https://sts.example")
                            .optional(
                                    "sessionTags",
                                    new MapOf(Format.TAG_KEY, TEMPLATE, 0, 50),
                                    "Session tags; values are templates.",
                                    "{repo: \"{{repository}}\"}")
                            .optional(
                                    "transitiveTags",
                                    new ListOf(new Text(Format.TAG_KEY), 0, 50),
                                    "Keys of `sessionTags` that role chaining keeps.",
                                    "[repo]")
                            .optional(
                                    "sourceIdentity",
                                    TEMPLATE,
                                    "The session's source identity; a template.",
                                    "\"{{repository_id}}\"")
                            .optional(
                                    "sessionPolicy",
                                    new Json(true, 2048),
                                    "A policy that narrows the session: a mapping or JSON text, at"
                                            + " most 2048 characters.",
                                    "{Version: \"2012-10-17\", Statement: [...]}")
                            .optional(
                                    "policyArns",
                                    new ListOf(new Text(Format.POLICY_ARN), 0, 10),
                                    "Managed policies that narrow the session; at most 10.",
                                    "[\"arn:aws:iam::aws:policy/ReadOnlyAccess\"]"));

    static final FieldType GOOGLE =
            nested(
                    Shape.named("google")
                            .required(
                                    "audience",
                                    new Text(Format.GOOGLE_PROVIDER),
                                    "The workload identity pool provider.",
                                    "//iam.googleapis.com/projects/123456/locations/global/workloadIdentityPools/tollbridge/providers/bridge")
                            .optional(
                                    "serviceAccount",
                                    new Text(Format.SERVICE_ACCOUNT_EMAIL),
                                    "The service account to impersonate.",
                                    "deployer@acme.iam.gserviceaccount.com")
                            .optional(
                                    "scopes",
                                    SCOPES,
                                    "OAuth scopes.",
                                    "[\"https://www.googleapis.com/auth/devstorage.read_only\"]")
                            .optional(
                                    "boundary",
                                    new Json(true, 16 * 1024),
                                    "A credential access boundary: a mapping or JSON text.",
                                    "{accessBoundary: {accessBoundaryRules: [...]}}")
                            .optional(
                                    "stsEndpoint",
                                    ENDPOINT,
                                    "Another STS endpoint; must be on `--allow-endpoint`.",
                                    "https://sts.example")
                            .optional(
                                    "iamEndpoint",
                                    ENDPOINT,
                                    "Another IAM Credentials endpoint; must be on"
                                            + " `--allow-endpoint`.",
                                    "https://iam.example"));

    static final FieldType KUBERNETES =
            nested(
                    Shape.named("kubernetes")
                            .optionalContent(
                                    "kubeconfig",
                                    "kubeconfigSecretRef",
                                    "A kubeconfig.",
                                    "prod.kubeconfig")
                            .optional("inCluster", TRUE, "The cluster the bridge runs in.", "true")
                            .required(
                                    "namespace",
                                    new Text(Format.LABEL),
                                    "The service account's namespace.",
                                    "payments")
                            .required("serviceAccount", NAME, "The service account.", "deployer")
                            .optional(
                                    "audiences",
                                    new ListOf(LINE, 0, 20),
                                    "The token's audiences. Default: the API server's own.",
                                    "[\"https://vault.acme.example\"]")
                            .optional(
                                    "bindTo",
                                    new Word(List.of("none", "pod", "secret")),
                                    "What the token ends with. Default `none`.",
                                    "secret")
                            .exactlyOneOf("kubeconfig", "kubeconfigSecretRef", "inCluster"));

    static final FieldType AZURE =
            nested(
                    Shape.named("azure")
                            .required(
                                    "tenantId",
                                    new Text(Format.TENANT),
                                    "The tenant: its GUID or a domain.",
                                    "contoso.onmicrosoft.com")
                            .required(
                                    "clientId",
                                    new Text(Format.GUID),
                                    "The application.",
                                    "11111111-2222-3333-4444-555555555555")
                            .required(
                                    "scopes",
                                    new ListOf(new Text(Format.SCOPE), 1, 200),
                                    "Such as `<resource>/.default`.",
                                    "[\"https://management.azure.com/.default\"]")
                            .optional(
                                    "authority",
                                    ENDPOINT,
                                    "Another login endpoint; must be on `--allow-endpoint`.",
                                    "https://login.microsoftonline.us"));

    static final FieldType GITHUB =
            nested(
                    Shape.named("github")
                            .required(
                                    "appId",
                                    new Text(Format.NUMBER_ID),
                                    "The App's id or client id.",
                                    "\"123456\"")
                            .requiredContent(
                                    "privateKey",
                                    "privateKeySecretRef",
                                    "The App's private key, PEM.",
                                    "/etc/tollbridge/github-app.pem")
                            .optional(
                                    "installationId",
                                    new Text(Format.NUMBER_ID),
                                    "The installation.",
                                    "\"7890\"")
                            .optional(
                                    "owner",
                                    new Text(Format.IDENTIFIER),
                                    "The user or organisation whose installation is looked up.",
                                    "acme")
                            .required(
                                    "repositories",
                                    new ListOf(new Text(Format.REPOSITORY), 1, 500),
                                    "Repositories by name, without their owner. Never all.",
                                    "[payments]")
                            .required(
                                    "permissions",
                                    new MapOf(
                                            Format.IDENTIFIER,
                                            new Word(List.of("read", "write", "admin")),
                                            1,
                                            100),
                                    "Permissions. Never all.",
                                    "{contents: read}")
                            .optional(
                                    "apiUrl",
                                    ENDPOINT,
                                    "Another API, as of GitHub Enterprise; must be on"
                                            + " `--allow-endpoint`.",
                                    "https://github.acme.example/api/v3")
                            .exactlyOneOf("installationId", "owner"));

    static final FieldType OAUTH =
            nested(
                    Shape.named("oauth")
                            .optional(
                                    "tokenEndpoint",
                                    ENDPOINT,
                                    "The authorization server's token endpoint; must be on"
                                            + " `--allow-endpoint`. Default: the preset's.",
                                    "https://login.partner.example/token")
                            .optional(
                                    "grantType",
                                    new Word(
                                            List.of(
                                                    "urn:ietf:params:oauth:grant-type:token-exchange",
                                                    "urn:ietf:params:oauth:grant-type:jwt-bearer",
                                                    "token-exchange",
                                                    "jwt-bearer")),
                                    "RFC 8693 or RFC 7523. Default: the preset's, else"
                                            + " `token-exchange`.",
                                    "token-exchange")
                            .optional("clientId", LINE, "The bridge's client id there.", "bridge")
                            .optional(
                                    "clientAuth",
                                    new Word(List.of("none", "private_key_jwt")),
                                    "How the bridge authenticates there: with `clientId` alone, or"
                                            + " with an assertion signed by the federation"
                                            + " issuer's key (RFC 7523). Default `none`.",
                                    "private_key_jwt")
                            .optional(
                                    "audience",
                                    LINE,
                                    "What the token is to be for: the request's `audience`.",
                                    "https://api.partner.example")
                            .optional("scopes", SCOPES, "All that any grant may give.", "[read]")
                            .optional(
                                    "preset",
                                    new Text(Format.IDENTIFIER),
                                    "A shipped preset of a service that takes the bridge's"
                                            + " tokens; see the page of the kind.",
                                    "pulumi-cloud")
                            .optional(
                                    "assertionAudience",
                                    LINE,
                                    "The `aud` of what the bridge shows there. Default: the token"
                                            + " endpoint's URL (RFC 7523 section 3).",
                                    "https://login.partner.example")
                            .optional(
                                    "subjectTokenType",
                                    new Word(List.of("jwt", "id_token", "access_token")),
                                    "What RFC 8693 calls what the bridge shows. Default `jwt`.",
                                    "jwt")
                            .optional(
                                    "tokenLifetime",
                                    span(Duration.ofDays(1)),
                                    "How long the server's tokens live, where it chooses. Less"
                                            + " cannot be granted; used also where its answer does"
                                            + " not say. Default: what its answer says.",
                                    "1h")
                            .optional(
                                    "revocationEndpoint",
                                    ENDPOINT,
                                    "Where tokens are ended (RFC 7009), of the token endpoint's"
                                            + " host; must be on `--allow-endpoint`. Default: they"
                                            + " cannot be ended.",
                                    "https://login.partner.example/revoke")
                            .optional(
                                    "algorithm",
                                    new Word(List.of("RS256", "ES256", "EdDSA")),
                                    "The signature of what the bridge shows. Default `RS256`.",
                                    "RS256")
                            .optional(
                                    "parameters",
                                    new MapOf(Format.PARAMETER, LINE, 0, 20),
                                    "Further parameters of the request, the same for every"
                                            + " token.",
                                    "{identity_pool_id: pool-1}")
                            .atLeastOneOf("tokenEndpoint", "preset"));
}
