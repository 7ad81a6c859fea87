package dev.tollbridge.webhook.http;

/// What the listener shows and signs with, both PEM.
///
/// @param privateKeyPem PKCS #8; never printed
public record Certificate(String chainPem, String privateKeyPem) {
    @Override
    public String toString() {
        return "Certificate[" + chainPem.length() + " characters of PEM]";
    }
}
