package dev.tollbridge.bridge.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Completion for fish, which picocli has none for.
final class FishCompletion {

    /// Words that are options do not count; what follows a command's name does not matter.
    private static final String FUNCTIONS =
            """
            function __tollbridge_words
                for word in (commandline -opc)[2..-1]
                    string match -q -- '-*' $word; or echo $word
                end
            end
            function __tollbridge_at
                set -l words (__tollbridge_words)
                test "$words" = "$argv"
            end
            function __tollbridge_in
                set -l words (__tollbridge_words)
                set -l depth (count $argv)
                test (count $words) -ge $depth; or return 1
                test "$words[1..$depth]" = "$argv"
            end
            complete -c tollbridge -f
            """;

    private final StringBuilder script = new StringBuilder(FUNCTIONS);

    private FishCompletion() {}

    static String of(CommandLine root) {
        FishCompletion completion = new FishCompletion();
        completion.add(root, List.of());
        return completion.script.toString();
    }

    private void add(CommandLine command, List<String> path) {
        String words = String.join(" ", path);
        command.getSubcommands()
                .forEach((name, subcommand) -> {
                    line("__tollbridge_at " + words, "-a " + name, description(subcommand));
                    List<String> below = new ArrayList<>(path);
                    below.add(name);
                    add(subcommand, below);
                });
        CommandSpec spec = command.getCommandSpec();
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            Iterable<String> candidates = parameter.completionCandidates();
            if (candidates != null) {
                line(
                        "__tollbridge_at " + words,
                        "-a " + quoted(String.join(" ", candidates)),
                        first(parameter.description()));
            }
        }
        for (OptionSpec option : spec.options()) {
            StringBuilder arguments = new StringBuilder();
            for (String name : option.names()) {
                arguments.append(name.startsWith("--") ? " -l " + name.substring(2) : "");
                arguments.append(
                        !name.startsWith("--") && name.length() == 2
                                ? " -s " + name.substring(1)
                                : "");
            }
            if (option.arity().max() > 0) {
                arguments.append(values(option));
            }
            String where = path.isEmpty() ? "__tollbridge_at" : "__tollbridge_in " + words;
            line(where, arguments.toString().strip(), first(option.description()));
        }
    }

    private static String values(OptionSpec option) {
        Iterable<String> candidates = option.completionCandidates();
        if (candidates != null) {
            return " -x -a " + quoted(String.join(" ", candidates));
        }
        return option.paramLabel().equals("FILE") || option.paramLabel().equals("DIR")
                ? " -r -F"
                : " -x";
    }

    private void line(String where, String arguments, String description) {
        script.append("complete -c tollbridge -n ")
                .append(quoted(where.strip()))
                .append(' ')
                .append(arguments)
                .append(" -d ")
                .append(quoted(description))
                .append('\n');
    }

    private static String description(CommandLine command) {
        return first(command.getCommandSpec().usageMessage().description());
    }

    private static String first(String[] description) {
        return description.length == 0 ? "" : description[0].replace("${", "$ {");
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
