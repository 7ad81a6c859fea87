package dev.tollbridge.bridge.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CompletionCommandTest {

    @TempDir private Path folder;

    private String script(String shell) {
        Commands.Ran ran = Commands.run("completion", shell);
        assertThat(ran.exit()).isZero();
        assertThat(ran.err()).isEmpty();
        return ran.out();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void theShellAcceptsIts(String shell) throws IOException, InterruptedException {
        String script = script(shell);
        assertThat(script).contains("exchange", "unused", "aws-process");
        assumeTrue(installed(shell), shell + " is not installed");
        Path file = Files.writeString(folder.resolve("script"), script);
        assertThat(run(shell, "-n", file.toString())).isEmpty();
    }

    @Test
    void bashCompletesASubcommand() throws IOException, InterruptedException {
        assumeTrue(installed("bash"), "bash is not installed");
        Path file = Files.writeString(folder.resolve("script"), script("bash"));
        assertThat(
                        run(
                                "bash",
                                "-c",
                                "source "
                                        + file
                                        + "; COMP_WORDS=(tollbridge audit v); COMP_CWORD=2;"
                                        + " COMP_LINE='tollbridge audit v'; COMP_POINT=18;"
                                        + " _complete_tollbridge; echo \"${COMPREPLY[@]}\""))
                .isEqualTo("verify\n");
    }

    private static boolean installed(String shell) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, shell)));
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }
}
