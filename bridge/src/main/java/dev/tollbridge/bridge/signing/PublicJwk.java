package dev.tollbridge.bridge.signing;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;

/// Public keys in the form others read (RFC 7517, RFC 8037).
final class PublicJwk {

    private static final int ED25519_LENGTH = 32;

    private PublicJwk() {}

    static JWK of(SigningKey key) {
        return of(key.algorithm(), key.publicKey(), key.kid());
    }

    /// RFC 7638: a key's name says which key it is, and nothing has to be made up or remembered.
    static String thumbprint(SigningAlgorithm algorithm, PublicKey key) {
        try {
            return of(algorithm, key, "").computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static JWK of(SigningAlgorithm algorithm, PublicKey key, String kid) {
        Algorithm name = new Algorithm(algorithm.joseName());
        return switch (algorithm) {
            case ES256 ->
                    new ECKey.Builder(Curve.P_256, (ECPublicKey) key)
                            .keyUse(KeyUse.SIGNATURE)
                            .algorithm(name)
                            .keyID(kid)
                            .build();
            case RS256 ->
                    new RSAKey.Builder((RSAPublicKey) key)
                            .keyUse(KeyUse.SIGNATURE)
                            .algorithm(name)
                            .keyID(kid)
                            .build();
            case EDDSA ->
                    new OctetKeyPair.Builder(Curve.Ed25519, rawEd25519(key))
                            .keyUse(KeyUse.SIGNATURE)
                            .algorithm(name)
                            .keyID(kid)
                            .build();
        };
    }

    /// The key's bytes stand at the end of its SubjectPublicKeyInfo (RFC 8410 section 4).
    private static Base64URL rawEd25519(PublicKey key) {
        byte[] encoded = key.getEncoded();
        return Base64URL.encode(
                Arrays.copyOfRange(encoded, encoded.length - ED25519_LENGTH, encoded.length));
    }
}
