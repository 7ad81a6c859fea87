package dev.tollbridge.bridge.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.cli.TollbridgeCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// Commands and flags that the pages name exist.
final class CommandsInDocsTest {

    private static final Pattern COMMAND =
            Pattern.compile("(?<![\\w/:.-])(?:\\./)?tollbridge ([a-z][a-z-]*(?: [^\n|;&#>]*)?)");
    private static final Pattern FLAG = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*");

    @Test
    void everyCommandAndFlagExists() {
        List<String> unknown = new ArrayList<>();
        for (Page page : Page.all()) {
            for (String code : code(page)) {
                Matcher command = COMMAND.matcher(code);
                while (command.find()) {
                    String problem = problem(command.group(1).strip().split(" +"));
                    if (problem != null) {
                        unknown.add(page + ": " + command.group() + ": " + problem);
                    }
                }
            }
        }
        assertThat(unknown).isEmpty();
    }

    @Test
    void everyFlagThatStandsAloneExistsSomewhere() throws IOException {
        Set<String> flags = new LinkedHashSet<>();
        collect(TollbridgeCommand.commandLine(), flags);
        flags.addAll(ofTheScripts());
        List<String> unknown = new ArrayList<>();
        for (Page page : Page.all()) {
            // Presets' pages quote other programs.
            if (page.name().startsWith("docs/presets/")) {
                continue;
            }
            for (String span : page.codeSpans()) {
                Matcher flag = FLAG.matcher(span);
                if (span.startsWith("--") && flag.find() && !flags.contains(flag.group())) {
                    unknown.add(page + ": " + span);
                }
            }
        }
        assertThat(unknown).isEmpty();
    }

    /// Their `--help` is what they say they take.
    private static Set<String> ofTheScripts() throws IOException {
        Set<String> flags = new LinkedHashSet<>();
        for (String script :
                List.of("tollbridge-exchange.sh", "tollbridge-session.sh", "tollbridge-job.sh")) {
            Matcher flag =
                    FLAG.matcher(Files.readString(Path.of("..", "ci-templates", "sh", script)));
            while (flag.find()) {
                flags.add(flag.group());
            }
        }
        return flags;
    }

    @Test
    void everyCommandIsNamedInTheDocumentation() {
        String everything =
                String.join(
                        "\n", Page.all().stream().flatMap(page -> code(page).stream()).toList());
        for (String command : TollbridgeCommand.commandLine().getSubcommands().keySet()) {
            assertThat(everything).contains("tollbridge " + command);
        }
    }

    private static List<String> code(Page page) {
        List<String> code = new ArrayList<>(page.codeSpans());
        for (Page.Block block : page.blocks()) {
            if (!block.language().equals("yaml") && !block.language().equals("json")) {
                code.add(block.content().replace("\\\n", " "));
            }
        }
        return code;
    }

    private static @Nullable String problem(String[] words) {
        CommandLine command = TollbridgeCommand.commandLine();
        for (String word : words) {
            CommandLine below = command.getSubcommands().get(word);
            if (below == null) {
                break;
            }
            command = below;
        }
        if (command.getParent() == null) {
            return "no such command";
        }
        Set<String> flags = new LinkedHashSet<>();
        collect(command, flags);
        for (String word : words) {
            Matcher flag = FLAG.matcher(word);
            if (flag.find() && !flags.contains(flag.group())) {
                return "no " + flag.group();
            }
        }
        return null;
    }

    private static void collect(CommandLine command, Set<String> flags) {
        flags.addAll(command.getCommandSpec().optionsMap().keySet());
        command.getSubcommands().values().forEach(below -> collect(below, flags));
    }
}
