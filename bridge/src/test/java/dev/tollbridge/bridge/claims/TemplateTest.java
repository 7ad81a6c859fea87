package dev.tollbridge.bridge.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {

    private static String fill(String template, Map<String, @Nullable Object> claims) {
        return Template.parse(template).fill(new Claims(claims));
    }

    @Test
    void fillsClaimsByNameAndByPointer() {
        assertThat(fill("plain", Map.of())).isEqualTo("plain");
        assertThat(
                        fill(
                                "a-{{ x.y/z }}-{{/deep/id}}{{n}}{{big}}{{t}}-b",
                                Map.of(
                                        "x.y/z",
                                        "1",
                                        "deep",
                                        Map.of("id", "2"),
                                        "n",
                                        3L,
                                        "big",
                                        BigInteger.TEN,
                                        "t",
                                        true)))
                .isEqualTo("a-1-2310true-b");
    }

    @Test
    void neverReadsWhatAClaimSaysAsATemplate() {
        assertThat(fill("{{a}}", Map.of("a", "{{b}}", "b", "x"))).isEqualTo("{{b}}");
    }

    @ParameterizedTest
    @CsvSource({
        "lower, ÄBc-D, äbc-d",
        "slug, refs/heads/Feature_X, refs-heads-feature-x",
        "slug, --a--, a",
        "slug, AZaz09@[`{/:, azaz09",
        "sha256, abc, ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "max:16, short, short",
        "max:16, abcdefghijklmnopq, abc-f4ba8ea74d6d"
    })
    void filters(String filter, String value, String expected) {
        String filled = fill("{{a|" + filter + "}}", Map.of("a", value));
        if (filter.startsWith("max") && !value.equals(expected)) {
            assertThat(filled).hasSize(16).startsWith("abc-").matches("abc-[0-9a-f]{12}");
        } else {
            assertThat(filled).isEqualTo(expected);
        }
    }

    @Test
    void appliesFiltersFromLeftToRight() {
        assertThat(fill("{{a | slug | max:16}}", Map.of("a", "A/B"))).isEqualTo("a-b");
        String one = fill("{{a|max:16}}", Map.of("a", "x".repeat(40)));
        String two = fill("{{a|max:16}}", Map.of("a", "x".repeat(41)));
        assertThat(one).isNotEqualTo(two);
    }

    @Test
    void refusesAMissingClaimAndNeverWritesAnEmptyString() {
        for (Map<String, @Nullable Object> claims :
                List.<Map<String, @Nullable Object>>of(
                        Map.of(),
                        Map.of("a", ""),
                        Map.of("a", 1.5),
                        Map.of("a", List.of("x")),
                        Map.of("a", Map.of()),
                        Map.of("A", "x"))) {
            Refusal refusal = catchThrowableOfType(Refusal.class, () -> fill("x{{a}}y", claims));
            assertThat(refusal.reason()).isEqualTo(RefusalReason.CLAIM_MALFORMED);
        }
        assertThatThrownBy(() -> fill("{{a|slug}}", Map.of("a", "///")))
                .isInstanceOf(Refusal.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{",
                "}}",
                "{{a",
                "a}}",
                "{{}}",
                "{{ }}",
                "{{|lower}}",
                "{{a|}}",
                "{{a|nope}}",
                "{{a|max}}",
                "{{a|max:}}",
                "{{a|max:15}}",
                "{{a|max:1025}}",
                "{{a|max:x}}",
                "{{a{{b}}}}",
                "{{a{{b}}",
                "{{a}} }} {{b}}"
            })
    void tellsTheAuthorWhatIsNoTemplate(String text) {
        assertThatThrownBy(() -> Template.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void escapesValuesAndNotTheTextBetweenThem() {
        assertThat(
                        Template.parse("a:{{x}}:b")
                                .fill(new Claims(Map.of("x", "1:2")), v -> v.replace(":", "_")))
                .isEqualTo("a:1_2:b");
        assertThat(Template.parse("{{x}}{{/y|lower}}").claims()).containsExactly("x", "/y");
    }

    @Test
    void takesTheLongestTextTheMostPlaceholdersAndTheBoundsOfMax() {
        assertThat(fill("x".repeat(1024), Map.of())).hasSize(1024);
        assertThat(fill("{{a}}".repeat(16), Map.of("a", "b"))).isEqualTo("b".repeat(16));
        assertThat(fill("{{a|max:1024}}", Map.of("a", "x".repeat(1025)))).hasSize(1024);
        assertThat(fill("{{a|max:16}}", Map.of("a", "x".repeat(16)))).isEqualTo("x".repeat(16));
        for (String beyond : List.of("x".repeat(1025), "{{a}}".repeat(17))) {
            assertThatThrownBy(() -> Template.parse(beyond))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("at most");
        }
    }

    @Test
    void cutsNoCharacterInTwo() {
        assertThat(fill("{{a|max:16}}", Map.of("a", "ab\uD83D\uDE00" + "x".repeat(20))))
                .matches("ab-[0-9a-f]{12}");
    }
}
