package dev.tollbridge.bridge.token.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import dev.tollbridge.bridge.token.VerificationKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A public key out of a set, of a kind and strength the bridge believes.
///
/// @param algorithms every JWS algorithm keys of this kind are for
record PublishedKey(PublicKey key, List<String> algorithms) {

    VerificationKey verificationKey(@Nullable String keyId, String algorithm) throws JOSEException {
        return switch (key) {
            case RSAPublicKey rsa -> rsa(keyId, algorithm, rsa);
            case ECPublicKey ec ->
                    VerificationKey.ofLibrary(keyId, algorithm, new ECDSAVerifier(ec));
            case EdECPublicKey ed ->
                    VerificationKey.ofLibrary(keyId, algorithm, new Ed25519SignatureVerifier(ed));
            default -> throw new JOSEException("no such kind of key");
        };
    }

    private static VerificationKey rsa(@Nullable String keyId, String algorithm, RSAPublicKey key) {
        String name =
                switch (algorithm) {
                    case "RS256" -> "SHA256withRSA";
                    case "RS384" -> "SHA384withRSA";
                    case "RS512" -> "SHA512withRSA";
                    default -> null;
                };
        return name == null
                ? VerificationKey.ofLibrary(keyId, algorithm, new RSASSAVerifier(key))
                : new VerificationKey(keyId, algorithm, new PkcsSignatureCheck(key, name));
    }
}
