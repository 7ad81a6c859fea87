package dev.tollbridge.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every file in `config/bad` says itself what is wrong where: `# <- RULE PATH` at the end of a
/// line (several with ` | ` between). No problem may be missing, none may be too many.
class BadDocumentsTest {

    private static final LocalDate TODAY = LocalDate.of(2026, 11, 21);

    static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/config/bad"))) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void reportsExactlyWhatIsWrong(Path file) throws IOException {
        String text = Files.readString(file);
        List<String> expected = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            int marker = lines[i].indexOf("# <- ");
            if (marker >= 0) {
                for (String one : lines[i].substring(marker + 5).split(" \\| ")) {
                    expected.add((i + 1) + " " + one.trim());
                }
            }
        }
        DocumentReader reader = new DocumentReader(TODAY);
        reader.read("bad.yaml", text);
        List<String> found =
                reader.loaded().problems().stream()
                        .map(p -> (p.place().line() + " " + p.rule() + " " + p.path()).trim())
                        .toList();
        assertThat(expected).isNotEmpty();
        assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    }
}
