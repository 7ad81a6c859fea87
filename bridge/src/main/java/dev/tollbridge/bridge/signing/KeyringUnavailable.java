package dev.tollbridge.bridge.signing;

import org.jspecify.annotations.Nullable;

/// The keys cannot be read or written: a damaged file, wrong permissions, no disk. The message
/// names the file and never quotes it.
public final class KeyringUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    KeyringUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
