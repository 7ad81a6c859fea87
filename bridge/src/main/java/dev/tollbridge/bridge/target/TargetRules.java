package dev.tollbridge.bridge.target;

import dev.tollbridge.bridge.claims.Template;
import dev.tollbridge.bridge.config.Document;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.Problem.Severity;
import dev.tollbridge.bridge.config.ReservedNames;
import dev.tollbridge.bridge.config.TargetSpec;
import dev.tollbridge.bridge.config.TargetSpec.Jwt;
import dev.tollbridge.bridge.config.TargetSpec.Kubernetes;
import dev.tollbridge.bridge.config.TargetSpec.OAuth;
import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a target may not be.
final class TargetRules {

    private static final int GOOGLE_SUBJECT = 127;

    private final Set<String> trustedAudiences;
    private final @Nullable String externalUrl;
    private final List<Problem> problems;

    TargetRules(
            Set<String> trustedAudiences, @Nullable String externalUrl, List<Problem> problems) {
        this.trustedAudiences = trustedAudiences;
        this.externalUrl = externalUrl;
        this.problems = problems;
    }

    void check(Document<TargetSpec> document) {
        TargetSpec spec = document.spec();
        KindFacts facts = KindFacts.of(spec.settings());
        if (spec.resource() != null && !isResource(spec.resource())) {
            error(
                    document,
                    "bad-resource",
                    "spec.resource",
                    "a resource is an absolute URI without fragment (RFC 8707 section 2)",
                    null);
        }
        if (spec.maxTtl() != null) {
            if (spec.maxTtl().compareTo(facts.minimumTtl()) < 0) {
                error(
                        document,
                        "ttl-below-minimum",
                        "spec.maxTtl",
                        "a credential of kind "
                                + spec.settings().kind()
                                + " cannot live less than "
                                + facts.minimumTtl().toSeconds()
                                + "s",
                        "maxTtl: " + facts.minimumTtl().toSeconds() + "s");
            }
            if (spec.maxTtl().compareTo(facts.maximumTtl()) > 0) {
                error(
                        document,
                        "ttl-above-maximum",
                        "spec.maxTtl",
                        "a credential of kind "
                                + spec.settings().kind()
                                + " cannot live more than "
                                + facts.maximumTtl().toSeconds()
                                + "s",
                        null);
            }
        }
        if (spec.senderConstraint() != SenderConstraint.NONE && !facts.bindable()) {
            error(
                    document,
                    "unbindable-constraint",
                    "spec.senderConstraint",
                    "credentials of kind " + spec.settings().kind() + " cannot be bound to a key",
                    "leave senderConstraint out");
        }
        switch (spec.settings()) {
            case Jwt jwt -> {
                audience(document, "spec.jwt.audience", jwt.audience());
                jwt.claims()
                        .forEach((claim, template) -> {
                            claim(document, claim);
                            template(document, "spec.jwt.claims." + claim, template);
                        });
            }
            case Kubernetes kubernetes -> {
                for (String audience : kubernetes.audiences()) {
                    trusted(document, "spec.kubernetes.audiences", audience);
                }
            }
            case OAuth oauth -> {
                if (oauth.audience() != null) {
                    trusted(document, "spec.oauth.audience", oauth.audience());
                }
                if (oauth.assertionAudience() != null) {
                    trusted(document, "spec.oauth.assertionAudience", oauth.assertionAudience());
                }
                for (OAuthRules.Finding finding : OAuthRules.of(oauth)) {
                    error(
                            document,
                            finding.rule(),
                            "spec.oauth." + finding.field(),
                            finding.message(),
                            finding.suggestion());
                }
            }
            case TargetSpec.Aws aws ->
                    AwsRules.check(aws)
                            .forEach(found ->
                                    error(
                                            document,
                                            "invalid-value",
                                            "spec.aws." + found.field(),
                                            found.message(),
                                            found.suggestion()));
            case TargetSpec.Google _ -> subject(document);
            case TargetSpec.Azure _, TargetSpec.GitHub _ -> {}
        }
    }

    /// A workload identity pool takes a subject of at most 127 bytes (IAM, "Workload Identity
    /// Federation", attribute mapping), and the name of the target is in it.
    private void subject(Document<TargetSpec> document) {
        int room = GOOGLE_SUBJECT - "target:google:".length();
        if (document.name().length() > room) {
            error(
                    document,
                    "name-too-long",
                    "metadata.name",
                    "Google knows a target by its name, of at most " + room + " characters",
                    null);
        }
    }

    void sharedResource(Document<TargetSpec> document, String resource, String other) {
        error(
                document,
                "duplicate-resource",
                "spec.resource",
                "the resource " + resource + " already names the target " + other,
                "give one of them a resource of its own, or a query: " + resource + "?as=...");
    }

    /// Compared as a reader who folds case or a trailing slash would compare: what is close enough
    /// to be taken for the other is refused too.
    private void audience(Document<TargetSpec> document, String path, String audience) {
        trusted(document, path, audience);
        if (ReservedNames.cloudAudience(audience)) {
            error(
                    document,
                    "cloud-audience",
                    path,
                    "a cloud takes tokens with this audience: only the federation issuer makes"
                            + " them, and they never reach a caller",
                    "use a target of that cloud's kind");
        }
    }

    private void trusted(Document<TargetSpec> document, String path, String audience) {
        String folded = folded(audience);
        for (String trusted : trustedAudiences) {
            if (folded.equals(folded(trusted))) {
                error(
                        document,
                        "self-renewal",
                        path,
                        "a trusted issuer's tokens have this audience: what the bridge mints must"
                                + " never be taken for proof of identity",
                        null);
                return;
            }
        }
        if (externalUrl != null) {
            String own = folded(externalUrl);
            if (folded.equals(own) || folded.startsWith(own + "/")) {
                error(
                        document,
                        "self-renewal",
                        path,
                        "the bridge itself must not be an audience of what it mints",
                        null);
            }
        }
    }

    private void claim(Document<TargetSpec> document, String claim) {
        String path = "spec.jwt.claims." + claim;
        if (ReservedNames.registeredClaim(claim)) {
            error(
                    document,
                    "registered-claim",
                    path,
                    "this claim is set by the bridge alone",
                    "choose another name");
        } else if (ReservedNames.cloudClaim(claim)) {
            error(
                    document,
                    "cloud-claim",
                    path,
                    "claims of a cloud's namespace would be believed there",
                    "choose another name");
        }
    }

    private void template(Document<TargetSpec> document, String path, String written) {
        try {
            Template.parse(written);
        } catch (IllegalArgumentException e) {
            error(document, "invalid-value", path, String.valueOf(e.getMessage()), null);
        }
    }

    private static String folded(String audience) {
        String folded = audience.strip().toLowerCase(Locale.ROOT);
        return folded.endsWith("/") ? folded.substring(0, folded.length() - 1) : folded;
    }

    /// Whether the text can name a resource: an absolute URI, a query allowed, a fragment not (RFC
    /// 8707 section 2).
    static boolean isResource(String text) {
        try {
            URI uri = new URI(text);
            return uri.isAbsolute()
                    && uri.getRawFragment() == null
                    && uri.getRawSchemeSpecificPart() != null
                    && !uri.getRawSchemeSpecificPart().isEmpty();
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private void error(
            Document<TargetSpec> document,
            String rule,
            String path,
            String message,
            @Nullable String suggestion) {
        problems.add(
                new Problem(
                        Severity.ERROR,
                        rule,
                        document.at(path),
                        "Target/" + document.name() + " " + path,
                        message,
                        suggestion));
    }
}
