package dev.tollbridge.bridge.testing;

import java.security.KeyPair;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An issuer's keys, in this process: signs what {@link Tokens} builds, and says its key set as
/// JSON.
public final class TestIssuer {

    private record Entry(String keyId, String algorithm, KeyPair key) {}

    private final List<Entry> keys = new ArrayList<>();

    /// An issuer with one RS256 key, `key-1`: the one {@link Tokens} signs with unless told
    /// otherwise.
    public static TestIssuer rsa() {
        return new TestIssuer().with("key-1", "RS256", "issuer");
    }

    /// One more key.
    ///
    /// @param name as in {@link TestKeys#of}
    public TestIssuer with(String keyId, String algorithm, String name) {
        keys.add(new Entry(keyId, algorithm, TestKeys.of(TestKeys.kindFor(algorithm), name)));
        return this;
    }

    /// The token, signed by the key of this id.
    public String sign(Tokens token, String keyId) {
        for (Entry entry : keys) {
            if (entry.keyId.equals(keyId)) {
                return token.header("kid", keyId).signedBy(entry.algorithm, entry.key).compact();
            }
        }
        throw new IllegalArgumentException("no key " + keyId);
    }

    /// The public keys as a JWK Set.
    public String jwks() {
        List<Map<String, Object>> published = new ArrayList<>();
        for (Entry entry : keys) {
            Map<String, Object> jwk = new LinkedHashMap<>(TestKeys.jwk(entry.key));
            jwk.put("kid", entry.keyId);
            jwk.put("use", "sig");
            jwk.put("alg", entry.algorithm);
            published.add(jwk);
        }
        return Tokens.json(Map.of("keys", published));
    }
}
