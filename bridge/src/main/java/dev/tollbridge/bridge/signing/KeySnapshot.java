package dev.tollbridge.bridge.signing;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One issuer's keys ready for use, all of one moment: what signs, what is published, what
/// verifies. Replaced as a whole.
final class KeySnapshot {

    private final Keys keys;
    private final Map<SigningAlgorithm, ActiveKey> active = new EnumMap<>(SigningAlgorithm.class);
    private final Map<String, SigningKey> published = new HashMap<>();
    private final byte[] jwks;

    KeySnapshot(Keys keys) {
        this.keys = keys;
        List<JWK> set = new ArrayList<>();
        for (SigningKey key : keys.keys()) {
            PrivateKey privateKey = key.privateKey();
            if (key.state() == KeyState.ACTIVE && privateKey != null) {
                active.put(key.algorithm(), new ActiveKey(key, privateKey));
            }
            if (key.state().published()) {
                published.put(key.kid(), key);
                set.add(PublicJwk.of(key));
            }
        }
        jwks = new JWKSet(set).toString(true).getBytes(StandardCharsets.UTF_8);
    }

    Keys keys() {
        return keys;
    }

    byte[] jwks() {
        return jwks;
    }

    @Nullable ActiveKey active(SigningAlgorithm algorithm) {
        return active.get(algorithm);
    }

    /// A next key has not signed anything yet, so it verifies nothing.
    boolean verifies(String kid, String algorithm, byte[] signingInput, byte[] signature) {
        SigningKey key = published.get(kid);
        if (key == null
                || key.state() == KeyState.NEXT
                || !key.algorithm().joseName().equals(algorithm)) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance(key.algorithm().signatureName());
            verifier.initVerify(key.publicKey());
            verifier.update(signingInput);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            // A signature of the wrong length or form.
            return false;
        }
    }
}
