package dev.tollbridge.bridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// `check` of a repository whose documents are applied to a cluster.
class CheckedResourcesTest {

    @TempDir private Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(
                folder.resolve("target.yaml"),
                """
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: github-payments}
                spec:
                  owner: team-payments@acme.example
                  github:
                    appId: "12345"
                    privateKeySecretRef: {name: github-app, key: private-key.pem}
                    owner: acme
                    repositories: [payments]
                    permissions: {contents: read}
                """);
    }

    @Test
    void aReferenceToASecretIsForResources() {
        StringWriter output = new StringWriter();

        assertThat(run(output, "--resources")).as(output.toString()).isZero();
        assertThat(run(output)).isEqualTo(1);
        assertThat(output.toString()).contains("[secret-reference]");
    }

    @Test
    void aFileIsNot() throws IOException {
        Path target = folder.resolve("target.yaml");
        Files.writeString(
                target,
                Files.readString(target)
                        .replace(
                                "privateKeySecretRef: {name: github-app, key: private-key.pem}",
                                "privateKey: app.pem"));
        StringWriter output = new StringWriter();

        assertThat(run(output, "--resources")).isEqualTo(1);
        assertThat(output.toString()).contains("[file-path]");
    }

    private int run(StringWriter output, String... more) {
        String[] arguments = new String[more.length + 3];
        System.arraycopy(more, 0, arguments, 3, more.length);
        arguments[0] = "check";
        arguments[1] = "--config";
        arguments[2] = folder.toString();
        CommandLine command = TollbridgeCommand.commandLine();
        command.setOut(new PrintWriter(output));
        command.setErr(new PrintWriter(output));
        return command.execute(arguments);
    }
}
