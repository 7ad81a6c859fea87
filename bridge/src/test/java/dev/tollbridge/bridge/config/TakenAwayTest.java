package dev.tollbridge.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.config.TakenAway.Away;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("DESIGN 4: what takes away applies even when the rest of the edit is refused")
class TakenAwayTest {

    private static final String BROKEN = "--- {kind: Nonsense, metadata: {name: n}}\n";

    private final Map<String, String> files = new LinkedHashMap<>();
    private final Documents lastGood;

    TakenAwayTest() {
        files.put("issuers.yaml", issuer("one", "") + issuer("two", ""));
        files.put("targets.yaml", target("api") + target("other"));
        files.put(
                "grants.yaml",
                grant("a", "one", "api, other")
                        + grant("b", "two", "api")
                        + grant("c", "one", "other"));
        Loaded loaded = load();
        assertThat(loaded.problems()).isEmpty();
        lastGood = loaded.documents();
    }

    private static String document(String kind, String name, String spec) {
        return "---\napiVersion: tollbridge.dev/v1alpha1\nkind: %s\nmetadata: {name: %s}\nspec: {%s}\n"
                .formatted(kind, name, spec);
    }

    private static String issuer(String name, String more) {
        return document(
                "TrustedIssuer",
                name,
                "issuer: https://%s.example, audience: a%s".formatted(name, more));
    }

    private static String target(String name) {
        return document(
                "Target", name, "owner: o, jwt: {audience: https://%s.example}".formatted(name));
    }

    private static String grant(String name, String issuer, String targets) {
        return document(
                "Grant",
                name,
                "owner: o, issuer: %s, match: {a: b}, allow: [{target: %s}]"
                        .formatted(issuer, targets.replace(", ", "}, {target: ")));
    }

    private Loaded load() {
        DocumentReader reader = new DocumentReader(LocalDate.of(2026, 11, 21));
        files.forEach(reader::read);
        return reader.loaded();
    }

    private Documents refused() {
        files.put("broken.yaml", document("Target", "new", "nonsense: true"));
        Loaded edit = load();
        assertThat(edit.acceptable()).isFalse();
        return TakenAway.apply(lastGood, edit);
    }

    @Test
    void anEditThatTakesNothingAwayChangesNothing() {
        files.computeIfPresent(
                "grants.yaml", (_, text) -> text.replace("match: {a: b}", "match: {a: c}"));
        assertThat(refused()).isEqualTo(lastGood);
    }

    @Test
    void aDeletedGrantIsGone() {
        files.put("grants.yaml", grant("a", "one", "api") + grant("b", "two", "api"));
        Documents effective = refused();
        assertThat(effective.grants().keySet()).containsExactly("a", "b");
        assertThat(TakenAway.between(lastGood, effective))
                .containsExactly(new Away(Kind.GRANT, "c", null));
    }

    @Test
    void aDeletedFileTakesItsDocuments() {
        files.remove("grants.yaml");
        assertThat(refused().grants()).isEmpty();
    }

    @Test
    void aDeletedIssuerTakesItsGrants() {
        files.put("issuers.yaml", issuer("two", ""));
        Documents effective = refused();
        assertThat(effective.issuers().keySet()).containsExactly("two");
        assertThat(effective.grants().keySet()).containsExactly("b");
        assertThat(TakenAway.between(lastGood, effective))
                .containsExactlyInAnyOrder(
                        new Away(Kind.TRUSTED_ISSUER, "one", null),
                        new Away(Kind.GRANT, "a", null),
                        new Away(Kind.GRANT, "c", null));
    }

    @Test
    void aDeletedTargetTakesTheEntriesThatNameItAndGrantsWithoutAnyLeft() {
        files.put("targets.yaml", target("api"));
        Documents effective = refused();
        assertThat(effective.grants().keySet()).containsExactly("a", "b");
        assertThat(Named.in(effective.grants(), "a").spec().allow())
                .extracting(GrantSpec.Allow::target)
                .containsExactly("api");
    }

