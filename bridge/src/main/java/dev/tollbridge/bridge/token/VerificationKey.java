package dev.tollbridge.bridge.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/// An issuer's public key that passed admission: strong enough, for signatures, for one algorithm.
///
/// @param check bound to the key and the algorithm (RFC 8725 section 3.1: one key, one algorithm,
///   enforced where it is used)
public record VerificationKey(@Nullable String keyId, String algorithm, SignatureCheck check) {

    /// A key whose arithmetic is the JOSE library's.
    public static VerificationKey ofLibrary(
            @Nullable String keyId, String algorithm, JWSVerifier verifier) {
        // The library needs a header only for the algorithm's name; it never sees the token's own.
        JWSHeader header = new JWSHeader(JWSAlgorithm.parse(algorithm));
        return new VerificationKey(
                keyId,
                algorithm,
                (signingInput, signature) -> {
                    try {
                        return verifier.verify(header, signingInput, Base64URL.encode(signature));
                    } catch (JOSEException e) {
                        throw new GeneralSecurityException("the library refuses the signature", e);
                    }
                });
    }
}
