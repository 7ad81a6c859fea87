package dev.tollbridge.bridge.token.keys;

/// One key of a set is not admitted.
final class KeyRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;

    KeyRefused(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
