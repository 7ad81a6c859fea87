package dev.tollbridge.bridge.policy;

import static dev.tollbridge.bridge.policy.LintRule.advice;
import static dev.tollbridge.bridge.policy.LintRule.danger;
import static dev.tollbridge.bridge.policy.LintRule.mistake;

import dev.tollbridge.bridge.issuer.Dangers;
import java.util.List;

/// All rules about single grants, in the order in which they are reported.
final class LintRules {

    private LintRules() {}

    static final List<LintRule> ALL =
            List.of(
                    danger("audience-only", IdentityRules::audienceOnly),
                    danger("no-identity", IdentityRules::noIdentity),
                    danger("names-without-ids", IdentityRules::namesWithoutIds),
                    danger("writer-controlled-only", IdentityRules::writerControlledOnly),
                    danger("subject-wildcard", IdentityRules::subjectWildcard),
                    danger("shared-issuer", GuardRules.of(Dangers.Kind.TENANT)),
                    danger("pull-request-run", GuardRules.of(Dangers.Kind.PULL_REQUEST_RUN)),
                    danger("steered-run", GuardRules.of(Dangers.Kind.STEERED_RUN)),
                    danger("unreviewed-run", GuardRules.of(Dangers.Kind.UNREVIEWED_RUN)),
                    danger("person-in-job", GuardRules.of(Dangers.Kind.PERSON_IN_JOB)),
                    danger("unprotected-environment", GuardRules.of(Dangers.Kind.UNPROTECTED)),
                    danger("ambiguous-claim", GuardRules.of(Dangers.Kind.AMBIGUOUS)),
                    advice("service-account-uid", IdentityRules::serviceAccountUid),
                    danger("impossible-type", ClaimRules::impossibleType),
                    advice("unknown-claim", ClaimRules::unknownClaim),
                    advice("never-matches", ClaimRules::neverMatches),
                    danger(Grant.OUTLIVES_SUBJECT, LifetimeRules::outlivesSubject),
                    mistake("session-of-lease", SessionRules::ofLease),
                    danger("session-too-long", SessionRules::tooLong),
                    danger("session-of-unreviewed-run", SessionRules::unreviewed),
                    advice("session-ends-with-token", SessionRules::endsWithToken),
                    mistake("ttl-below-minimum", LifetimeRules::ttlBelowMinimum),
                    advice("ttl-capped", LifetimeRules::ttlCapped),
                    advice("wide-without-expiry", LifetimeRules::wideWithoutExpiry),
                    advice("expired-grant", LifetimeRules::expired),
                    danger("google-without-impersonation", TargetUseRules::googleUnimpersonated));
}
