package dev.tollbridge.bridge.token.keys;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.util.Arrays;

/// Key sets as issuers publish them, from real keys.
final class PublishedSets {

    private PublishedSets() {}

    static JWK ec(String keyId) {
        return ec(keyId, Curve.P_256);
    }

    static JWK ec(String keyId, Curve curve) {
        try {
            return new ECKeyGenerator(curve).keyID(keyId).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static JWK rsa(String keyId, int bits) {
        try {
            return new RSAKeyGenerator(bits, true).keyID(keyId).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static String set(JWK... keys) {
        return raw(Arrays.stream(keys).map(PublishedSets::published).toArray(String[]::new));
    }

    static String published(JWK key) {
        return key.toPublicJWK().toJSONString();
    }

    static String raw(String... keys) {
        return "{\"keys\":[" + String.join(",", keys) + "]}";
    }
}
