package dev.tollbridge.bridge.exchange;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.testing.TestKeys;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a case may write in place of a value: `{$at: -60}`, `{$repeat: x, times: 300}`, `{$nest:
/// 20}`, `{$public: P-256/issuer}`.
final class CaseValues {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Instant now;

    CaseValues(Instant now) {
        this.now = now;
    }

    @Nullable Object expand(@Nullable Object value) {
        return switch (value) {
            case Map<?, ?> map -> expand(CaseFile.map(map));
            case List<?> list -> {
                List<@Nullable Object> expanded = new ArrayList<>();
                for (Object element : list) {
                    expanded.add(expand(element));
                }
                yield expanded;
            }
            case null, default -> value;
        };
    }

    private Object expand(Map<String, @Nullable Object> map) {
        if (map.get("$at") instanceof Number seconds) {
            return now.getEpochSecond() + seconds.longValue();
        }
        if (map.get("$repeat") instanceof String text
                && map.get("times") instanceof Integer times) {
            return text.repeat(times);
        }
        if (map.get("$nest") instanceof Integer depth) {
            Object nested = Map.of();
            for (int i = 1; i < depth; i++) {
                nested = Map.of("n", nested);
            }
            return nested;
        }
        Map<String, @Nullable Object> expanded = new LinkedHashMap<>();
        if (map.get("$public") instanceof String key) {
            expanded.putAll(TestKeys.jwk(key(key)));
        }
        map.forEach((name, member) -> {
            if (!name.equals("$public")) {
                expanded.put(name, expand(member));
            }
        });
        return expanded;
    }

    /// @param name kind and name, such as `RSA2048/issuer`
    static java.security.KeyPair key(String name) {
        int slash = name.indexOf('/');
        return TestKeys.of(name.substring(0, slash), name.substring(slash + 1));
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static Map<String, @Nullable Object> parse(String json) {
        try {
            return CaseFile.map(JSON.readValue(json, Map.class));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
