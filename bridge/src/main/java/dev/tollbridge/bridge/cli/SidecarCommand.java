package dev.tollbridge.bridge.cli;

import dev.tollbridge.sidecar.Main;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `tollbridge sidecar`: the in-pod agent, a program of its own, which reads its arguments itself.
///
/// The launcher starts it without anything of the bridge; this is how it is found among the
/// commands and completed by shells, and how it runs where there is no launcher.
@Command(
        name = "sidecar",
        description = "Keeps credentials of a pod fresh, in files and at an endpoint on loopback.",
        mixinStandardHelpOptions = true,
        exitCodeList = {
            "0:ended by SIGTERM, or --once and done",
            "1:--once and refused",
            "2:wrong usage",
            "3:--once and no answer"
        },
        footer = {
            "",
            "Examples:",
            "  tollbridge sidecar --url https://tollbridge.example --token-file"
                    + " /var/run/secrets/tollbridge/token --target aws-payments-deploy"
        })
final class SidecarCommand implements Callable<Integer> {

    @Option(
            names = {
                "--url",
                "--token-file",
                "--target",
                "--dir",
                "--listen",
                "--health",
                "--ca-file",
                "--cluster-server",
                "--cluster-ca",
                "--notify"
            },
            paramLabel = "VALUE",
            arity = "1",
            description = "As `sidecar --help` of the launcher says.")
    @SuppressWarnings("unused") // picocli wants a place; the agent reads the arguments
    private String[] values = {};

    @Option(names = "--once", description = "Writes the files and ends.")
    @SuppressWarnings("unused") // the same
    private boolean once;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        String[] arguments =
                spec.commandLine().getParseResult().originalArgs().stream()
                        .skip(1)
                        .toArray(String[]::new);
        return Main.run(arguments, System::getenv, System.out, System.err);
    }
}
