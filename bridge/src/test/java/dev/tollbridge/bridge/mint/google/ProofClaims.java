package dev.tollbridge.bridge.mint.google;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a token says, header and claims in one map, unverified.
final class ProofClaims {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ProofClaims() {}

    static Map<String, Object> of(String token) {
        Map<String, Object> said = new LinkedHashMap<>();
        String[] parts = token.split("\\.");
        for (int i = 0; i < 2; i++) {
            try {
                said.putAll(
                        JSON.readValue(
                                Base64.getUrlDecoder().decode(parts[i]),
                                new TypeReference<Map<String, Object>>() {}));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return said;
    }
}
