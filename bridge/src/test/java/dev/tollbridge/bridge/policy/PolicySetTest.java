package dev.tollbridge.bridge.policy;

import static dev.tollbridge.bridge.policy.PolicyFixture.GrantBuilder.deploy;
import static dev.tollbridge.bridge.policy.PolicyFixture.GrantBuilder.grant;
import static dev.tollbridge.bridge.policy.PolicyFixture.NOW;
import static dev.tollbridge.bridge.policy.PolicyFixture.github;
import static dev.tollbridge.bridge.policy.PolicyFixture.githubClaims;
import static dev.tollbridge.bridge.policy.PolicyFixture.jwt;
import static dev.tollbridge.bridge.policy.PolicyFixture.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollbridge.bridge.config.MatchForm;
import dev.tollbridge.bridge.config.TargetSpec;
import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.target.TargetRequest;
import dev.tollbridge.bridge.token.SenderProof;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PolicySetTest {

    private static final TargetRequest API = TargetRequest.named("internal-api");
    private static final SenderProof DPOP = new SenderProof("jkt", null);
    private static final SenderProof MTLS = new SenderProof(null, "x5t");

    @Test
    void givesWhatTheGrantGives() {
        Decision decision =
                github().grant(
                                "payments-deploy",
                                deploy().allow("internal-api", minutes(10), "a", "b"))
                        .decide(githubClaims(), API);

        assertThat(decision.grant()).isEqualTo("payments-deploy");
        assertThat(decision.owner()).isEqualTo("team@acme.example");
        assertThat(decision.scope()).containsExactly("a", "b");
        assertThat(decision.ttl()).isEqualTo(minutes(10));
        assertThat(decision.expiresAt()).isEqualTo(NOW.plus(minutes(10)));
        assertThat(decision.boundTo()).isEqualTo(SenderProof.NONE);
    }

    @Test
    void refusesWithoutAnyGrant() {
        assertThat(github().refusal(githubClaims(), API)).isEqualTo(RefusalReason.GRANT_MISSING);
    }

    @Test
    void refusesWhenOneClaimDiffers() {
        PolicyFixture fixture = github().grant("payments-deploy", deploy());
        for (String claim :
                List.of(
                        "repository_id",
                        "repository_owner_id",
                        "environment",
                        "ref",
                        "event_name")) {
            Map<String, Object> claims = githubClaims();
            claims.put(claim, "other");
            assertThat(fixture.refusal(claims, API))
                    .as(claim)
                    .isEqualTo(RefusalReason.GRANT_MISSING);
        }
    }

    @Test
    void refusesMissingNullAndWronglyTypedClaims() {
        PolicyFixture fixture = github().grant("payments-deploy", deploy());
        for (String claim :
                List.of(
                        "repository_id",
                        "repository_owner_id",
                        "environment",
                        "ref",
                        "event_name")) {
            Map<String, Object> missing = githubClaims();
            missing.remove(claim);
            assertThat(fixture.refusal(missing, API)).as(claim).isNotNull();
            for (Object wrong :
                    new Object[] {null, 2002L, true, List.of("push"), Map.of("a", 1L)}) {
                Map<String, Object> claims = githubClaims();
                claims.put(claim, wrong);
                assertThat(fixture.refusal(claims, API)).as(claim + wrong).isNotNull();
            }
        }
    }

    @Test
    void aConditionThatExcludesAValueNeedsTheClaim() {
        PolicyFixture fixture =
                github().grant(
                                "not-pull-requests",
                                grant().condition("claims.event_name != 'pull_request'"));
        Map<String, Object> claims = githubClaims();
        assertThat(fixture.refusal(claims, API)).isNull();
        claims.put("event_name", null);
        assertThat(fixture.refusal(claims, API)).isEqualTo(RefusalReason.GRANT_MISSING);
        claims.put("event_name", BigInteger.TWO.pow(80));
        assertThat(fixture.refusal(claims, API)).isEqualTo(RefusalReason.GRANT_MISSING);
        claims.remove("event_name");
        assertThat(fixture.refusal(claims, API)).isEqualTo(RefusalReason.GRANT_MISSING);
    }

    @Test
    void theFirstGrantByNameThatSatisfiesTheWholeRequestDecides() {
        PolicyFixture fixture =
                github().grant("a", deploy().allow("internal-api", minutes(1), "read"))
                        .grant("b", deploy().allow("internal-api", minutes(2), "read", "write"))
                        .grant("c", deploy().allow("internal-api", minutes(3), "read", "write"));
        assertThat(fixture.decide(githubClaims(), API).grant()).isEqualTo("a");
        assertThat(
                        fixture.decide(
                                        githubClaims(),
                                        request("internal-api", Set.of("write"), null))
                                .grant())
                .isEqualTo("b");
    }

    @Test
    void neverUnitesTwoGrants() {
        PolicyFixture fixture =
                github().grant("a", deploy().allow("internal-api", null, "read"))
                        .grant("b", deploy().allow("internal-api", null, "write"));
        assertThat(
                        fixture.refusal(
                                githubClaims(),
                                request("internal-api", Set.of("read", "write"), null)))
                .isEqualTo(RefusalReason.SCOPE_REFUSED);
    }

    @Test
    void scopeOnlyNarrows() {
        PolicyFixture fixture =
                github().grant("a", deploy().allow("internal-api", null, "read", "write"));
        assertThat(
                        fixture.decide(
                                        githubClaims(),
                                        request("internal-api", Set.of("read"), null))
                                .scope())
                .containsExactly("read");
        assertThat(
                        fixture.refusal(
                                githubClaims(),
                                request("internal-api", Set.of("read", "admin"), null)))
                .isEqualTo(RefusalReason.SCOPE_REFUSED);
    }

    @Test
    void aGrantWithoutScopesGivesNone() {
        PolicyFixture fixture = github().grant("a", deploy());
        assertThat(fixture.decide(githubClaims(), API).scope()).isEmpty();
        assertThat(fixture.refusal(githubClaims(), request("internal-api", Set.of("x"), null)))
                .isEqualTo(RefusalReason.SCOPE_REFUSED);
    }

    @Test
    void aGrantWithoutScopesGivesAGoogleTargetsOwn() {
        PolicyFixture fixture =
                github().target(
                                "gcp",
                                new TargetSpec.Google(
                                        "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/r",
                                        "a@b.iam.gserviceaccount.com",
                                        List.of("one", "two"),
                                        null,
                                        null,
                                        null))
                        .grant("a", deploy().allow("gcp", null));
        assertThat(fixture.decide(githubClaims(), request("gcp", null, null)).scope())
                .containsExactly("one", "two");
        assertThat(fixture.decide(githubClaims(), request("gcp", Set.of("two"), null)).scope())
                .containsExactly("two");
        assertThat(fixture.refusal(githubClaims(), request("gcp", Set.of("three"), null)))
                .isEqualTo(RefusalReason.SCOPE_REFUSED);
    }

    @Test
    void lifetimeIsTheLeastOfAllBounds() {
        PolicyFixture fixture = github().grant("a", deploy().allow("internal-api", minutes(10)));
        assertThat(ttl(fixture, minutes(5))).isEqualTo(minutes(5));
        assertThat(ttl(fixture, Duration.ofHours(9))).isEqualTo(minutes(10));
        assertThat(ttl(fixture, null)).isEqualTo(minutes(10));
        PolicyFixture open = github().grant("a", deploy());
        assertThat(ttl(open, Duration.ofHours(9))).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void aGrantCanForbidToOutliveTheSubjectToken() {
        PolicyFixture fixture = github().grant("a", deploy().mayOutlive(false));
        assertThat(ttl(fixture, null)).isEqualTo(minutes(5));
    }

    @Test
    void aPodsCredentialNeverOutlivesItsToken() {
        PolicyFixture fixture = kubernetes(grantForPod());
        assertThat(podTtl(fixture)).isEqualTo(minutes(5));
    }

    @Test
    void looseningNeedsTheAcknowledgement() {
        assertThat(podTtl(kubernetes(grantForPod().mayOutlive(true)))).isEqualTo(minutes(5));
        assertThat(
                        podTtl(
                                kubernetes(
                                        grantForPod()
                                                .mayOutlive(true)
                                                .acknowledge("outlives-subject"))))
                .isEqualTo(Duration.ofHours(1));
    }

    @Test
    void refusesALifetimeBelowWhatTheProviderCanIssue() {
        PolicyFixture fixture =
                github().target("aws", PolicyFixture.aws())
                        .grant("a", deploy().allow("aws", minutes(15)));
        assertThat(fixture.refusal(githubClaims(), request("aws", null, minutes(14))))
                .isEqualTo(RefusalReason.TTL_REFUSED);
        assertThat(fixture.refusal(githubClaims(), request("aws", null, minutes(15)))).isNull();
    }

    @Test
    void expiresAfterTheWholeUtcDay() {
        PolicyFixture fixture = github().grant("a", deploy().expires("2026-11-21"));
        assertThat(at(fixture, "2026-11-21T23:59:59Z")).isNull();
        assertThat(at(fixture, "2026-11-22T00:00:00Z")).isEqualTo(RefusalReason.GRANT_MISSING);
    }

    @Test
    void disabledGrantsAndTargetsGiveNothing() {
        assertThat(github().grant("a", deploy().disabled()).refusal(githubClaims(), API))
                .isEqualTo(RefusalReason.GRANT_MISSING);
        assertThat(
                        github().target(
                                        "internal-api",
                                        jwt("https://internal.acme.example"),
                                        null,
                                        false,
                                        SenderConstraint.NONE,
                                        null)
                                .grant("a", deploy())
                                .refusal(githubClaims(), API))
                .isEqualTo(RefusalReason.TARGET_UNKNOWN);
    }

    @Test
    void shadowGrantsAreRecordedAndGiveNothing() {
        PolicyFixture only = github().grant("a", deploy().shadow());
        assertThatThrownBy(() -> only.decide(githubClaims(), API))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal -> {
                            assertThat(refusal.reason()).isEqualTo(RefusalReason.GRANT_MISSING);
                            assertThat(refusal.detail()).contains("shadow").contains(": a");
                        });
        Decision decision =
                github().grant("a", deploy())
                        .grant("b", deploy().shadow())
                        .decide(githubClaims(), API);
        assertThat(decision.grant()).isEqualTo("a");
        assertThat(decision.shadows()).containsExactly("b");
    }

    @Test
    void deniedSubjectsAreRefusedWhateverTheyAskFor() {
        PolicyFixture fixture =
                github().issuer(
                                "github",
                                "github-actions",
                                null,
                                Map.of("repository_id", PolicyFixture.exact("2002")))
                        .grant("a", deploy());
        assertThat(fixture.refusal(githubClaims(), API)).isEqualTo(RefusalReason.SUBJECT_DISABLED);
        assertThat(fixture.refusal(githubClaims(), TargetRequest.named("nothing")))
                .isEqualTo(RefusalReason.SUBJECT_DISABLED);
        Map<String, Object> other = githubClaims();
        other.put("repository_id", "2003");
        assertThat(fixture.refusal(other, API)).isEqualTo(RefusalReason.GRANT_MISSING);
    }

    @Test
    void grantsOfAnotherIssuerDoNotCount() {
        PolicyFixture fixture =
                github().issuer("other", null, "https://ci.other.example")
                        .grant("a", deploy().issuer("other"));
        assertThat(fixture.refusal(githubClaims(), API)).isEqualTo(RefusalReason.GRANT_MISSING);
    }

    @Test
    @DisplayName("DESIGN 14 rule 6: what tells that a target exists is said only after a match")
    void rule6_withoutAMatchEveryRequestLooksAlike() {
        PolicyFixture fixture =
                github().target(
                                "bound",
                                jwt("https://bound.acme.example"),
                                null,
                                true,
                                SenderConstraint.DPOP,
                                null)
                        .grant("a", deploy().allow("bound", minutes(5), "x"));
        Map<String, Object> stranger = githubClaims();
        stranger.put("repository_id", "6666");
        assertThat(fixture.refusal(stranger, request("bound", Set.of("y"), null)))
                .isEqualTo(RefusalReason.GRANT_MISSING);
        assertThat(fixture.refusal(stranger, request("bound", null, Duration.ZERO)))
                .isEqualTo(RefusalReason.GRANT_MISSING);
        assertThat(fixture.refusal(stranger, TargetRequest.named("nothing")))
                .isEqualTo(RefusalReason.TARGET_UNKNOWN);
        assertThat(fixture.refusal(githubClaims(), request("bound", Set.of("x"), null)))
                .isEqualTo(RefusalReason.PROOF_REQUIRED);
    }

    @Test
    @DisplayName("DESIGN 14 rule 11: target and grant can both demand a proof, the stricter wins")
    void rule11_theStricterDemandWins() {
        for (boolean targetDemands : List.of(true, false)) {
            PolicyFixture fixture =
                    github().target(
                                    "internal-api",
                                    jwt("https://internal.acme.example"),
                                    null,
                                    true,
                                    targetDemands ? SenderConstraint.DPOP : SenderConstraint.ANY,
                                    null)
                            .grant(
                                    "a",
                                    deploy().constraint(
                                                    targetDemands
                                                            ? SenderConstraint.NONE
                                                            : SenderConstraint.DPOP));
            assertThat(reason(fixture, SenderProof.NONE, true))
                    .isEqualTo(RefusalReason.PROOF_REQUIRED);
            assertThat(reason(fixture, MTLS, true)).isEqualTo(RefusalReason.PROOF_REQUIRED);
            assertThat(reason(fixture, DPOP, true)).isNull();
        }
        PolicyFixture both =
                github().target(
                                "internal-api",
                                jwt("https://internal.acme.example"),
                                null,
                                true,
                                SenderConstraint.DPOP,
                                null)
                        .grant("a", deploy().constraint(SenderConstraint.MTLS));
        assertThat(reason(both, DPOP, true)).isEqualTo(RefusalReason.PROOF_REQUIRED);
        assertThat(reason(both, new SenderProof("jkt", "x5t"), true)).isNull();
    }

    @Test
    @DisplayName("DESIGN 14 rule 11: a door that cannot carry a demanded proof says so")
    void rule11_aDoorWithoutProofsAnswersProofRequired() {
        PolicyFixture fixture = github().grant("a", deploy().constraint(SenderConstraint.ANY));
        assertThat(reason(fixture, SenderProof.NONE, false))
                .isEqualTo(RefusalReason.PROOF_REQUIRED);
    }

    @Test
    @DisplayName("DESIGN 14 rule 11: a key the subject token is bound to must be proved")
    void rule11_aBoundSubjectTokenNeedsItsKey() {
        PolicyFixture fixture = github().grant("a", deploy());
        Map<String, Object> claims = githubClaims();
        claims.put("cnf", Map.of("jkt", "jkt"));
        assertThat(fixture.refusal(claims, API)).isEqualTo(RefusalReason.PROOF_REQUIRED);
        assertThatThrownBy(() ->
                        fixture.decide(
                                "github", claims, API, new SenderProof("another", null), true, NOW))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        refusal ->
                                assertThat(refusal.reason())
                                        .isEqualTo(RefusalReason.PROOF_INVALID));
        assertThat(fixture.decide("github", claims, API, DPOP, true, NOW).boundTo())
                .isEqualTo(DPOP);
    }

    @Test
    void anOfferedProofBindsWhatCanBeBound() {
        PolicyFixture fixture =
                github().target("aws", PolicyFixture.aws())
                        .grant("a", deploy().allow("internal-api", null).allow("aws", null));
        assertThat(fixture.decide("github", githubClaims(), API, DPOP, true, NOW).boundTo())
                .isEqualTo(DPOP);
        assertThat(
                        fixture.decide(
                                        "github",
                                        githubClaims(),
                                        TargetRequest.named("aws"),
                                        DPOP,
                                        true,
                                        NOW)
                                .boundTo())
                .isEqualTo(SenderProof.NONE);
    }

    @Test
    void referencesToNothingAreErrorsWithASuggestion() {
        PolicyFixture fixture =
                github().grant("a", deploy().issuer("githb").allow("internal-ap", null));
        assertThat(fixture.compile().problems())
                .extracting(problem -> problem.rule() + " " + problem.suggestion())
                .containsExactlyInAnyOrder(
                        "unknown-reference did you mean 'github'?",
                        "unknown-reference did you mean 'internal-api'?");
    }

    @Test
    void refusesWhatCannotBeMeant() {
        assertThat(problem(grant())).isEqualTo("empty-match");
        assertThat(problem(grant().match("ref", new MatchForm.Prefix("refs"))))
                .isEqualTo("bad-match");
        assertThat(problem(grant().match("ref", new MatchForm.Glob("**")))).isEqualTo("bad-match");
        assertThat(problem(grant().match("ref", new MatchForm.AnyOf(List.of()))))
                .isEqualTo("bad-match");
        assertThat(problem(grant().match("/a~2b", "x"))).isEqualTo("bad-match");
        assertThat(problem(deploy().allow("internal-api", null).allow("internal-api", null)))
                .isEqualTo("duplicate-target");
        assertThat(problem(deploy().allow("internal-api", null, "a b"))).isEqualTo("bad-scope");
        assertThat(problem(deploy().allow("aws", null, "x"))).isEqualTo("scope-without-meaning");
        assertThat(problem(deploy().allow("scoped", null, "reed")))
                .isEqualTo("scope-beyond-target");
    }

    @Test
    @DisplayName("DESIGN 14 rule 11: kinds that cannot be bound refuse senderConstraint at load")
    void rule11_unbindableKindsRefuseSenderConstraint() {
        assertThat(problem(deploy().allow("aws", null).constraint(SenderConstraint.DPOP)))
                .isEqualTo("unbindable-constraint");
    }

    private static String problem(PolicyFixture.GrantBuilder grant) {
        var problems =
                github().target("aws", PolicyFixture.aws())
                        .target("scoped", jwt("https://scoped.acme.example", "read"))
                        .grant("a", grant)
                        .compile()
                        .problems();
        assertThat(problems).hasSize(1);
        return problems.getFirst().rule();
    }

    private static @Nullable RefusalReason reason(
            PolicyFixture fixture, SenderProof proof, boolean possible) {
        try {
            fixture.decide("github", githubClaims(), API, proof, possible, NOW);
            return null;
        } catch (Refusal refusal) {
            return refusal.reason();
        }
    }

    private static @Nullable RefusalReason at(PolicyFixture fixture, String time) {
        try {
            fixture.decide(
                    "github", githubClaims(), API, SenderProof.NONE, true, Instant.parse(time));
            return null;
        } catch (Refusal refusal) {
            return refusal.reason();
        }
    }

    private static Duration ttl(PolicyFixture fixture, @Nullable Duration asked) {
        return fixture.decide(githubClaims(), request("internal-api", null, asked)).ttl();
    }

    private static PolicyFixture.GrantBuilder grantForPod() {
        return grant().issuer("cluster")
                .match("/kubernetes.io/namespace", "payments")
                .match("/kubernetes.io/serviceaccount/name", "deployer");
    }

    private static PolicyFixture kubernetes(PolicyFixture.GrantBuilder grant) {
        return github().issuer("cluster", "kubernetes", "https://kubernetes.acme.example")
                .grant("a", grant);
    }

    private static Duration podTtl(PolicyFixture fixture) {
        Map<String, Object> claims =
                Map.of(
                        "kubernetes.io",
                        Map.of(
                                "namespace",
                                "payments",
                                "serviceaccount",
                                Map.of("name", "deployer")));
        return fixture.decide("cluster", claims, API, SenderProof.NONE, true, NOW).ttl();
    }

    private static Duration minutes(int minutes) {
        return Duration.ofMinutes(minutes);
    }
}
