package dev.tollbridge.bridge.token;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Decides whether a key that a proof brings along is one to verify with, by the same rules as keys
/// that issuers publish.
public interface ProofKeyAdmission {

    /// @param jwk the proof's `jwk`: hostile
    /// @return null when the key holds private members, is weak, or is not for the algorithm
    @Nullable VerificationKey admit(Map<String, @Nullable Object> jwk, String algorithm);
}
