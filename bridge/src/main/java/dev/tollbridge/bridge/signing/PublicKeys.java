package dev.tollbridge.bridge.signing;

/// The published keys of one of the bridge's issuers.
public interface PublicKeys {

    /// The key set as served at `/jwks` (RFC 7517 section 5): every key that is next, active or
    /// retired. A new array each time the set changes; do not write to it.
    byte[] jwks();

    /// Whether a published key with this name and algorithm made this signature.
    ///
    /// @param keyId hostile text, compared only
    /// @param algorithm JOSE name, compared with the key's own one
    boolean verifies(String keyId, String algorithm, byte[] signingInput, byte[] signature);
}
