package dev.tollbridge.bridge.config;

import static dev.tollbridge.bridge.config.Fields.ENABLED;
import static dev.tollbridge.bridge.config.Fields.FLAG;
import static dev.tollbridge.bridge.config.Fields.HTTPS;
import static dev.tollbridge.bridge.config.Fields.LINE;
import static dev.tollbridge.bridge.config.Fields.TRUE;
import static dev.tollbridge.bridge.config.Fields.nested;
import static dev.tollbridge.bridge.config.Fields.span;

import dev.tollbridge.bridge.config.FieldType.Json;
import dev.tollbridge.bridge.config.FieldType.ListOf;
import dev.tollbridge.bridge.config.FieldType.Match;
import dev.tollbridge.bridge.config.FieldType.Span;
import dev.tollbridge.bridge.config.FieldType.Text;
import dev.tollbridge.bridge.config.FieldType.Word;
import java.time.Duration;
import java.util.List;

/// The fields of a TrustedIssuer.
final class IssuerSchema {

    private IssuerSchema() {}

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
}
