package dev.tollbridge.bridge.token.keys;

/// The key set cannot be had right now. The message is for the operator and quotes nothing of what
/// was received.
final class KeySetUnavailable extends Exception {

    private static final long serialVersionUID = 1L;

    KeySetUnavailable(String message) {
        super(message, null, false, false);
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
