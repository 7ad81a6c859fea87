package dev.tollbridge.bridge.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `--output text|json`, and where that goes.
final class OutputOption {

    @Option(
            names = "--output",
            paramLabel = "text|json",
            defaultValue = "text",
            description = "Default: ${DEFAULT-VALUE}.")
    private TextOrJson output = TextOrJson.TEXT;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec command;

    /// Where the command prints its results.
    PrintWriter out() {
        return command.commandLine().getOut();
    }

    boolean json() {
        return output == TextOrJson.JSON;
    }
}
