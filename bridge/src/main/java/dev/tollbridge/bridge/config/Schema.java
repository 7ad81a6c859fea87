package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.FieldType.Flag;
import dev.tollbridge.bridge.config.FieldType.Json;
import dev.tollbridge.bridge.config.FieldType.ListOf;
import dev.tollbridge.bridge.config.FieldType.MapOf;
import dev.tollbridge.bridge.config.FieldType.Match;
import dev.tollbridge.bridge.config.FieldType.Nested;
import dev.tollbridge.bridge.config.FieldType.Span;
import dev.tollbridge.bridge.config.FieldType.Text;
import dev.tollbridge.bridge.config.FieldType.Word;
import java.time.Duration;
import java.util.List;

/// Every field of every document, said once: the reader, the reference page and the JSON Schema are
/// made from this.
final class Schema {

    static final String API_VERSION = "tollbridge.dev/v1alpha1";

    private static final FieldType FLAG = new Flag(false);
    private static final FieldType TRUE = new Flag(true);
    private static final FieldType LINE = new Text(Format.LINE);
    private static final FieldType HTTPS = new Text(Format.HTTPS_URL);
    private static final FieldType ENDPOINT = new Text(Format.ENDPOINT_URL);
    private static final FieldType NAME = new Text(Format.NAME);
    private static final FieldType OWNER = new Text(Format.OWNER);
    private static final FieldType TEMPLATE = new Text(Format.TEMPLATE);
    private static final FieldType SCOPES = new ListOf(new Text(Format.SCOPE), 0, 200);
    private static final FieldType CONSTRAINT = new Word(List.of("none", "dpop", "mtls", "any"));
    private static final FieldType MODE = new Word(List.of("off", "audit", "warn", "enforce"));
    private static final String ENABLED =
            "`false` stops it at once on every path, also when the rest of the edit is refused."
                    + " Default `true`.";

    private Schema() {}

    private static Span span(Duration max) {
        return new Span(Duration.ofSeconds(1), max);
    }

    private static Nested nested(Shape.Builder shape) {
        return new Nested(shape.build());
    }

    /// The two fields of a reference to a Secret's entry.
    static final Shape SECRET_ENTRY =
            Shape.named("secretRef")
                    .required(
                            "name",
                            NAME,
                            "A Secret of the bridge's own namespace, with the label"
                                    + " `tollbridge.dev/configuration: \"true\"`.",
                            "github-app")
                    .required(
                            "key",
                            new Text(Format.IDENTIFIER),
                            "The entry of its `data`.",
                            "private-key.pem")
                    .build();

    static final Shape METADATA =
            Shape.named("metadata")
                    .required(
                            "name", NAME, "Unique among the documents of its kind.", "my-document")
                    .optional(
                            "labels",
                            new MapOf(Format.LINE, LINE, 0, 64),
                            "For your own tools; without effect.",
                            "{team: payments}")
                    .optional(
                            "annotations",
                            new MapOf(Format.LINE, new Text(Format.TEXT), 0, 64),
                            "For your own tools; without effect.",
                            "{ticket: SEC-17}")
                    .build();

    private static final FieldType KEYS =
            nested(
                    Shape.named("keys")
                            .optional(
                                    "discovery",
                                    TRUE,
                                    "OpenID Connect discovery at the issuer's URL. The default.",
                                    "true")
                            .optional(
                                    "url",
                                    HTTPS,
                                    "A key set at a URL.",
                                    "https://idp.example/keys.json")
                            .optional(
                                    "inline",
                                    new Json(false, YamlText.MAX_DOCUMENT),
                                    "A key set written here: `{keys: [...]}`.",
                                    "{keys: [{kty: RSA, kid: a, n: \"...\", e: AQAB}]}")
                            .optionalContent("file", "secretRef", "A key set.", "jwks.json")
                            .optional(
                                    "apiServer",
                                    nested(
                                            Shape.named("apiServer")
                                                    .required(
                                                            "url",
                                                            HTTPS,
                                                            "The API server.",
                                                            "https://10.0.0.1:6443")
                                                    .optionalContent(
                                                            "caFile",
                                                            "caSecretRef",
                                                            "Its CA certificates, PEM.",
                                                            "/etc/tollbridge/cluster-ca.pem")
                                                    .optionalContent(
                                                            "tokenFile",
                                                            "tokenSecretRef",
                                                            "A bearer token to ask with. Default:"
                                                                    + " anonymous.",
                                                            "/etc/tollbridge/cluster-token")),
                                    "The key set a Kubernetes API server publishes.",
                                    "{url: \"https://10.0.0.1:6443\", caFile: ca.pem}")
                            .exactlyOneOf(
                                    "discovery",
                                    "url",
                                    "inline",
                                    "file",
                                    "secretRef",
                                    "apiServer"));

