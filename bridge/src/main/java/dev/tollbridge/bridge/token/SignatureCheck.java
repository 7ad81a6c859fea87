package dev.tollbridge.bridge.token;

import java.security.GeneralSecurityException;

/// The arithmetic of one key and one algorithm. Usable by many threads at once.
@FunctionalInterface
public interface SignatureCheck {

    /// @param signingInput the first two parts and the dot between them, as ASCII
    /// @param signature as JWS has it (RFC 7515 section 3.1), decoded
    /// @throws GeneralSecurityException as providers do on some signatures that do not hold
    boolean holds(byte[] signingInput, byte[] signature) throws GeneralSecurityException;
}
