package dev.tollbridge.bridge.config;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What the fields of one target have to keep among themselves.
final class TargetChecks {

    /// From what the providers say they can issue (AWS STS AssumeRoleWithWebIdentity, Kubernetes
    /// TokenRequest, Google generateAccessToken).
    private record Limits(Duration least, Duration most) {}

    private static final Map<String, Limits> LIMITS =
            Map.of(
                    "aws", new Limits(Duration.ofMinutes(15), Duration.ofHours(12)),
                    "google", new Limits(Duration.ofSeconds(1), Duration.ofHours(12)),
                    "kubernetes", new Limits(Duration.ofMinutes(10), Duration.ofDays(1)));

    private TargetChecks() {}

    static void check(Values spec, Report report) {
        for (String kind : LIMITS.keySet().stream().sorted().toList()) {
            lifetime(spec, kind, report);
        }
        String constraint = spec.text("senderConstraint", "none");
        if (!constraint.equals("none") && !spec.isWritten("jwt")) {
            report.error(
                    SchemaRule.CANNOT_BE_BOUND,
                    spec.line("senderConstraint"),
                    spec.path("senderConstraint"),
                    "only credentials of the kind jwt can be bound to a key",
                    "leave the field out");
        }
        Values jwt = spec.nested("jwt");
        if (jwt != null) {
            jwt(jwt, report);
        }
        Values aws = spec.nested("aws");
        if (aws != null) {
            aws(aws, report);
        }
        Values azure = spec.nested("azure");
        if (azure != null) {
            azure(azure, report);
        }
        Values oauth = spec.nested("oauth");
        if (oauth != null) {
            OAuthNames.check(oauth, report);
        }
        Values google = spec.nested("google");
        if (google != null) {
            google(google, report);
        }
    }

    private static void lifetime(Values spec, String kind, Report report) {
        Duration maxTtl = spec.span("maxTtl");
        Limits limits = LIMITS.get(kind);
        if (maxTtl == null || limits == null || !spec.isWritten(kind)) {
            return;
        }
        if (maxTtl.compareTo(limits.least()) < 0 || maxTtl.compareTo(limits.most()) > 0) {
            report.error(
                    SchemaRule.LIFETIME,
                    spec.line("maxTtl"),
                    spec.path("maxTtl"),
                    "a target of the kind "
                            + kind
                            + " can issue from "
                            + ShapeReader.written(limits.least())
                            + " to "
                            + ShapeReader.written(limits.most()));
        }
    }

    private static void jwt(Values jwt, Report report) {
        for (String claim : jwt.map("claims").keySet()) {
            if (ReservedNames.registeredClaim(claim) || ReservedNames.cloudClaim(claim)) {
                report.error(
                        SchemaRule.RESERVED_CLAIM,
                        jwt.line("claims"),
                        jwt.path("claims"),
                        "the claim " + Problems.quoted(claim) + " is not a target's to set",
                        "choose another name");
            }
        }
        String audience = jwt.text("audience");
        if (audience != null && ReservedNames.cloudAudience(audience)) {
            report.error(
                    SchemaRule.FEDERATION_AUDIENCE,
                    jwt.line("audience"),
                    jwt.path("audience"),
                    "a cloud would take this token for the bridge's own proof",
                    "use a target of that cloud's kind");
        }
    }

    private static void aws(Values aws, Report report) {
        Set<String> unknown = new HashSet<>(aws.texts("transitiveTags"));
        unknown.removeAll(aws.map("sessionTags").keySet());
        if (!unknown.isEmpty() && aws.texts("transitiveTags").size() > 0) {
            report.error(
                    SchemaRule.INVALID_VALUE,
                    aws.line("transitiveTags"),
                    aws.path("transitiveTags"),
                    "names keys that sessionTags does not have");
        }
        aws.map("sessionTags")
                .forEach((key, template) -> {
                    if (!template.contains("{{") && template.length() > 256) {
                        report.error(
                                SchemaRule.TOO_LARGE,
                                aws.line("sessionTags"),
                                aws.path("sessionTags"),
                                "a session tag's value has at most 256 characters");
                    }
                });
    }

    private static void google(Values google, Report report) {
        String boundary = google.text("boundary");
        if (boundary == null) {
            return;
        }
        try {
            AccessBoundaries.check(boundary);
        } catch (Format.Invalid invalid) {
            report.error(
                    SchemaRule.INVALID_VALUE,
                    google.line("boundary"),
                    google.path("boundary"),
                    invalid.said(),
                    invalid.suggestion());
        }
    }

    /// A client without a person gets all that it was given on one resource, and can ask for
    /// nothing less (Microsoft Learn, "OAuth 2.0 client credentials flow", parameter `scope`).
    private static void azure(Values azure, Report report) {
        for (String scope : azure.texts("scopes")) {
            if (!scope.endsWith("/.default") || scope.length() == "/.default".length()) {
                report.error(
                        SchemaRule.INVALID_VALUE,
                        azure.line("scopes"),
                        azure.path("scopes"),
                        Problems.quoted(scope) + " does not name a resource's default scope",
                        "write it like https://management.azure.com/.default");
            }
        }
    }
}
