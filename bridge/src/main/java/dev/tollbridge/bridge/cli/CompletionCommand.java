package dev.tollbridge.bridge.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tollbridge completion`: a script for the user's shell, made of the commands there are.
@Command(
        name = "completion",
        description = "Prints a script that completes commands and options in a shell.",
        mixinStandardHelpOptions = true,
        exitCodeList = {"0:done", "2:wrong usage"},
        footer = {
            "",
            "Examples:",
            "  source <(tollbridge completion bash)        # in ~/.bashrc",
            "  source <(tollbridge completion zsh)         # in ~/.zshrc",
            "  tollbridge completion fish | source         # in ~/.config/fish/config.fish"
        })
final class CompletionCommand implements Callable<Integer> {

    /// Shells there is a script for.
    enum Shell {
        BASH,
        ZSH,
        FISH;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What makes a script for bash work in zsh.
    private static final String IN_ZSH =
            """
            autoload -U +X compinit && compinit
            autoload -U +X bashcompinit && bashcompinit
            """;

    @Parameters(paramLabel = "bash|zsh|fish", description = "The shell.")
    private Shell shell = Shell.BASH;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        CommandLine root = spec.root().commandLine();
        PrintWriter out = spec.commandLine().getOut();
        out.print(
                switch (shell) {
                    case BASH -> AutoComplete.bash(root.getCommandName(), root);
                    case ZSH -> IN_ZSH + AutoComplete.bash(root.getCommandName(), root);
                    case FISH -> FishCompletion.of(root);
                });
        out.flush();
        return ExitCode.DONE;
    }
}
