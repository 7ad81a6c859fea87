package dev.tollbridge.webhook.detect.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WordFinderTest {

    private record Found(String word, int start) {}

    @Test
    void findsWhatALoopOverAllWordsFinds() {
        Random random = new Random(20261121);
        for (int round = 0; round < 2000; round++) {
            List<String> words = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(12); i++) {
                String word = text(random, 3 + random.nextInt(6)).toLowerCase(Locale.ROOT);
                if (!words.contains(word)) {
                    words.add(word);
                }
            }
            String text = text(random, random.nextInt(200));

            assertThat(found(words, text)).containsExactlyInAnyOrderElementsOf(loop(words, text));
        }
    }

    @Test
    void wordsInsideEachOtherAreAllFound() {
        List<String> words =
                List.of("token", "tokens", "refresh_token", "oauth2_refresh_token", "ken");

        assertThat(found(words, "OAUTH2_REFRESH_TOKENS"))
                .containsExactlyInAnyOrderElementsOf(loop(words, "OAUTH2_REFRESH_TOKENS"))
                .hasSize(5);
    }

    @Test
    void marksThatShareABitWithOthersAreNotTakenForThem() {
        // Folding for speed makes `_` and DEL, `[` and `{` alike; comparing does not.
        assertThat(found(List.of("a_b", "x[y"), "a\u007fb x{y")).isEmpty();
    }

    @Test
    void aWordOfTwoLettersIsRefused() {
        assertThatThrownBy(() -> new WordFinder(List.of("az")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append("abAB_1.é".charAt(random.nextInt(length > 10 ? 8 : 7)));
        }
        return text.toString();
    }

    private static List<Found> found(List<String> words, String text) {
        List<Found> found = new ArrayList<>();
        new WordFinder(words)
                .find(
                        text.getBytes(StandardCharsets.ISO_8859_1),
                        (word, start) -> found.add(new Found(words.get(word), start)));
        return found;
    }

    private static List<Found> loop(List<String> words, String text) {
        List<Found> found = new ArrayList<>();
        for (String word : words) {
            for (int i = 0; i + word.length() <= text.length(); i++) {
                if (text.regionMatches(true, i, word, 0, word.length())) {
                    found.add(new Found(word, i));
                }
            }
        }
        return found;
    }
}
