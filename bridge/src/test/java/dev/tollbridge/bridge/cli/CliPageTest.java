package dev.tollbridge.bridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class CliPageTest {

    private static final Set<String> EVERYWHERE = Set.of("--help", "--version", "--output");

    @Test
    void namesEveryCommandAndEveryOption() throws IOException {
        names(TollbridgeCommand.commandLine(), "", Files.readString(Path.of("../docs/cli.md")));
    }

    private static void names(CommandLine command, String path, String page) {
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (!EVERYWHERE.contains(option.longestName())) {
                assertThat(page).as(path).contains(option.longestName());
            }
        }
        command.getSubcommands()
                .forEach((name, subcommand) -> {
                    String below = path.isEmpty() ? name : path + " " + name;
                    if (subcommand.getSubcommands().isEmpty()) {
                        assertThat(page).contains(below);
                    }
                    names(subcommand, below, page);
                });
    }
}
