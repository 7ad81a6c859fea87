package dev.tollbridge.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The reference in `docs/` is what the code says. To write it anew: `./mvnw -pl bridge test
/// -Dtest=ReferenceFilesTest -Dtollbridge.regenerate=true`.
class ReferenceFilesTest {

    private static final Path REFERENCE = Path.of("../docs/reference");

    @Test
    void theReferencePageIsWhatTheSchemaSays() throws IOException {
        isUpToDate("documents.md", ReferencePage.text());
    }

    @Test
    void theSchemaForEditorsIsWhatTheSchemaSays() throws IOException {
        isUpToDate("tollbridge.schema.json", JsonSchemaText.text());
    }

    private static void isUpToDate(String name, String made) throws IOException {
        Path file = REFERENCE.resolve(name);
        if (Boolean.getBoolean("tollbridge.regenerate")) {
            Files.createDirectories(REFERENCE);
            Files.writeString(file, made);
        }
        assertThat(file)
                .as("run with -Dtollbridge.regenerate=true and commit what changes")
                .exists()
                .content()
                .isEqualTo(made);
    }
}
