package dev.tollbridge.bridge.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobPatternTest {

    @ParameterizedTest
    @CsvSource({
        "repo:acme/*:ref, repo:acme/x:ref, true",
        "repo:acme/*:ref, repo:acme/:ref, true",
        "repo:acme/*:ref, repo:acme/x/y:ref, false",
        "repo:acme/*:ref, repo:acme/x:y:ref, false",
        "repo:acme*, repo:acme-evil/x, false",
        "repo:acme*, repo:acme-evil, true",
        "refs/heads/release-*, refs/heads/release-1.2, true",
        "refs/heads/release-*, refs/heads/release-1/evil, false",
        "*/main, refs/main, true",
        "*/main, refs/heads/main, false",
        "*b/*c, b/b/c, false",
        "*ab*ab, abab, true",
        "*ab*ab, ab, false",
        "a*a, a, false",
        "a*a, aa, true",
        "exact, exact, true",
        "exact, exactly, false",
        "a.c, abc, false",
        "a?c, abc, false",
    })
    void starNeverCrossesASeparator(String glob, String text, boolean matches) {
        assertThat(new GlobPattern(glob).matches(text)).isEqualTo(matches);
    }

    /// Against the obvious definition, on short texts over few letters, where everything happens.
    @Test
    void agreesWithTheDefinition() {
        Random random = new Random(20261121);
        for (int i = 0; i < 200_000; i++) {
            String glob = word(random, "ab/:**");
            String text = word(random, "ab/:");
            assertThat(new GlobPattern(glob).matches(text))
                    .as(glob + " " + text)
                    .isEqualTo(defined(glob, text));
        }
    }

    private static boolean defined(String glob, String text) {
        if (glob.isEmpty()) {
            return text.isEmpty();
        }
        if (glob.charAt(0) == '*') {
            for (int i = 0; i <= text.length(); i++) {
                if (defined(glob.substring(1), text.substring(i))) {
                    return true;
                }
                if (i < text.length() && (text.charAt(i) == '/' || text.charAt(i) == ':')) {
                    return false;
                }
            }
            return false;
        }
        return !text.isEmpty()
                && text.charAt(0) == glob.charAt(0)
                && defined(glob.substring(1), text.substring(1));
    }

    private static String word(Random random, String letters) {
        StringBuilder word = new StringBuilder();
        for (int i = random.nextInt(9); i > 0; i--) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }
}
