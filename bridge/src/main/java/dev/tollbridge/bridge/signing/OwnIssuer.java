package dev.tollbridge.bridge.signing;

/// The two issuers the bridge is itself. Each has keys of its own, so that what is shown to a cloud
/// can never pass for what a caller is given, and the reverse.
public enum OwnIssuer {
    /// Signs what callers are given. Its URL is the external URL.
    BRIDGE("bridge", ""),

    /// Signs what the bridge shows to clouds; no caller ever holds such a token.
    FEDERATION("federation", "/federation");

    private final String code;
    private final String path;

    OwnIssuer(String code, String path) {
        this.code = code;
        this.path = path;
    }

    /// As in file names, commands and records.
    public String code() {
        return code;
    }

    /// What follows the external URL.
    public String path() {
        return path;
    }

    /// The issuer's URL, its `iss`.
    ///
    /// @param externalUrl without a slash at its end
    public String url(String externalUrl) {
        return externalUrl + path;
    }
}
