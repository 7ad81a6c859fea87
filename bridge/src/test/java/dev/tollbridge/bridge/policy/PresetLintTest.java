package dev.tollbridge.bridge.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.Problem.Severity;
import dev.tollbridge.bridge.issuer.ExampleGrant;
import dev.tollbridge.bridge.issuer.Preset;
import dev.tollbridge.bridge.issuer.PresetCatalogue;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.policy.PolicyFixture.GrantBuilder;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every preset says which grants to copy and which to refuse: the linter must agree.
class PresetLintTest {

    @TestFactory
    Stream<DynamicTest> recommendedGrantsPass() {
        return examples(true)
                .map(example ->
                        DynamicTest.dynamicTest(
                                example.name(), () -> assertThat(errors(example)).isEmpty()));
    }

    @TestFactory
    Stream<DynamicTest> dangerousGrantsAreRefused() {
        return examples(false)
                .map(example ->
                        DynamicTest.dynamicTest(
                                example.name(), () -> assertThat(errors(example)).isNotEmpty()));
    }

    private record Example(Preset preset, ExampleGrant grant) {
        String name() {
            return preset.id() + ": " + grant.title();
        }
    }

    private static Stream<Example> examples(boolean recommended) {
        return PresetCatalogue.shipped().all().stream()
                .filter(preset -> preset.refused() == null)
                .flatMap(preset ->
                        (recommended ? preset.recommended() : preset.dangerous())
                                .stream().map(grant -> new Example(preset, grant)));
    }

    private static List<Problem> errors(Example example) {
        TrustedIssuer issuer = Issuers.of(example.preset());
        PolicyFixture fixture =
                new PolicyFixture()
                        .issuer("ci", null, "https://ci.example")
                        .target("internal-api", PolicyFixture.jwt("https://internal.example"))
                        .grant(
                                "example",
                                GrantBuilder.grant()
                                        .issuer("ci")
                                        .matching(example.grant().match())
                                        .condition(example.grant().condition()));
        PolicySet.Compiled compiled = fixture.compile();
        assertThat(compiled.problems()).isEmpty();
        return Lint.lint(
                        fixture.documents(),
                        compiled.policies(),
                        dev.tollbridge.bridge.issuer.IssuerRegistry.of(List.of(issuer)),
                        PolicyFixture.NOW)
                .stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .toList();
    }
}
