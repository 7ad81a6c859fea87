package dev.tollbridge.bridge.config;

import static dev.tollbridge.bridge.config.Fields.CONSTRAINT;
import static dev.tollbridge.bridge.config.Fields.ENABLED;
import static dev.tollbridge.bridge.config.Fields.FLAG;
import static dev.tollbridge.bridge.config.Fields.NAME;
import static dev.tollbridge.bridge.config.Fields.OWNER;
import static dev.tollbridge.bridge.config.Fields.SCOPES;
import static dev.tollbridge.bridge.config.Fields.nested;
import static dev.tollbridge.bridge.config.Fields.span;

import dev.tollbridge.bridge.config.FieldType.ListOf;
import dev.tollbridge.bridge.config.FieldType.Match;
import dev.tollbridge.bridge.config.FieldType.Text;
import dev.tollbridge.bridge.config.FieldType.Word;
import java.time.Duration;
import java.util.List;

/// The fields of a Grant.
final class GrantSchema {

    private GrantSchema() {}

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
}
