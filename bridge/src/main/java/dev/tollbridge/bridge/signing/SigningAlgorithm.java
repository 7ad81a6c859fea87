package dev.tollbridge.bridge.signing;

import java.util.Arrays;
import java.util.Optional;

/// The algorithms the bridge signs with.
public enum SigningAlgorithm {
    ES256("ES256", "EC", "SHA256withECDSAinP1363Format"),
    RS256("RS256", "RSA", "SHA256withRSA"),
    EDDSA("EdDSA", "Ed25519", "Ed25519");

    private final String joseName;
    private final String keyType;
    private final String signature;

    SigningAlgorithm(String joseName, String keyType, String signature) {
        this.joseName = joseName;
        this.keyType = keyType;
        this.signature = signature;
    }

    /// As in a JWS header (RFC 7518 section 3.1, RFC 8037 section 3.1).
    public String joseName() {
        return joseName;
    }

    /// By its JOSE name, exactly.
    public static Optional<SigningAlgorithm> named(String joseName) {
        return Arrays.stream(values()).filter(a -> a.joseName.equals(joseName)).findFirst();
    }

    /// What the platform calls such keys.
    String keyType() {
        return keyType;
    }

    /// What the platform calls such signatures. ECDSA in the form JWS wants, R and S side by side,
    /// so that nothing has to be converted (RFC 7518 section 3.4).
    String signatureName() {
        return signature;
    }
}
