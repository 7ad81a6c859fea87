package dev.tollbridge.bridge;

import dev.tollbridge.bridge.cli.TollbridgeCommand;

/// The `tollbridge` process.
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        int exitCode = TollbridgeCommand.commandLine(args).execute(args);
        System.exit(exitCode);
    }
}
