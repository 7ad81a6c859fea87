package dev.tollbridge.bridge.token.keys;

import com.nimbusds.jose.JOSEException;
import dev.tollbridge.bridge.claims.StrictJson;
import dev.tollbridge.bridge.token.VerificationKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides, key by key, what of a published key set is believed. A key that is not is skipped with
/// a reason and spoils no other.
///
/// Certificates in a set (`x5c`, `x5u`, `x5t`) are neither read nor believed: the set itself comes
/// over an authenticated connection.
public final class KeyAdmission {

    public static final int MAX_BYTES = 100_000;
    public static final int MAX_KEYS = 100;
    public static final int MAX_KEY_ID = 256;

    /// Members that only private or symmetric keys have (RFC 7518 sections 6.2.2, 6.3.2, 6.4).
    private static final List<String> SECRET_MEMBERS =
            List.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    private KeyAdmission() {}

    /// @param jwks a JWK Set (RFC 7517 section 5), UTF-8
    /// @param algorithms the JWS algorithms the issuer may sign with; a key is admitted only for
    ///   these
    /// @throws NotKeys when it is not a key set at all, or has more than {@link #MAX_KEYS} keys
    public static AdmittedKeys admit(byte[] jwks, Set<String> algorithms) throws NotKeys {
        List<?> entries = entries(jwks);
        Set<String> ambiguous = repeatedKeyIds(entries);
        List<VerificationKey> admitted = new ArrayList<>();
        List<SkippedKey> skipped = new ArrayList<>();
        int count = 0;
        for (int i = 0; i < entries.size(); i++) {
            try {
                admitted.addAll(admit(entries.get(i), ambiguous, algorithms));
                count++;
            } catch (KeyRefused e) {
                skipped.add(new SkippedKey(i, e.reason()));
            }
        }
        return new AdmittedKeys(admitted, skipped, count);
    }

    /// The key a proof of possession brings along (RFC 9449 section 4.2), judged as a published one
    /// is; see {@link dev.tollbridge.bridge.token.ProofKeyAdmission}.
    ///
    /// @return null when it is not admitted for the algorithm
    public static @Nullable VerificationKey admitProofKey(
            Map<String, @Nullable Object> jwk, String algorithm) {
        try {
            for (VerificationKey key : admit(jwk, Set.of(), Set.of(algorithm))) {
                if (key.algorithm().equals(algorithm)) {
                    return key;
                }
            }
            return null;
        } catch (KeyRefused _) {
            return null;
        }
    }

    private static List<?> entries(byte[] jwks) throws NotKeys {
        if (jwks.length > MAX_BYTES) {
            throw new NotKeys("the key set is larger than " + MAX_BYTES + " bytes");
        }
        try {
            if (!(StrictJson.object(jwks).get("keys") instanceof List<?> keys)) {
                throw new NotKeys("no list \"keys\" in the key set");
            }
            if (keys.size() > MAX_KEYS) {
                throw new NotKeys("more than " + MAX_KEYS + " keys in the key set");
            }
            return keys;
        } catch (StrictJson.Malformed e) {
            throw new NotKeys("the key set is " + e.getMessage());
        }
    }

    /// Key ids that more than one key has. A key for encryption does not count: no signature can
    /// mean it.
    private static Set<String> repeatedKeyIds(List<?> entries) {
        Set<String> seen = new HashSet<>();
        Set<String> repeated = new HashSet<>();
        for (Object entry : entries) {
            if (entry instanceof Map<?, ?> jwk
                    && jwk.get("kid") instanceof String keyId
                    && !"enc".equals(jwk.get("use"))
                    && !seen.add(keyId)) {
                repeated.add(keyId);
            }
        }
        return repeated;
    }

    private static List<VerificationKey> admit(
            @Nullable Object entry, Set<String> ambiguous, Set<String> algorithms)
            throws KeyRefused {
        if (!(entry instanceof Map<?, ?> untyped)) {
            throw new KeyRefused("not an object");
        }
        Map<String, @Nullable Object> jwk = new HashMap<>();
        untyped.forEach((name, value) -> jwk.put((String) name, value));
        checkPurpose(jwk);
        String keyId = keyId(jwk, ambiguous);
        PublishedKey published = KeyMaterial.read(jwk);
        List<VerificationKey> keys = new ArrayList<>();
        for (String algorithm : usable(jwk, published, algorithms)) {
            try {
                keys.add(published.verificationKey(keyId, algorithm));
            } catch (JOSEException _) {
                throw new KeyRefused("the cryptography library refuses it");
            }
        }
        return keys;
    }

    private static void checkPurpose(Map<String, @Nullable Object> jwk) throws KeyRefused {
        for (String member : SECRET_MEMBERS) {
            if (jwk.containsKey(member)) {
                throw new KeyRefused("holds private or symmetric key material");
            }
        }
        if (jwk.containsKey("use") && !"sig".equals(jwk.get("use"))) {
            throw new KeyRefused("`use` is not \"sig\"");
        }
        if (jwk.containsKey("key_ops")
                && !(jwk.get("key_ops") instanceof List<?> operations
                        && operations.contains("verify"))) {
            throw new KeyRefused("`key_ops` does not have \"verify\"");
        }
    }

    private static @Nullable String keyId(Map<String, @Nullable Object> jwk, Set<String> ambiguous)
            throws KeyRefused {
        if (!jwk.containsKey("kid")) {
            return null;
        }
        if (!(jwk.get("kid") instanceof String keyId)
                || keyId.isEmpty()
                || keyId.length() > MAX_KEY_ID) {
            throw new KeyRefused("`kid` is not a string of 1 to " + MAX_KEY_ID + " characters");
        }
        if (ambiguous.contains(keyId)) {
            throw new KeyRefused("another key of the set has the same `kid`");
        }
        return keyId;
    }

    private static List<String> usable(
            Map<String, @Nullable Object> jwk, PublishedKey published, Set<String> algorithms)
            throws KeyRefused {
        List<String> usable = new ArrayList<>(published.algorithms());
        if (jwk.containsKey("alg")) {
            if (!(jwk.get("alg") instanceof String algorithm) || !usable.contains(algorithm)) {
                throw new KeyRefused("`alg` does not fit the key");
            }
            usable = new ArrayList<>(aliases(algorithm));
        }
        usable.retainAll(algorithms);
        if (usable.isEmpty()) {
            throw new KeyRefused("for no algorithm this issuer may sign with");
        }
        return usable;
    }

    /// RFC 9864 gave EdDSA over Ed25519 a second name; a key marked with either is for both.
    private static List<String> aliases(String algorithm) {
        return switch (algorithm) {
            case "EdDSA", "Ed25519" -> List.of("EdDSA", "Ed25519");
            default -> List.of(algorithm);
        };
    }
}
