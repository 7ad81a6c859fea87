package dev.tollbridge.bridge.token.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;

/// A public key out of a set, of a kind and strength the bridge believes.
///
/// @param algorithms every JWS algorithm keys of this kind are for
record PublishedKey(PublicKey key, List<String> algorithms) {

    JWSVerifier verifier(String algorithm) throws JOSEException {
        JWSVerifier any =
                switch (key) {
                    case RSAPublicKey rsa -> new RSASSAVerifier(rsa);
                    case ECPublicKey ec -> new ECDSAVerifier(ec);
                    case EdECPublicKey ed -> new Ed25519SignatureVerifier(ed);
                    default -> throw new JOSEException("no such kind of key");
                };
        return new OneAlgorithmVerifier(any, algorithm);
    }
}
