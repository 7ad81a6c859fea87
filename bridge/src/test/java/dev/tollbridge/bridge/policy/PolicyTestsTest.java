package dev.tollbridge.bridge.policy;

import static dev.tollbridge.bridge.policy.PolicyFixture.GrantBuilder.deploy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.policy.PolicyTests.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyTestsTest {

    @Test
    void theDocumentedExamplePasses() throws IOException {
        String page = Files.readString(Path.of("../docs/policy-tests.md"));
        Report report = run(page.split("```yaml\n")[1].split("```")[0]);
        assertThat(report.problems()).isEmpty();
        assertThat(report.results()).hasSize(5).allMatch(PolicyTests.Result::passed);
        assertThat(report.passed()).isTrue();
    }

    @Test
    void saysWhatWasDecidedInstead() {
        Report report =
                run(
                        """
                        issuer: github
                        claims: {repository_id: "2002", repository_owner_id: "1001",
                          environment: production, ref: refs/heads/main, event_name: push}
                        cases:
                          - {name: a, target: internal-api, expect: grant_missing}
                          - {name: b, target: internal-api, expect: {grant: other}}
                          - {name: c, target: internal-api, expect: {ttl: 9m}}
                          - {name: d, target: internal-api, expect: {scope: x}}
                          - {name: e, target: nothing, expect: granted}
                          - {name: f, target: internal-api, claims: {ref: null}, expect: granted}
                          - {name: g, target: nothing, expect: grant_missing}
                          - {name: h, target: internal-api, issuer: nobody, expect: refused}
                        """);
        assertThat(report.problems()).isEmpty();
        assertThat(report.results())
                .extracting(result -> String.valueOf(result.difference()))
                .satisfiesExactly(
                        a -> assertThat(a).contains("expected to be refused, granted by deploy"),
                        b -> assertThat(b).contains("expected grant other, granted by deploy"),
                        c -> assertThat(c).contains("expected 540s, granted by deploy for 600s"),
                        d -> assertThat(d).contains("expected scope [x]"),
                        e -> assertThat(e).contains("refused: target_unknown"),
                        f -> assertThat(f).contains("refused: grant_missing"),
                        g -> assertThat(g).isEqualTo("null"),
                        h -> assertThat(h).contains("no enabled trusted issuer named nobody"));
        assertThat(report.passed()).isFalse();
    }

    @Test
    void refusesMisspeltFiles() {
        assertThat(run("cases: []").problems()).isNotEmpty();
        assertThat(run("cases: [{targt: x, expect: granted}]").problems())
                .extracting(Problem::suggestion)
                .contains("did you mean 'target'?");
        assertThat(run("cases: [{target: x, expect: grant_mising}]").problems())
                .extracting(Problem::suggestion)
                .contains("did you mean 'grant_missing'?");
        assertThat(run("cases: [{target: x}]").problems()).isNotEmpty();
        assertThat(run("cases: [{target: x, target: y, expect: granted}]").problems()).isNotEmpty();
        assertThat(run("[").problems()).isNotEmpty();
        assertThat(run("").problems()).isNotEmpty();
        assertThat(
                        run("cases: [{target: x, ttl: -1, at: noon, proof: x, expect: granted}]")
                                .problems())
                .hasSize(3);
    }

    private static Report run(String yaml) {
        PolicyFixture fixture =
                PolicyFixture.github()
                        .grant(
                                "deploy",
                                deploy().allow(
                                                "internal-api",
                                                Duration.ofMinutes(10),
                                                "deploy:write"));
        PolicySet policies = fixture.compile().policies();
        assertThat(List.of(policies)).isNotEmpty();
        return new PolicyTests(policies, fixture.registry(), PolicyFixture.NOW)
                .run("cases.yaml", yaml);
    }
}
