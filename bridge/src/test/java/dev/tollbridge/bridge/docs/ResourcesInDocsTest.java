package dev.tollbridge.bridge.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.cli.TollbridgeCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Custom resources that operators copy from a page as one set are accepted as one. That an API
/// server takes them is a test of the definitions.
final class ResourcesInDocsTest {

    @TempDir private Path folder;

    @Test
    void areASetThatIsAccepted() throws IOException {
        for (Page.Block block : Page.of("docs/operations/several-clusters.md").blocks()) {
            if (!block.content().contains("tollbridge.dev/v1alpha1")) {
                continue;
            }
            Files.writeString(folder.resolve("documents.yaml"), block.content());
            StringWriter said = new StringWriter();
            int exit =
                    TollbridgeCommand.commandLine()
                            .setOut(new PrintWriter(said))
                            .setErr(new PrintWriter(said))
                            .execute("check", "--config", folder.toString(), "--resources");
            assertThat(exit).as(said.toString()).isZero();
        }
    }
}
