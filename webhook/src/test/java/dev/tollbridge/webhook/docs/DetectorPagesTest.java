package dev.tollbridge.webhook.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DetectorPagesTest {

    private static final Path DOCS = Path.of("../docs");

    /// `-Dtollbridge.write-docs=true` writes them.
    @Test
    void thePagesSayWhatTheDataSays() throws IOException {
        Map<String, String> pages =
                Map.of(
                        "detectors.md", DetectorPages.detectors(),
                        "advise.md", DetectorPages.advise());
        for (Map.Entry<String, String> page : pages.entrySet()) {
            if (Boolean.getBoolean("tollbridge.write-docs")) {
                Files.writeString(DOCS.resolve(page.getKey()), page.getValue());
            }
            assertThat(Files.readString(DOCS.resolve(page.getKey()))).isEqualTo(page.getValue());
        }
    }
}