    private static final FieldType TOKEN_REVIEW =
            nested(
                    Shape.named("tokenReview")
                            .optionalContent(
                                    "kubeconfig",
                                    "kubeconfigSecretRef",
                                    "A kubeconfig.",
                                    "cluster.kubeconfig")
                            .optional("inCluster", TRUE, "The cluster the bridge runs in.", "true")
                            .exactlyOneOf("kubeconfig", "kubeconfigSecretRef", "inCluster"));

    private static final FieldType NETWORK =
            nested(
                    Shape.named("network")
                            .optional(
                                    "allowPrivate",
                                    FLAG,
                                    "Whether loopback, private and link-local addresses may be"
                                            + " connected to, over https all the same. Default"
                                            + " `false`.",
                                    "true")
                            .optionalContent(
                                    "caFile",
                                    "caSecretRef",
                                    "PEM certificates to trust instead of the system's.",
                                    "/etc/tollbridge/idp-ca.pem"));

    static final Shape TRUSTED_ISSUER =
            Shape.named("TrustedIssuer")
                    .optional(
                            "preset",
                            new Text(Format.IDENTIFIER),
                            "A shipped preset's id or alias. None: RS256 and ES256, single use,"
                                    + " tokens of at most 24 h, no claim lint.",
                            "github-actions")
                    .optional(
                            "issuer",
                            new Text(Format.ISSUER_URL),
                            "The exact `iss` of its tokens. Needed without a preset, and with"
                                    + " presets of services that give every customer an issuer.",
                            "https://token.actions.githubusercontent.com")
                    .required(
                            "audience",
                            LINE,
                            "The one audience its tokens must have, exactly. One text, not a list.",
                            "https://tollbridge.acme.example")
                    .optional(
                            "keys",
                            KEYS,
                            "Where its public keys come from; exactly one. Default"
                                    + " `{discovery: true}`.",
                            "{discovery: true}")
                    .optional(
                            "algorithms",
                            new ListOf(
                                    new Word(
                                            List.of(
                                                    "RS256", "RS384", "RS512", "PS256", "PS384",
                                                    "PS512", "ES256", "ES384", "ES512", "EdDSA")),
                                    1,
                                    10),
                            "Signature algorithms (JWS names). Default: RS256 and ES256, as the"
                                    + " preset says.",
                            "[RS256]")
                    .optional(
                            "replay",
                            new Word(List.of("single-use", "per-target", "record", "off")),
                            "How often one token may be used: once, once for each target, any"
                                    + " number of times on record, or unobserved. Default: the"
                                    + " preset's, else `single-use`.",
                            "single-use")
                    .optional(
                            "maxTokenAge",
                            span(Duration.ofDays(366)),
                            "Bound on the time since `iat`. Default: none.",
                            "10m")
                    .optional(
                            "maxTokenLifetime",
                            span(Duration.ofDays(366)),
                            "Bound on `exp` minus `iat`. Default: the preset's, else 24 h.",
                            "1h")
                    .optional(
                            "clockSkew",
                            new Span(Duration.ZERO, Duration.ofMinutes(2)),
                            "How far clocks may differ. Default `30s`, at most `2m`.",
                            "30s")
                    .optional(
                            "tokenReview",
                            TOKEN_REVIEW,
                            "Ask this cluster whether what the token stands for still exists.",
                            "{inCluster: true}")
                    .optional(
                            "network",
                            NETWORK,
                            "How its keys may be fetched.",
                            "{allowPrivate: true, caFile: ca.pem}")
                    .optional(
                            "requirePod",
                            FLAG,
                            "Kubernetes presets: whether tokens must be bound to a pod. Default"
                                    + " `true`.",
                            "false")
                    .optional(
                            "denied",
                            new ListOf(new Match(), 0, 10_000),
                            "Subjects that are refused: a list of matches. An entry applies at"
                                    + " once, also when the rest of the edit is refused.",
                            "[{repository_id: \"666\"}]")
                    .optional("enabled", FLAG, ENABLED, "false")
                    .atLeastOneOf("preset", "issuer")
                    .build();

    private static final FieldType JWT =
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

    private static final FieldType AWS =
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

    private static final FieldType GOOGLE =
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

    private static final FieldType KUBERNETES =
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

    private static final FieldType AZURE =
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

