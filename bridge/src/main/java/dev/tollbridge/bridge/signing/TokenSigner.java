package dev.tollbridge.bridge.signing;

import dev.tollbridge.bridge.secret.Secret;

/// Signs with the active key of one of the bridge's two issuers.
public interface TokenSigner {

    /// @param type the header's `typ`, such as `at+jwt`
    /// @param claims the payload: JSON, UTF-8
    /// @return a compact JWS
    Secret sign(SigningAlgorithm algorithm, String type, byte[] claims);
}
