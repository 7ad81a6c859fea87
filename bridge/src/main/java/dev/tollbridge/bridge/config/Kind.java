package dev.tollbridge.bridge.config;

/// The five document kinds.
public enum Kind {
    TRUSTED_ISSUER("TrustedIssuer"),
    TARGET("Target"),
    GRANT("Grant"),
    EXEMPTION("Exemption"),
    ADMISSION_SETTINGS("AdmissionSettings");

    private final String written;

    Kind(String written) {
        this.written = written;
    }

    /// As in `kind:`.
    public String written() {
        return written;
    }
}
