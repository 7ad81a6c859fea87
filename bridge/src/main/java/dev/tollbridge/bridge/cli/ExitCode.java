package dev.tollbridge.bridge.cli;

/// The exit codes of INTERFACE 1.
public final class ExitCode {
    public static final int DONE = 0;

    /// It ran and the answer is no: refused, findings, lint errors.
    public static final int NO = 1;

    /// Wrong usage or configuration.
    public static final int USAGE = 2;

    /// Something it depends on is unavailable.
    public static final int UNAVAILABLE = 3;

    private ExitCode() {}
}
