package dev.tollbridge.bridge.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.cli.TollbridgeCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/// What people copy can be put in force as it stands, without a warning, and admits what its policy
/// tests say.
final class ExamplesTest {

    static List<Path> policies() throws IOException {
        List<Path> found = new ArrayList<>();
        for (String root : List.of("examples", "ci-templates")) {
            try (Stream<Path> folders = Files.walk(Page.ROOT.resolve(root))) {
                folders.filter(folder -> Files.isDirectory(folder.resolve("policy")))
                        .sorted()
                        .forEach(found::add);
            }
        }
        return found;
    }

    @ParameterizedTest
    @MethodSource("policies")
    void passesCheckWithoutAProblem(Path example) {
        Run run =
                run("check", "--config", example.resolve("policy").toString(), "--output", "json");

        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(run.output()).doesNotContain("\"severity\"");
    }

    @ParameterizedTest
    @MethodSource("policies")
    void passesItsPolicyTests(Path example) {
        Run run =
                run(
                        "test",
                        "--config",
                        example.resolve("policy").toString(),
                        example.resolve("tests.yaml").toString());

        assertThat(run.exitCode()).as(run.output()).isZero();
        assertThat(run.output()).contains(" passed, 0 failed").doesNotContain("0 passed");
    }

    private record Run(int exitCode, String output) {}

    private static Run run(String... arguments) {
        StringWriter output = new StringWriter();
        CommandLine commandLine = TollbridgeCommand.commandLine();
        commandLine.setOut(new PrintWriter(output));
        commandLine.setErr(new PrintWriter(output));
        int exitCode = commandLine.execute(arguments);
        return new Run(exitCode, output.toString());
    }
}
