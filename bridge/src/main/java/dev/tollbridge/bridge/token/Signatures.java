package dev.tollbridge.bridge.token;

import java.security.GeneralSecurityException;

/// Checks signatures: form first, arithmetic by the library.
final class Signatures {

    private Signatures() {}

    /// Whether the bytes can be a signature by the algorithm at all. ECDSA: two numbers of the
    /// curve's size (RFC 7518 section 3.4), neither zero, which some libraries once took as valid
    /// for anything (CVE-2022-21449).
    static boolean fits(String algorithm, byte[] signature) {
        return switch (algorithm) {
            case "ES256" -> twoNumbers(signature, 32);
            case "ES384" -> twoNumbers(signature, 48);
            case "ES512" -> twoNumbers(signature, 66);
            case "EdDSA", "Ed25519" -> signature.length == 64;
            // RSA: the length is the modulus's, which the library compares.
            default -> signature.length >= 256 && signature.length <= CompactJws.MAX_SIGNATURE;
        };
    }

    private static boolean twoNumbers(byte[] signature, int size) {
        return signature.length == 2 * size
                && !zero(signature, 0, size)
                && !zero(signature, size, 2 * size);
    }

    private static boolean zero(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return true;
    }

    static boolean holds(VerificationKey key, byte[] signingInput, byte[] signature) {
        try {
            return key.check().holds(signingInput, signature);
        } catch (GeneralSecurityException | RuntimeException e) {
            // Providers differ in how they reject a hostile signature: some return false, some
            // throw. Whatever it is, it does not verify.
            return false;
        }
    }
}
