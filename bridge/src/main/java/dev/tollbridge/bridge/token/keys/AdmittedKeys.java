package dev.tollbridge.bridge.token.keys;

import dev.tollbridge.bridge.token.VerificationKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The keys of one set that were admitted, ready to be found.
public final class AdmittedKeys {

    static final AdmittedKeys NONE = new AdmittedKeys(List.of(), List.of(), 0);

    private final Map<String, VerificationKey[]> byKeyId;
    private final Map<String, VerificationKey> onlyOneForAlgorithm;
    private final List<SkippedKey> skipped;
    private final int count;

    /// @param keys every admitted key, once per algorithm it may be used with
    /// @param count how many keys that are
    AdmittedKeys(List<VerificationKey> keys, List<SkippedKey> skipped, int count) {
        Map<String, VerificationKey[]> byId = new HashMap<>();
        Map<String, VerificationKey> single = new HashMap<>();
        Map<String, Integer> perAlgorithm = new HashMap<>();
        for (VerificationKey key : keys) {
            if (key.keyId() != null) {
                byId.merge(key.keyId(), new VerificationKey[] {key}, AdmittedKeys::join);
            }
            if (perAlgorithm.merge(key.algorithm(), 1, Integer::sum) == 1) {
                single.put(key.algorithm(), key);
            } else {
                single.remove(key.algorithm());
            }
        }
        this.byKeyId = Map.copyOf(byId);
        this.onlyOneForAlgorithm = Map.copyOf(single);
        this.skipped = List.copyOf(skipped);
        this.count = count;
    }

    private static VerificationKey[] join(VerificationKey[] left, VerificationKey[] right) {
        VerificationKey[] both = new VerificationKey[left.length + right.length];
        System.arraycopy(left, 0, both, 0, left.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }

    /// The key with that id for that algorithm; without an id, the only key for the algorithm.
    public @Nullable VerificationKey find(String algorithm, @Nullable String keyId) {
        if (keyId == null) {
            return onlyOneForAlgorithm.get(algorithm);
        }
        VerificationKey[] sameId = byKeyId.get(keyId);
        if (sameId != null) {
            for (VerificationKey key : sameId) {
                if (key.algorithm().equals(algorithm)) {
                    return key;
                }
            }
        }
        return null;
    }

    /// How many keys were admitted.
    public int count() {
        return count;
    }

    public List<SkippedKey> skipped() {
        return skipped;
    }
}
