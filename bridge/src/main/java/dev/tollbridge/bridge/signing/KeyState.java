package dev.tollbridge.bridge.signing;

/// Where a signing key stands in its life. It only ever moves forward.
public enum KeyState {
    /// Published, so that those who verify have it before it is used.
    NEXT("next"),

    /// Signs. One per issuer and algorithm.
    ACTIVE("active"),

    /// Signs no more; published until the last token it signed has ended. Its private part is gone.
    RETIRED("retired"),

    /// Withdrawn: not published, believed no more. Its private part is gone.
    REVOKED("revoked");

    private final String code;

    KeyState(String code) {
        this.code = code;
    }

    /// As in files, commands and records.
    public String code() {
        return code;
    }

    /// Whether it is in the published key set.
    public boolean published() {
        return this != REVOKED;
    }

    /// Whether it still has its private part.
    boolean signs() {
        return this == NEXT || this == ACTIVE;
    }
}
