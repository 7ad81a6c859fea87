package dev.tollbridge.bridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.cli.Commands.Ran;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class HelpTest {

    static Stream<List<String>> commands() {
        List<List<String>> all = new ArrayList<>();
        collect(TollbridgeCommand.commandLine(), List.of(), all);
        return all.stream();
    }

    private static void collect(CommandLine command, List<String> path, List<List<String>> all) {
        command.getSubcommands()
                .forEach((name, subcommand) -> {
                    List<String> below = new ArrayList<>(path);
                    below.add(name);
                    all.add(below);
                    collect(subcommand, below, all);
                });
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasADescriptionAnExampleAndItsExitCodes(List<String> path) {
        List<String> args = new ArrayList<>(path);
        args.add("--help");
        Ran ran = Commands.run(args.toArray(String[]::new));
        assertThat(ran.exit()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out())
                .contains("Usage: tollbridge " + String.join(" ", path))
                .containsPattern("Examples?:")
                .contains("  tollbridge " + path.getFirst())
                .containsPattern("Exit codes:\\R +0 ");
        args.set(args.size() - 1, "--version");
        assertThat(Commands.run(args.toArray(String[]::new)).out()).startsWith("tollbridge ");
        CommandLine command = TollbridgeCommand.commandLine();
        for (String name : path) {
            command = Objects.requireNonNull(command.getSubcommands().get(name));
        }
        assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
        assertThat(command.getCommandSpec().options())
                .allSatisfy((OptionSpec option) -> assertThat(option.description()).isNotEmpty());
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandMadeAloneIsTheOneAmongAll(List<String> path) {
        CommandLine alone = TollbridgeCommand.commandLine(path.toArray(String[]::new));
        CommandLine among = TollbridgeCommand.commandLine();
        for (String name : path) {
            alone = Objects.requireNonNull(alone.getSubcommands().get(name));
            among = Objects.requireNonNull(among.getSubcommands().get(name));
        }
        assertThat(alone.getUsageMessage()).isEqualTo(among.getUsageMessage());
    }

    @Test
    void hasTheCommandsThatScriptsKnow() {
        assertThat(TollbridgeCommand.commandLine().getSubcommands().keySet())
                .contains(
                        "demo",
                        "serve",
                        "check",
                        "explain",
                        "test",
                        "exchange",
                        "revoke",
                        "issuances",
                        "grants",
                        "receipt",
                        "audit",
                        "keys",
                        "scan",
                        "advise",
                        "completion");
    }

    @Test
    void wrongUsageIsSaidOnStandardError() {
        for (String[] args :
                new String[][] {
                    {}, {"nonsense"}, {"audit"}, {"keys", "list", "--nonsense"}, {"completion"}
                }) {
            Ran ran = Commands.run(args);
            assertThat(ran.exit()).isEqualTo(ExitCode.USAGE);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err()).startsWith("tollbridge: ").contains("--help");
        }
        assertThat(Commands.run("exchagne").err()).contains("exchange");
    }
}
