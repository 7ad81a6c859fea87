package dev.tollbridge.bridge.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.cli.TollbridgeCommand;
import dev.tollbridge.bridge.setup.SetupForm;
import dev.tollbridge.bridge.setup.TargetSetups;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/// The documents that a kind's page shows can be put in force, and what its other side needs can be
/// printed for them.
final class TargetPagesTest {

    private static final String ISSUER =
            """
            apiVersion: tollbridge.dev/v1alpha1
            kind: TrustedIssuer
            metadata: {name: github}
            spec: {preset: github-actions, audience: "https://tollbridge.acme.example"}
            """;

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({"azure, azure-deploy", "github, github-payments", "oauth, partner-api"})
    void documentsOfThePageLoadAndSetupPrintsEveryForm(String kind, String target)
            throws IOException {
        Files.writeString(folder.resolve("issuer.yaml"), ISSUER);
        int number = 0;
        for (Page.Block block : Page.of("docs/targets/" + kind + ".md").blocks()) {
            if (block.content().startsWith("apiVersion:")) {
                Files.writeString(folder.resolve("page-" + number++ + ".yaml"), block.content());
            }
        }
        assertThat(number).isPositive();
        run("check", "--config", folder.toString());
        List<String> printed = new ArrayList<>();
        for (SetupForm form : TargetSetups.of(kind).orElseThrow().forms()) {
            printed.add(
                    run(
                            "setup",
                            kind,
                            "--config",
                            folder.toString(),
                            "--target",
                            target,
                            "--url",
                            "https://tollbridge.acme.example/",
                            "--output",
                            form.word()));
        }
        assertThat(printed).allSatisfy(text -> assertThat(text).isNotBlank());
        assertThat(printed.getFirst()).startsWith("{");
    }

    private static String run(String... arguments) {
        StringWriter output = new StringWriter();
        CommandLine commandLine = TollbridgeCommand.commandLine();
        commandLine.setOut(new PrintWriter(output));
        commandLine.setErr(new PrintWriter(output));
        int exitCode = commandLine.execute(arguments);
        assertThat(exitCode).as(output.toString()).isZero();
        return output.toString();
    }
}
