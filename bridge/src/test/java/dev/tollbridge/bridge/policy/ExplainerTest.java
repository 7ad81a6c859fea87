package dev.tollbridge.bridge.policy;

import static dev.tollbridge.bridge.policy.PolicyFixture.GrantBuilder.deploy;
import static dev.tollbridge.bridge.policy.PolicyFixture.github;
import static dev.tollbridge.bridge.policy.PolicyFixture.githubClaims;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.policy.Explainer.Explanation;
import dev.tollbridge.bridge.target.TargetRequest;
import dev.tollbridge.bridge.token.SenderProof;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExplainerTest {

    private static final TargetRequest ALL = new TargetRequest(List.of(), List.of(), null, null);

    @Test
    void saysWhoDecidesAndWhatSetsTheLifetime() {
        Explanation explanation =
                explain(
                        github().grant("deploy", deploy().allow("internal-api", minutes(10), "x")),
                        githubClaims());
        assertThat(explanation.granted()).isTrue();
        assertThat(explanation.text())
                .contains("granted by deploy")
                .contains("scope: x")
                .contains("lifetime: 600s, set by the grant")
                .contains("ok   match.repository_id is '2002'");
        assertThat(explanation.tree().get("decision")).isEqualTo("granted");
    }

    @Test
    void namesTheNearestGrantAndItsFirstFailingCondition() {
        Map<String, Object> claims = githubClaims();
        claims.put("event_name", "pull_request");
        Explanation explanation =
                explain(
                        github().grant(
                                        "a-far",
                                        deploy().match("repository_id", "7").match("ref", "x"))
                                .grant("b-near", deploy()),
                        claims);
        assertThat(explanation.granted()).isFalse();
        assertThat(explanation.text())
                .contains("nearest grant: b-near; first failing: condition claims.event_name in")
                .contains("ok   condition claims.ref == \"refs/heads/main\"");
    }

    @Test
    void tellsMissingFromWronglyTyped() {
        Map<String, Object> claims = githubClaims();
        claims.remove("environment");
        claims.put("repository_id", 2002L);
        assertThat(explain(github().grant("deploy", deploy()), claims).text())
                .contains("match.repository_id is 2002 (a number), expected '2002'")
                .contains("match.environment is missing, expected 'production'");
    }

    @Test
    void saysWhyAGrantThatMatchesGivesNothing() {
        PolicyFixture fixture =
                github().grant("disabled", deploy().disabled())
                        .grant("expired", deploy().expires("2026-01-01"))
                        .grant("shadow", deploy().shadow());
        Explanation explanation = explain(fixture, githubClaims());
        assertThat(explanation.granted()).isFalse();
        assertThat(explanation.text())
                .contains("grant disabled is disabled")
                .contains("grant expired has expired")
                .contains("grant shadow matches, in shadow mode");
    }

    @Test
    void findsTheIssuerOfBareClaims() {
        PolicyFixture fixture = github().issuer("other", null, "https://ci.other.example");
        Map<String, Object> claims = githubClaims();
        assertThat(Explainer.issuerOf(fixture.registry(), PolicyFixture.claims(claims), null))
                .isNull();
        claims.put("iss", "https://token.actions.githubusercontent.com");
        assertThat(Explainer.issuerOf(fixture.registry(), PolicyFixture.claims(claims), null))
                .extracting(issuer -> issuer.name())
                .isEqualTo("github");
        claims.put("aud", "https://somebody.else.example");
        assertThat(Explainer.issuerOf(fixture.registry(), PolicyFixture.claims(claims), null))
                .isNull();
        assertThat(Explainer.issuerOf(fixture.registry(), PolicyFixture.claims(claims), "other"))
                .extracting(issuer -> issuer.name())
                .isEqualTo("other");
    }

    @Test
    void showsNoControlCharactersOfClaims() {
        Map<String, Object> claims = githubClaims();
        claims.put("environment", "\u001b[31m" + "x".repeat(5000));
        assertThat(explain(github().grant("deploy", deploy()), claims).text())
                .doesNotContain("\u001b")
                .hasSizeLessThan(2000);
    }

    private static Explanation explain(PolicyFixture fixture, Map<String, Object> claims) {
        return new Explainer(fixture.compile().policies())
                .explain(
                        fixture.trusted("github"),
                        PolicyFixture.claims(claims),
                        ALL,
                        SenderProof.NONE,
                        true,
                        PolicyFixture.NOW);
    }

    private static Duration minutes(int minutes) {
        return Duration.ofMinutes(minutes);
    }
}
