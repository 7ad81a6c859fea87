package dev.tollbridge.bridge.config;

import static dev.tollbridge.bridge.config.Fields.HTTPS;
import static dev.tollbridge.bridge.config.Fields.LINE;
import static dev.tollbridge.bridge.config.Fields.MODE;
import static dev.tollbridge.bridge.config.Fields.NAME;
import static dev.tollbridge.bridge.config.Fields.OWNER;
import static dev.tollbridge.bridge.config.Fields.nested;

import dev.tollbridge.bridge.config.FieldType.ListOf;
import dev.tollbridge.bridge.config.FieldType.Text;
import dev.tollbridge.bridge.config.FieldType.Word;
import java.util.List;

/// The fields of the webhook's documents: Exemption and AdmissionSettings.
final class WebhookSchema {

    private WebhookSchema() {}

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
}
