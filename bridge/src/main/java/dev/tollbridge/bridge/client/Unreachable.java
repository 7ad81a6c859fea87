package dev.tollbridge.bridge.client;

/// No usable answer came. The message is a sentence for people and holds no secret.
public final class Unreachable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Unreachable(String message) {
        super(message, null, false, false);
    }
}
