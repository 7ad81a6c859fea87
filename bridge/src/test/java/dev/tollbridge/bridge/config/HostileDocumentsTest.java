package dev.tollbridge.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever a file holds, reading it gives documents and problems, and never throws.
class HostileDocumentsTest {

    private static final String SPICE =
            "\n \t:-{}[],&*!|>'\"%@`#?~0123e.x\u0000\u0085\uFEFF\uD800/$";

    private static Loaded read(String text) {
        DocumentReader reader = new DocumentReader(LocalDate.of(2026, 11, 21));
        reader.read("hostile.yaml", text);
        return reader.loaded();
    }

    private static String good(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/config/good/" + name + ".yaml"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void changedCharactersGiveProblemsAndNeverAnException(long seed) throws IOException {
        Random random = new Random(seed);
        String text = good(seed % 2 == 0 ? "design" : "every-field");
        for (int i = 0; i < 60; i++) {
            StringBuilder mutated = new StringBuilder(text);
            int changes = 1 + random.nextInt(6);
            for (int change = 0; change < changes; change++) {
                int at = random.nextInt(mutated.length());
                char c = SPICE.charAt(random.nextInt(SPICE.length()));
                switch (random.nextInt(4)) {
                    case 0 -> mutated.setCharAt(at, c);
                    case 1 -> mutated.insert(at, c);
                    case 2 -> mutated.deleteCharAt(at);
                    default -> {
                        int end = Math.min(mutated.length(), at + random.nextInt(200));
                        mutated.insert(
                                random.nextInt(mutated.length()), mutated.substring(at, end));
                    }
                }
            }
            assertThat(read(mutated.toString())).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void misplacedValuesGiveProblemsAndNeverAnException(long seed) throws IOException {
        Random random = new Random(seed);
        String[] values = {
            "null",
            "~",
            "5",
            "-1.5e9",
            "true",
            "\"\"",
            "[]",
            "{}",
            "[1, [2]]",
            "{a: {b: c}}",
            "*x",
            "&a b",
            "!!int 3",
            "99999999999999999999",
            "0x",
            ".inf",
            "'{{}}'",
            "2027-02-30",
            "9d9h"
        };
        String[] lines = good("every-field").split("\n", -1);
        for (int i = 0; i < 100; i++) {
            String[] mutated = lines.clone();
            int line = random.nextInt(lines.length);
            int colon = mutated[line].lastIndexOf(':');
            if (colon > 0) {
                mutated[line] =
                        mutated[line].substring(0, colon + 1)
                                + " "
                                + values[random.nextInt(values.length)];
            }
            assertThat(read(String.join("\n", mutated))).isNotNull();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void noiseGivesProblemsAndNeverAnException(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            StringBuilder noise = new StringBuilder();
            int length = random.nextInt(300);
            for (int j = 0; j < length; j++) {
                noise.append(
                        random.nextBoolean()
                                ? SPICE.charAt(random.nextInt(SPICE.length()))
                                : (char) random.nextInt(0x300));
            }
            assertThat(read(noise.toString())).isNotNull();
        }
    }

    @Test
    void deepNestingIsRefusedBeforeAnythingRecurses() {
        for (String open : new String[] {"[", "{a: ", "- ", "? "}) {
            assertThat(read(open.repeat(100_000)).acceptable()).isFalse();
        }
    }

    @Test
    void documentsBeyondTheirBoundAreRefused() {
        assertThat(read("a: " + "x".repeat(YamlText.MAX_DOCUMENT)).problems())
                .extracting(Problem::rule)
                .containsExactly("too-large");
    }
}
