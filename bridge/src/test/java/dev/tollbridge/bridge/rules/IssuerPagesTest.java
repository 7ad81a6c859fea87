package dev.tollbridge.bridge.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.config.DocumentReader;
import dev.tollbridge.bridge.config.Loaded;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.docs.LintPage;
import dev.tollbridge.bridge.issuer.IssuerRule;
import dev.tollbridge.bridge.issuer.PresetCatalogue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Each rule about trusted issuers has a page; its first example trips the rule, its second does
/// not.
class IssuerPagesTest {

    @TempDir static Path folder;

    /// @param rule files may be named except where that is the rule
    private static List<Problem> problems(IssuerRule rule, String example) {
        DocumentReader reader = new DocumentReader(Edit.TODAY);
        reader.read("example.yaml", example);
        Loaded loaded = reader.loaded();
        assertThat(loaded.problems()).isEmpty();
        return new RulesCompiler(
                        PresetCatalogue.shipped(),
                        "https://bridge.acme.example",
                        rule == IssuerRule.FILE_PATH ? null : folder,
                        () -> Instant.parse("2026-11-21T10:00:00Z"))
                .compile(loaded)
                .problems();
    }

    @ParameterizedTest
    @EnumSource
    void pageHasAnExampleThatTripsAndOneThatDoesNot(IssuerRule rule) throws IOException {
        List<String> examples = LintPage.examples(rule.id());
        assertThat(examples).hasSize(2);
        assertThat(problems(rule, examples.getFirst()))
                .filteredOn(problem -> problem.rule().equals(rule.id()))
                .singleElement()
                .extracting(Problem::severity)
                .isEqualTo(rule.severity());
        assertThat(problems(rule, examples.getLast())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void pageSaysTheSeverity(IssuerRule rule) throws IOException {
        String severity = rule.severity() == Problem.Severity.ERROR ? "error" : "warning";
        assertThat(Files.readString(LintPage.FOLDER.resolve(rule.id() + ".md")))
                .startsWith("# " + rule.id() + "\n\nSeverity: " + severity + ".\n");
        assertThat(Files.readString(LintPage.FOLDER.resolve("README.md")))
                .contains("| [%s](%s.md) | %s |".formatted(rule.id(), rule.id(), severity));
    }
}
