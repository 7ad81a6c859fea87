package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.client.Unreachable;
import dev.tollbridge.bridge.signing.KeyringUnavailable;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
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
        mixinStandardHelpOptions = true)
public final class TollbridgeCommand implements Runnable {

    private static final Map<String, String> EXIT_CODES = exitCodes();

    /// In the order of the help.
    private static final Map<String, Class<?>> COMMANDS = commands();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Name a command.");
    }

    /// The command line with all commands, ready to execute.
    public static CommandLine commandLine() {
        return with(COMMANDS.values());
    }

    /// The command line that these arguments need: with the one command they begin with. Reading
    /// the annotations of all of them was a third of a start.
    public static CommandLine commandLine(String... arguments) {
        Class<?> called = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
        // Completion is about all of them, and so is help that is asked of no command.
        return called == null || called == CompletionCommand.class
                ? commandLine()
                : with(List.of(called));
    }

    private static CommandLine with(Collection<Class<?>> commands) {
        CommandLine commandLine = new CommandLine(new TollbridgeCommand());
        commands.forEach(commandLine::addSubcommand);
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpAutoWidth(true);
        commandLine.setParameterExceptionHandler(TollbridgeCommand::usage);
        commandLine.setExecutionExceptionHandler(TollbridgeCommand::failed);
        complete(commandLine);
        // The name of a key may begin with a hyphen.
        CommandLine keys = commandLine.getSubcommands().get("keys");
        if (keys != null) {
            keys.setUnmatchedOptionsArePositionalParams(true);
        }
        return commandLine;
    }

    /// What every command has, and no annotation is inherited for.
    private static void complete(CommandLine commandLine) {
        commandLine.getCommandSpec().versionProvider(new Version());
        UsageMessageSpec help = commandLine.getCommandSpec().usageMessage();
        help.exitCodeListHeading("%nExit codes:%n");
        if (help.exitCodeList().isEmpty()) {
            help.exitCodeList(EXIT_CODES);
        }
        commandLine.getSubcommands().values().forEach(TollbridgeCommand::complete);
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
            Exception problem, CommandLine command, CommandLine.ParseResult parsed) {
        PrintWriter err = command.getErr();
        return switch (problem) {
            case CommandFailure failure -> {
                err.println("tollbridge: " + failure.getMessage());
                yield failure.exitCode();
            }
            case Unreachable unreachable -> {
                err.println("tollbridge: " + unreachable.getMessage());
                yield ExitCode.UNAVAILABLE;
            }
            case KeyringUnavailable unavailable -> {
                err.println("tollbridge: " + unavailable.getMessage());
                yield ExitCode.UNAVAILABLE;
            }
            // Thrown in words for the operator: the address is taken, the disk is full.
            case UncheckedIOException unavailable -> {
                Throwable cause = unavailable.getCause();
                err.println("tollbridge: " + (cause == null ? unavailable : cause).getMessage());
                yield ExitCode.UNAVAILABLE;
            }
            default -> {
                // Where, but not what about: nobody knows what the message holds.
                err.println("tollbridge: failed inside: " + problem.getClass().getName());
                for (int i = 0; i < Math.min(5, problem.getStackTrace().length); i++) {
                    err.println("    at " + problem.getStackTrace()[i]);
                }
                err.println("Please report it.");
                yield ExitCode.UNAVAILABLE;
            }
        };
    }

    private static Map<String, Class<?>> commands() {
        Map<String, Class<?>> commands = new LinkedHashMap<>();
        commands.put("demo", DemoCommand.class);
        commands.put("serve", ServeCommand.class);
        commands.put("webhook", WebhookCommand.class);
        commands.put("check", CheckCommand.class);
        commands.put("explain", ExplainCommand.class);
        commands.put("test", TestCommand.class);
        commands.put("exchange", ExchangeCommand.class);
        commands.put("revoke", RevokeCommand.class);
        commands.put("issuances", IssuancesCommand.class);
        commands.put("grants", GrantsCommand.class);
        commands.put("receipt", ReceiptCommand.class);
        commands.put("audit", AuditCommand.class);
        commands.put("keys", KeysCommand.class);
        commands.put("setup", SetupCommand.class);
        commands.put("sidecar", SidecarCommand.class);
        commands.put("scan", ScanCommand.class);
        commands.put("advise", AdviseCommand.class);
        commands.put("completion", CompletionCommand.class);
        return commands;
    }

    private static Map<String, String> exitCodes() {
        Map<String, String> codes = new LinkedHashMap<>();
        codes.put("0", "done");
        codes.put("1", "it ran and the answer is no");
        codes.put("2", "wrong usage or configuration");
        codes.put("3", "something it depends on is unavailable");
        return codes;
    }
}