    @Test
    void disablingAppliesToEveryKindAlsoWhenMisspelt() {
        files.put(
                "issuers.yaml", issuer("one", ", enabled: false") + issuer("two", ", enabled: no"));
        files.computeIfPresent(
                "targets.yaml",
                (_, text) -> text.replace("owner: o,", "owner: o, enabled: \"false\","));
        files.computeIfPresent(
                "grants.yaml",
                (_, text) -> text.replace("owner: o,", "owner: o, enabled: true, enabled: false,"));
        Documents effective = refused();
        assertThat(effective.issuers().values()).noneMatch(d -> d.spec().enabled());
        assertThat(effective.targets().values()).noneMatch(d -> d.spec().enabled());
        assertThat(effective.grants().values()).noneMatch(d -> d.spec().enabled());
        assertThat(TakenAway.between(lastGood, effective)).hasSize(7);
        assertThat(TakenAway.givenBack(effective, lastGood)).hasSize(7);
    }

    @Test
    void aDeniedSubjectAppliesAlsoInADocumentThatIsRefusedItself() {
        files.put(
                "issuers.yaml",
                issuer("one", ", nonsense: 1, denied: [{sub: x}, {sub: 5}]") + issuer("two", ""));
        Documents effective = refused();
        Map<String, MatchForm> match = Map.of("sub", new MatchForm.Exact("x"));
        assertThat(Named.in(effective.issuers(), "one").spec().denied()).isEqualTo(List.of(match));
        assertThat(TakenAway.between(lastGood, effective))
                .containsExactly(new Away(Kind.TRUSTED_ISSUER, "one", match));
        assertThat(TakenAway.givenBack(effective, lastGood))
                .containsExactly(new Away(Kind.TRUSTED_ISSUER, "one", match));
    }

    @Test
    void aDocumentThatIsThereWithProblemsIsNotDeleted() {
        files.computeIfPresent("grants.yaml", (_, text) -> text.replace("owner: o,", "ownr: o,"));
        assertThat(refused()).isEqualTo(lastGood);
    }

    @Test
    void whatIsMissingFromAFileThatCannotBeReadIsNotDeletedWhatIsMissingElsewhereIs() {
        files.put("grants.yaml", "a: [\n");
        files.put("targets.yaml", target("api"));
        Documents effective = refused();
        assertThat(effective.grants().keySet()).containsExactly("a", "b");
        assertThat(effective.targets().keySet()).containsExactly("api");
    }

    @Test
    void aDocumentWithoutANameMayBeAnyOfItsFile() {
        files.put("grants.yaml", grant("a", "one", "api") + BROKEN);
        assertThat(refused().grants().keySet()).containsExactly("a", "b", "c");
    }

    @Test
    void aKillSwitchAppliesBesideABrokenDocumentInTheSameFile() {
        files.put("issuers.yaml", issuer("one", ", enabled: false") + "---\na: [\n");
        Documents effective = refused();
        assertThat(Named.in(effective.issuers(), "one").spec().enabled()).isFalse();
        assertThat(Named.in(effective.issuers(), "two").spec().enabled()).isTrue();
    }

    @Test
    void aDirectoryThatCannotBeReadDeletesNothing() {
        DocumentReader reader = new DocumentReader(LocalDate.of(2026, 11, 21));
        reader.unlisted(new Document.Place("config", 0), "gone");
        assertThat(TakenAway.apply(lastGood, reader.loaded())).isEqualTo(lastGood);
    }

    @Test
    void atStartWhatIsDisabledOrDeniedStandsAway() {
        files.put(
                "issuers.yaml",
                issuer("one", ", enabled: false") + issuer("two", ", denied: [{s: t}]"));
        assertThat(TakenAway.between(Documents.EMPTY, load().documents()))
                .isEqualTo(TakenAway.standing(load().documents()))
                .containsExactly(
                        new Away(Kind.TRUSTED_ISSUER, "one", null),
                        new Away(
                                Kind.TRUSTED_ISSUER, "two", Map.of("s", new MatchForm.Exact("t"))));
    }
}
