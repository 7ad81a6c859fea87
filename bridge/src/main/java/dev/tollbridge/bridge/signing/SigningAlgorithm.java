package dev.tollbridge.bridge.signing;

/// The algorithms the bridge signs with.
public enum SigningAlgorithm {
    ES256("ES256"),
    RS256("RS256"),
    EDDSA("EdDSA");

    private final String joseName;

    SigningAlgorithm(String joseName) {
        this.joseName = joseName;
    }

    /// As in a JWS header (RFC 7518 section 3.1, RFC 8037 section 3.1).
    public String joseName() {
        return joseName;
    }
}
