package dev.tollbridge.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is no issuer, audience, algorithm or bound whatever the preset: refused by the schema, at
/// its own line.
class TrustedIssuerFormTest {

    private static List<Problem> problems(String line) {
        DocumentReader reader = new DocumentReader(LocalDate.of(2026, 11, 21));
        String document =
                """
                apiVersion: tollbridge.dev/v1alpha1
                kind: TrustedIssuer
                metadata: {name: ci}
                spec:
                  preset: gitlab
                """
                        + (line.startsWith("audience") ? "" : "  audience: https://a.example\n");
        reader.read("ci.yaml", document + "  " + line + "\n");
        return reader.loaded().problems();
    }

    private static Problem refused(String line) {
        List<Problem> problems = problems(line);
        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst().severity()).isEqualTo(Problem.Severity.ERROR);
        assertThat(problems.getFirst().place().line())
                .isEqualTo(line.startsWith("audience") ? 6 : 7);
        return problems.getFirst();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://ci.acme.example",
                "HTTPS://ci.acme.example",
                "ci.acme.example",
                "https://",
                "https://user@ci.acme.example",
                "https://ci.acme.example?tenant=a",
                "https://ci.acme.example#a",
                "https://ci.acme.example/ a",
                "https://ci.acme.example\\@evil.example",
                "file:///etc/passwd",
                "javascript:alert(1)"
            })
    void refusesAnIssuerThatIsNoPlainHttpsUrl(String issuer) {
        assertThat(refused("issuer: '" + issuer + "'").rule()).isEqualTo("invalid-value");
    }

    @Test
    void refusesAnEndlessIssuer() {
        Problem problem = refused("issuer: https://ci.acme.example/" + "a".repeat(600));
        assertThat(problem.message()).hasSizeLessThan(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS256", "none", "None", "rs256", "ES256K", "''", "RSA-OAEP"})
    void refusesAlgorithmsWithoutAKeyPair(String algorithm) {
        refused("algorithms: [" + algorithm + "]");
        refused("algorithms: [RS256, " + algorithm + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "algorithms: []",
                "maxTokenLifetime: 0s",
                "maxTokenAge: 0s",
                "audience: ' '"
            })
    void refusesNothing(String line) {
        refused(line);
    }
}
