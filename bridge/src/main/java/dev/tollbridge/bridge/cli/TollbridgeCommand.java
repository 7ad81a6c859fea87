package dev.tollbridge.bridge.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `tollbridge`: the list of all commands.
@Command(
        name = "tollbridge",
        description =
                "Exchanges what a job or pod can prove about itself for a short-lived, scoped credential.",
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "Start with: tollbridge demo",
            "Help on one command: tollbridge COMMAND --help"
        },
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        subcommands = {
            ServeCommand.class,
            CheckCommand.class,
            ExplainCommand.class,
            TestCommand.class
        })
public final class TollbridgeCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Name a command.");
    }

    /// The command line, ready to execute.
    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new TollbridgeCommand());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpAutoWidth(true);
        commandLine.setParameterExceptionHandler(TollbridgeCommand::usage);
        commandLine.setExecutionExceptionHandler(TollbridgeCommand::failed);
        return commandLine;
    }

    private static int usage(CommandLine.ParameterException problem, String[] args) {
        CommandLine command = problem.getCommandLine();
        PrintWriter err = command.getErr();
        err.println("tollbridge: " + problem.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(problem, err);
        err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private static int failed(
            Exception problem, CommandLine command, CommandLine.ParseResult parsed)
            throws Exception {
        if (problem instanceof CommandFailure failure) {
            command.getErr().println("tollbridge: " + failure.getMessage());
            return failure.exitCode();
        }
        throw problem;
    }
}
