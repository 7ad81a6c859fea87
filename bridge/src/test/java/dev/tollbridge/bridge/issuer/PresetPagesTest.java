package dev.tollbridge.bridge.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// `docs/presets.md` and `docs/presets/` say what the data says. After a change of the data run
/// this test with `-Dtollbridge.write-docs=true`.
class PresetPagesTest {

    private static final Path DOCS = Path.of("../docs");

    @Test
    void pagesAreUpToDate() throws IOException {
        Map<String, String> pages = PresetPages.all(PresetCatalogue.shipped());
        if (Boolean.getBoolean("tollbridge.write-docs")) {
            Files.createDirectories(DOCS.resolve("presets"));
            for (Map.Entry<String, String> page : pages.entrySet()) {
                Files.writeString(DOCS.resolve(page.getKey()), page.getValue());
            }
        }
        for (Map.Entry<String, String> page : pages.entrySet()) {
            assertThat(DOCS.resolve(page.getKey()))
                    .as("run this test with -Dtollbridge.write-docs=true")
                    .hasContent(page.getValue());
        }
        try (Stream<Path> files = Files.list(DOCS.resolve("presets"))) {
            assertThat(files.map(f -> "presets/" + f.getFileName()))
                    .containsExactlyInAnyOrderElementsOf(
                            pages.keySet().stream().filter(p -> p.contains("/")).toList());
        }
    }

    @Test
    void saysHonestlyWhatIsFromMemory() {
        Map<String, String> pages = PresetPages.all(PresetCatalogue.shipped());
        for (String low : new String[] {"harness", "buddy", "openshift", "k3s", "tekton"}) {
            assertThat(pages.get("presets/" + low + ".md"))
                    .containsPattern("Confidence: [^\\n]*(memory|low)");
        }
    }
}
