package dev.tollbridge.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The reference in `docs/` and the custom resources of the chart are what the code says. To write
/// it anew: `./mvnw -pl bridge test -Dtest=ReferenceFilesTest -Dtollbridge.regenerate=true`.
class ReferenceFilesTest {

    private static final Path REFERENCE = Path.of("../docs/reference");
    private static final Path RESOURCES = Path.of("../charts/tollbridge/crds");

    @Test
    void theReferencePageIsWhatTheSchemaSays() throws IOException {
        isUpToDate(REFERENCE.resolve("documents.md"), ReferencePage.text());
    }

    @Test
    void theSchemaForEditorsIsWhatTheSchemaSays() throws IOException {
        isUpToDate(REFERENCE.resolve("tollbridge.schema.json"), JsonSchemaText.text());
    }

    @Test
    void theCustomResourcesAreWhatTheSchemaSays() throws IOException {
        for (Kind kind : Kind.values()) {
            ResourceDefinition made = ResourceDefinition.of(kind);
            isUpToDate(RESOURCES.resolve(made.fileName()), made.text());
        }
    }

    private static void isUpToDate(Path file, String made) throws IOException {
        if (Boolean.getBoolean("tollbridge.regenerate")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, made);
        }
        assertThat(file)
                .as("run with -Dtollbridge.regenerate=true and commit what changes")
                .exists()
                .content()
                .isEqualTo(made);
    }
}
