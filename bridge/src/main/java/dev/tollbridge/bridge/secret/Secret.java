package dev.tollbridge.bridge.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A value that must never reach a log, a metric, an exception, a URL or a file name.
///
/// {@link #toString()} prints a fingerprint, so a secret that slips into a message by accident
/// leaks nothing. {@link #reveal()} is the only way to the value; the architecture test lists the
/// classes that may call it and why.
public final class Secret {

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    public static Secret of(String value) {
        return new Secret(value);
    }

    /// The value itself. Allowed only in the places the architecture test names.
    public String reveal() {
        return value;
    }

    /// Length in characters, for bounds that are checked before anything reads the value.
    public int length() {
        return value.length();
    }

    /// The first 64 bits of the value's SHA-256, in hexadecimal: enough to tell two secrets apart
    /// in a record, and nothing to guess a high-entropy value from.
    public String fingerprint() {
        return HexFormat.of().formatHex(sha256(), 0, 8);
    }

    private byte[] sha256() {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(value.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        // Comparing digests keeps the time taken independent of where two values differ.
        return other instanceof Secret secret && MessageDigest.isEqual(sha256(), secret.sha256());
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "Secret[" + fingerprint() + "]";
    }
}
