package dev.tollbridge.bridge.signing;

/// The keyring will not do what an operator asked of it. The message says why and what to do
/// instead.
public final class KeyChangeRefused extends Exception {

    private static final long serialVersionUID = 1L;

    KeyChangeRefused(String message) {
        super(message, null, false, false);
    }
}