    private static final FieldType GITHUB =
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

    private static final FieldType OAUTH =
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
                            JWT,
                            "An access token signed by the bridge (RFC 9068).",
                            "{audience: \"https://api.acme.example\", scopes: [deploy:write]}")
                    .optional(
                            "aws",
                            AWS,
                            "A role's session by AWS STS.",
                            "{roleArn: \"arn:aws:iam::111122223333:role/deploy\", region:"
                                    + " eu-west-1}")
                    .optional(
                            "google",
                            GOOGLE,
                            "A Google access token by workload identity federation.",
                            "{audience: \"//iam.googleapis.com/projects/1/...\"}")
                    .optional(
                            "kubernetes",
                            KUBERNETES,
                            "A service account's token by TokenRequest.",
                            "{inCluster: true, namespace: payments, serviceAccount: deployer}")
                    .optional(
                            "azure",
                            AZURE,
                            "An Entra ID access token by client assertion.",
                            "{tenantId: contoso.onmicrosoft.com, clientId: ..., scopes: [...]}")
                    .optional(
                            "github",
                            GITHUB,
                            "A GitHub App's installation token.",
                            "{appId: \"1\", privateKey: app.pem, owner: acme, repositories: [a],"
                                    + " permissions: {contents: read}}")
                    .optional(
                            "oauth",
                            OAUTH,
                            "A token of another authorization server.",
                            "{tokenEndpoint: \"https://login.partner.example/token\"}")
                    .exactlyOneOf("jwt", "aws", "google", "kubernetes", "azure", "github", "oauth")
                    .build();

    private static final FieldType ALLOW =
            nested(
                    Shape.named("allow")
                            .required("target", NAME, "The target's name.", "internal-api")
                            .optional(
                                    "ttl",
                                    span(Duration.ofDays(7)),
                                    "The longest life of a credential. Default: the target's.",
                                    "10m")
                            .optional(
                                    "scopes",
                                    SCOPES,
                                    "What may be asked for. Default: none.",
                                    "[deploy:write]"));

    static final Shape GRANT =
            Shape.named("Grant")
                    .required("owner", OWNER, "Who answers for it.", "team-payments@acme.example")
                    .required("issuer", NAME, "The trusted issuer's name.", "github")
                    .optional(
                            "match",
                            new Match(),
                            "Claims and what they must be; all must hold. Text is exact, a name"
                                    + " that starts with `/` is a JSON Pointer; `{prefix: ...}`"
                                    + " ends in `:` or `/`; in `{glob: ...}` `*` never crosses"
                                    + " these; `{anyOf: [...]}`.",
                            "{repository_id: \"2002\", environment: production}")
                    .optional(
                            "condition",
                            new Text(Format.TEXT),
                            "CEL over `claims`; looked at after `match` held.",
                            "claims.ref == 'refs/heads/main'")
                    .required(
                            "allow",
                            new ListOf(ALLOW, 1, 1000),
                            "What is given.",
                            "[{target: internal-api, scopes: [deploy:write], ttl: 10m}]")
                    .optional(
                            "expires",
                            new Text(Format.DATE),
                            "The last UTC day on which it holds.",
                            "2027-06-30")
                    .optional(
                            "mode",
                            new Word(List.of("enforce", "shadow")),
                            "`shadow`: evaluated and recorded, never grants. Default `enforce`.",
                            "shadow")
                    .optional(
                            "mayOutliveSubject",
                            FLAG,
                            "Whether a credential may live longer than the subject token. Default:"
                                    + " the preset's.",
                            "false")
                    .optional(
                            "senderConstraint",
                            CONSTRAINT,
                            "What callers must prove beside the subject token.",
                            "dpop")
                    .optional(
                            "session",
                            nested(
                                    Shape.named("session")
                                            .required(
                                                    "max",
                                                    span(Duration.ofDays(1)),
                                                    "How long a job may refresh.",
                                                    "2h")),
                            "Lets long jobs refresh, with a DPoP key.",
                            "{max: 2h}")
                    .optional(
                            "acknowledge",
                            new ListOf(new Text(Format.RULE_ID), 0, 50),
                            "Danger rules whose danger is accepted, by exact id.",
                            "[names-only]")
                    .optional("enabled", FLAG, ENABLED, "false")
                    .atLeastOneOf("match", "condition")
                    .build();

    static final Shape EXEMPTION =
            Shape.named("Exemption")
                    .required("namespace", new Text(Format.LABEL), "Where it holds.", "payments")
                    .required(
                            "match",
                            nested(
                                    Shape.named("match")
                                            .optional("secret", NAME, "A Secret.", "legacy-login")
                                            .optional("configMap", NAME, "A ConfigMap.", "settings")
                                            .optional("pod", NAME, "A pod.", "migration")
                                            .optional(
                                                    "detector",
                                                    new Text(Format.IDENTIFIER),
                                                    "A detector's id.",
                                                    "aws-sso-cache")
                                            .optional(
                                                    "fingerprint",
                                                    LINE,
                                                    "A finding's fingerprint.",
                                                    "sha256:0123456789abcdef")
                                            .atLeastOneOf(
                                                    "secret",
                                                    "configMap",
                                                    "pod",
                                                    "detector",
                                                    "fingerprint")),
                            "What is exempt. Pin a fingerprint, or an object and a detector.",
                            "{secret: legacy-login, detector: aws-sso-cache}")
                    .required(
                            "reason",
                            new Text(Format.TEXT),
                            "Why, for whoever reads it later.",
                            "moves to the bridge in sprint 12, SEC-17")
                    .required("approvedBy", OWNER, "Who approved it.", "security@acme.example")
                    .required(
                            "expires",
                            new Text(Format.DATE),
                            "The last UTC day on which it holds; at most 90 days ahead.",
                            "2026-12-31")
                    .build();

    static final Shape ADMISSION_SETTINGS =
            Shape.named("AdmissionSettings")
                    .optional(
                            "default",
                            MODE,
                            "The mode of namespaces that are not listed. Default `audit`.",
                            "audit")
                    .optional(
                            "namespaces",
                            new ListOf(
                                    nested(
                                            Shape.named("namespaces")
                                                    .optional(
                                                            "name",
                                                            new Text(Format.LABEL),
                                                            "One namespace.",
                                                            "payments")
                                                    .optional(
                                                            "glob",
                                                            LINE,
                                                            "Namespaces; `*` stands for any"
                                                                    + " characters.",
                                                            "team-*")
                                                    .required("mode", MODE, "Its mode.", "enforce")
                                                    .exactlyOneOf("name", "glob")),
                                    0,
                                    10_000),
                            "Modes by namespace.",
                            "[{name: payments, mode: enforce}]")
                    .optional(
                            "inject",
                            nested(
                                    Shape.named("inject")
                                            .required(
                                                    "url",
                                                    HTTPS,
                                                    "The bridge, as pods reach it.",
                                                    "https://tollbridge.tollbridge.svc")
                                            .required(
                                                    "audience",
                                                    LINE,
                                                    "The audience of pods' projected tokens.",
                                                    "https://tollbridge.acme.example")
                                            .optional(
                                                    "image",
                                                    LINE,
                                                    "The sidecar's image, by digest.",
                                                    "registry.example/tollbridge@sha256:...")
                                            .optional(
                                                    "targets",
                                                    new ListOf(
                                                            nested(
                                                                    Shape.named("targets")
                                                                            .required(
                                                                                    "name",
                                                                                    NAME,
                                                                                    "The target's"
                                                                                            + " name.",
                                                                                    "internal-api")
                                                                            .required(
                                                                                    "kind",
                                                                                    new Word(
                                                                                            List.of(
                                                                                                    "jwt",
                                                                                                    "aws",
                                                                                                    "google",
                                                                                                    "kubernetes",
                                                                                                    "azure",
                                                                                                    "github",
                                                                                                    "oauth")),
                                                                                    "Its kind.",
                                                                                    "jwt")),
                                                            0,
                                                            10_000),
                                                    "Names that pods may ask for.",
                                                    "[{name: internal-api, kind: jwt}]")
                                            .optional(
                                                    "evictionsPerSweep",
                                                    new Text(Format.COUNT),
                                                    "How many pods that missed their injection a"
                                                            + " sweep may evict. Default 0: it only"
                                                            + " reports them.",
                                                    "5")),
                            "What pods that ask for it are given.",
                            "{url: \"https://tollbridge.tollbridge.svc\", audience: ...}")
                    .optional(
                            "uninspectable",
                            new Word(List.of("allow", "warn", "deny")),
                            "What happens with what cannot be inspected. Default `warn`.",
                            "warn")
                    .build();

    static Shape of(Kind kind) {
        return switch (kind) {
            case TRUSTED_ISSUER -> TRUSTED_ISSUER;
            case TARGET -> TARGET;
            case GRANT -> GRANT;
            case EXEMPTION -> EXEMPTION;
            case ADMISSION_SETTINGS -> ADMISSION_SETTINGS;
        };
    }
}
