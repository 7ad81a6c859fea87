package dev.tollbridge.bridge.signing;

import org.jspecify.annotations.Nullable;

/// The keys cannot be read or written: a damaged entry, wrong permissions, no disk, no API server.
/// The message names the place and never quotes what is there.
public final class KeyringUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public KeyringUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
