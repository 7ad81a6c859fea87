package dev.tollbridge.bridge.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.config.DocumentReader;
import dev.tollbridge.bridge.config.Loaded;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.config.Problem.Severity;
import dev.tollbridge.bridge.docs.LintPage;
import dev.tollbridge.bridge.issuer.IssuerRegistry;
import dev.tollbridge.bridge.issuer.IssuerRule;
import dev.tollbridge.bridge.issuer.PresetCatalogue;
import dev.tollbridge.bridge.issuer.TrustedIssuers;
import dev.tollbridge.bridge.target.TargetRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each rule has a page; its first example trips the rule, its second does not.
class LintPagesTest {

    static List<String> rules() {
        return Lint.RULES;
    }

    @ParameterizedTest
    @MethodSource("rules")
    void pageHasAnExampleThatTripsAndOneThatDoesNot(String rule) throws IOException {
        List<String> examples = LintPage.examples(rule);
        assertThat(examples).hasSize(2);
        assertThat(problems(examples.getFirst())).extracting(Problem::rule).contains(rule);
        assertThat(problems(examples.getLast())).extracting(Problem::rule).doesNotContain(rule);
        assertThat(problems(examples.getLast()))
                .filteredOn(problem -> problem.severity() == Severity.ERROR)
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void acknowledgingSilencesExactlyThatRule(String rule) throws IOException {
        String page = Files.readString(LintPage.FOLDER.resolve(rule + ".md"));
        if (!page.contains("`acknowledge: [" + rule + "]`")
                || Set.of("dead-grant", "needless-acknowledgement").contains(rule)) {
            return;
        }
        String example = LintPage.examples(rule).getFirst();
        List<String> before = problems(example).stream().map(Problem::rule).toList();
        List<String> after =
                problems(example + "  acknowledge: [" + rule + "]\n").stream()
                        .map(Problem::rule)
                        .toList();
        assertThat(after).doesNotContain(rule);
        assertThat(after).containsAll(before.stream().filter(one -> !one.equals(rule)).toList());
    }

    @Test
    void theGrantOnThePageOfSessionsIsSound() throws IOException {
        assertThat(problems(LintPage.examples("../sessions").getFirst())).isEmpty();
    }

    @Test
    void thereIsNoPageForARuleThatIsNot() throws IOException {
        try (var pages = Files.list(LintPage.FOLDER)) {
            assertThat(pages.map(page -> page.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(
                            Stream.of(
                                            Lint.RULES.stream(),
                                            Arrays.stream(IssuerRule.values()).map(IssuerRule::id),
                                            // Only `serve` knows what endpoints are allowed.
                                            Stream.of("README", "endpoint-not-allowed"))
                                    .flatMap(ids -> ids)
                                    .map(id -> id + ".md")
                                    .toList());
        }
    }

    private static List<Problem> problems(String example) throws IOException {
        DocumentReader reader = new DocumentReader(LocalDate.parse("2026-11-21"));
        for (String document : LintPage.examples("README").getFirst().split("---\n")) {
            // An example may bring its own version of an issuer.
            if (!example.contains("kind: TrustedIssuer\nmetadata: {name: github}")
                    || !document.contains("metadata: {name: github}")) {
                reader.read("base.yaml", document);
            }
        }
        reader.read("example.yaml", example);
        Loaded loaded = reader.loaded();
        assertThat(loaded.problems())
                .filteredOn(problem -> problem.severity() == Severity.ERROR)
                .isEmpty();
        IssuerRegistry issuers =
                TrustedIssuers.compile(loaded.documents(), PresetCatalogue.shipped(), null, null)
                        .registry();
        assertThat(issuers.enabled()).hasSize(6);
        TargetRegistry targets =
                TargetRegistry.compile(loaded.documents(), Set.of(), null, null).registry();
        PolicySet.Compiled compiled = PolicySet.compile(loaded.documents(), targets);
        assertThat(compiled.problems()).isEmpty();
        return Lint.lint(loaded.documents(), compiled.policies(), issuers, PolicyFixture.NOW);
    }
}
