package dev.tollbridge.bridge.token.keys;

/// The bytes are not a key set at all. The message is for the operator and quotes nothing.
public final class NotKeys extends Exception {

    private static final long serialVersionUID = 1L;

    NotKeys(String message) {
        super(message, null, false, false);
    }
}
