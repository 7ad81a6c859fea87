package dev.tollbridge.bridge.audit;

/// The record cannot be opened as it is. The message says which file and line, what is wrong and
/// what to do; nothing has been changed.
public final class JournalProblem extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public JournalProblem(String message) {
        super(message);
    }

    public JournalProblem(String message, Throwable cause) {
        super(message, cause);
    }
}
