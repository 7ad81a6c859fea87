package dev.tollbridge.bridge.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.issuer.PresetCatalogue;
import dev.tollbridge.bridge.rules.RulesCompiler.Compiled;
import dev.tollbridge.bridge.testing.TestIssuer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesCompilerTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @TempDir Path folder;

    private final Edit edit = new Edit();

    private Compiled compile() {
        return compile("https://bridge.example");
    }

    private Compiled compile(String externalUrl) {
        return new RulesCompiler(PresetCatalogue.shipped(), externalUrl, folder, () -> NOW)
                .compile(edit.read());
    }

    @Test
    void soundDocumentsBecomeIssuersTargetsAndPolicyOfOneReading() {
        Compiled compiled = compile();
        assertThat(compiled.problems()).isEmpty();
        assertThat(compiled.acceptable()).isTrue();
        assertThat(compiled.rules().issuers().enabled()).containsOnlyKeys("ci");
        assertThat(compiled.rules().targets().all()).hasSize(2);
        assertThat(compiled.rules().policy().targets()).isSameAs(compiled.rules().targets());
    }

    @Test
    void problemsOfEveryLayerAreSaidAtOnce() {
        edit.put("schema.yaml", Edit.target("third").replace("owner:", "ownr:"))
                .put("issuer.yaml", Edit.issuer("  preset: github-action\n"))
                .put("target.yaml", Edit.target("fourth").replace("fourth.example", "api.example"))
                .put("grant.yaml", Edit.grant("dangling", "nowhere"));
        assertThat(compile().problems())
                .extracting(Problem::rule)
                .contains(
                        "unknown-field",
                        "preset-unknown",
                        "duplicate-resource",
                        "unknown-reference");
        assertThat(compile().acceptable()).isFalse();
    }

    @Test
    void aMisspeltPresetIsReportedAtItsOwnLineWithWhatWasMeant() {
        edit.put("issuer.yaml", "# first\n" + Edit.issuer("  preset: github-action\n"));
        assertThat(compile().problems())
                .filteredOn(problem -> problem.rule().equals("preset-unknown"))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.place()).hasToString("issuer.yaml:8");
                    assertThat(problem.suggestion()).contains("github-actions");
                });
    }

    @Test
    void problemsOfGrantsAndTargetsAreReportedAtTheirOwnLines() {
        edit.put("grant.yaml", Edit.grant("dangling", "nowhere"))
                .put("target.yaml", Edit.target("third").replace("third.example", "api.example"));
        assertThat(compile().problems())
                .extracting(problem -> problem.place().toString())
                .containsExactlyInAnyOrder("grant.yaml:8", "target.yaml:1");
    }

    @Test
    void theLinterIsPartOfItAndWarningsAloneDoNotRefuse() {
        edit.put("grant-deploy.yaml", Edit.grant("deploy", "api") + "  expires: 2026-11-20\n");
        Compiled compiled = compile();
        assertThat(compiled.problems())
                .extracting(Problem::rule, Problem::severity)
                .containsExactly(tuple("expired-grant", Problem.Severity.WARNING));
        assertThat(compiled.acceptable()).isTrue();
    }

    @Test
    void theBridgeIsNeverAmongItsTrustedIssuers() {
        assertThat(compile("https://ci.example").problems())
                .extracting(Problem::rule)
                .contains("issuer-self");
    }

    @Test
    void noTargetMintsWhatATrustedIssuerAccepts() {
        edit.put(
                "targets.yaml",
                Edit.target("api").replace("https://api.example", "https://tollbridge.example")
                        + "---\n"
                        + Edit.target("other"));
        assertThat(compile().problems()).extracting(Problem::rule).contains("self-renewal");
    }

    @Test
    void writtenKeysWithoutAUsableOneAreAnError() {
        edit.put("issuer.yaml", Edit.issuer("  keys: {inline: {keys: []}}\n"));
        assertThat(compile().problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.rule()).isEqualTo("no-usable-key");
                    assertThat(problem.severity()).isEqualTo(Problem.Severity.ERROR);
                });
    }

    @Test
    void aKeyThatIsSkippedBesideAGoodOneIsAWarning() {
        String jwks = TestIssuer.rsa().jwks().toString();
        String withAnother =
                jwks.replaceFirst(
                        "\\{\"keys\": *\\[", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"},");
        assertThat(withAnother).isNotEqualTo(jwks);
        edit.put("issuer.yaml", Edit.issuer("  keys: {inline: " + withAnother + "}\n"));
        Compiled compiled = compile();
        assertThat(compiled.acceptable()).isTrue();
        assertThat(compiled.problems())
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.rule()).isEqualTo("skipped-key");
                    assertThat(problem.message()).startsWith("key 1 is not used: ");
                });
    }

    @Test
    void aKeyFileIsReadBesideTheDocumentThatNamesIt() throws IOException {
        edit.delete("issuer.yaml")
                .put("team/issuer.yaml", Edit.issuer("  keys: {file: jwks.json}\n"));
        Files.createDirectory(folder.resolve("team"));
        Files.writeString(folder.resolve("team/jwks.json"), "not keys");
        assertThat(compile().problems()).extracting(Problem::rule).containsExactly("no-usable-key");
        Files.writeString(folder.resolve("team/jwks.json"), TestIssuer.rsa().jwks().toString());
        assertThat(compile().problems()).isEmpty();
    }

    @Test
    void aKeyFileThatIsNotThereYetRefusesNothing() {
        edit.put("issuer.yaml", Edit.issuer("  keys: {file: later.json}\n"));
        assertThat(compile().problems()).isEmpty();
    }
}
