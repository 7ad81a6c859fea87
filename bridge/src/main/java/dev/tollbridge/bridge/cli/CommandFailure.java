package dev.tollbridge.bridge.cli;

/// Ends a command with a sentence for people on stderr and an exit code. Holds no secret and needs
/// no stack trace.
public final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private CommandFailure(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    /// Wrong usage or configuration.
    public static CommandFailure usage(String message) {
        return new CommandFailure(ExitCode.USAGE, message);
    }

    /// Something this command depends on is unavailable.
    public static CommandFailure unavailable(String message) {
        return new CommandFailure(ExitCode.UNAVAILABLE, message);
    }

    /// It ran and the answer is no.
    public static CommandFailure no(String message) {
        return new CommandFailure(ExitCode.NO, message);
    }

    public int exitCode() {
        return exitCode;
    }
}
