package dev.tollbridge.webhook.inject;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;

/// Whether something is still there as it was injected. The API server adds defaults to it, and its
/// ServiceAccount plugin a mount to every container: more fields and more mounts are no change.
final class Covers {

    private static final Set<String> MAY_GROW = Set.of("volumeMounts");

    private Covers() {}

    static boolean covers(JsonNode actual, JsonNode expected) {
        return covers(actual, expected, "");
    }

    private static boolean covers(JsonNode actual, JsonNode expected, String field) {
        if (expected.isObject()) {
            if (!actual.isObject()) {
                return false;
            }
            for (Map.Entry<String, JsonNode> member : expected.properties()) {
                String name = member.getKey();
                if (!covers(actual.path(name), member.getValue(), name)) {
                    return false;
                }
            }
            return true;
        }
        if (expected.isArray()) {
            if (!actual.isArray()
                    || (actual.size() != expected.size() && !MAY_GROW.contains(field))) {
                return false;
            }
            for (JsonNode element : expected) {
                if (!anyCovers(actual, element)) {
                    return false;
                }
            }
            return true;
        }
        return expected.isNumber() && actual.isNumber()
                ? expected.asLong() == actual.asLong()
                : expected.equals(actual);
    }

    private static boolean anyCovers(JsonNode actual, JsonNode element) {
        for (JsonNode candidate : actual) {
            if (covers(candidate, element, "")) {
                return true;
            }
        }
        return false;
    }
}
