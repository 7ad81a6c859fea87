package dev.tollbridge.bridge.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.config.DocumentReader;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.docs.LintPage;
import dev.tollbridge.bridge.issuer.PresetCatalogue;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// DESIGN 14, rule 2: endpoints are the operator's to allow.
class WrittenEndpointsTest {

    private static final String ALLOWED = "https://login.partner.example/token";

    private static List<Problem> problems(String example, @Nullable Predicate<String> allowed) {
        DocumentReader reader = new DocumentReader(Edit.TODAY);
        reader.read("example.yaml", example);
        return new RulesCompiler(
                        PresetCatalogue.shipped(),
                        "https://bridge.acme.example",
                        null,
                        () -> Instant.parse("2026-11-21T10:00:00Z"),
                        allowed)
                .compile(reader.loaded())
                .problems();
    }

    @Test
    void rule2_anEndpointThatOnlyADocumentNamesIsRefused() throws IOException {
        List<String> examples = LintPage.examples(WrittenEndpoints.RULE);
        assertThat(examples).hasSize(2);
        assertThat(problems(examples.getFirst(), ALLOWED::equals))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.rule()).isEqualTo("endpoint-not-allowed");
                    assertThat(problem.severity()).isEqualTo(Problem.Severity.ERROR);
                    assertThat(problem.suggestion())
                            .contains("--allow-endpoint https://login.elsewhere.example/token");
                });
        assertThat(problems(examples.getLast(), ALLOWED::equals)).isEmpty();
    }

    @Test
    void offlineNobodyKnowsWhatIsAllowed() throws IOException {
        assertThat(problems(LintPage.examples(WrittenEndpoints.RULE).getFirst(), null)).isEmpty();
    }
}
