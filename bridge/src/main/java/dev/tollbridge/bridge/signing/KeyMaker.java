package dev.tollbridge.bridge.signing;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;

/// Makes new keys, always in state next.
final class KeyMaker {

    /// What BSI TR-02102 and ANSSI ask for today; every cloud and library that verifies RS256 takes
    /// it. 2048 bits sign three times as fast, but targets that count on speed have ES256.
    static final int RSA_BITS = 3072;

    private KeyMaker() {}

    static SigningKey make(SigningAlgorithm algorithm, Instant at) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm.keyType());
            switch (algorithm) {
                case ES256 -> generator.initialize(new ECGenParameterSpec("secp256r1"));
                case RS256 -> generator.initialize(RSA_BITS);
                case EDDSA -> {} // the name of the key type is already the curve's
            }
            KeyPair pair = generator.generateKeyPair();
            return new SigningKey(
                    PublicJwk.thumbprint(algorithm, pair.getPublic()),
                    algorithm,
                    KeyState.NEXT,
                    at,
                    null,
                    null,
                    pair.getPublic(),
                    pair.getPrivate());
        } catch (GeneralSecurityException e) {
            throw new KeyringUnavailable(
                    "no " + algorithm.joseName() + " key can be made on this platform", e);
        }
    }
}
