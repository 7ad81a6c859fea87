package dev.tollbridge.bridge.signing;

import dev.tollbridge.bridge.secret.Secret;
import java.time.Duration;

/// Signs with the active key of one of the bridge's two issuers.
public interface TokenSigner {

    /// @param type the header's `typ`, such as `at+jwt`
    /// @param claims the payload: JSON, UTF-8
    /// @return a compact JWS
    /// @throws KeyringUnavailable when there is no key for the algorithm and none can be made
    Secret sign(SigningAlgorithm algorithm, String type, byte[] claims);

    /// Makes and publishes a key for the algorithm if there is none, so that it is known before the
    /// first token is. Called when a configuration that needs it is loaded.
    default void prepare(SigningAlgorithm algorithm) {}

    /// A token that lives longer would outlive the key that verifies it.
    default Duration longestTokenLife() {
        return KeyringSettings.DEFAULT.longestTokenLife();
    }
}
