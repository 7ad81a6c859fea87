package dev.tollbridge.bridge.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.config.Format.Invalid;
import java.util.Set;

/// What a credential access boundary of Google Cloud looks like (IAM documentation, "Credential
/// Access Boundaries"): rules for buckets of Cloud Storage, the only service that knows them. One
/// that Google would refuse is refused here, where somebody reads it.
final class AccessBoundaries {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String EXAMPLE =
            "{accessBoundary: {accessBoundaryRules: [{availableResource:"
                    + " //storage.googleapis.com/projects/_/buckets/BUCKET, availablePermissions:"
                    + " [inRole:roles/storage.objectViewer]}]}}";

    private static final int MOST_RULES = 10;

    private AccessBoundaries() {}

    /// @param text JSON that has been read once already
    static void check(String text) throws Invalid {
        JsonNode whole;
        try {
            whole = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new Invalid("is not JSON", null);
        }
        members(whole, "the boundary", Set.of("accessBoundary"), Set.of());
        JsonNode boundary = whole.path("accessBoundary");
        members(boundary, "accessBoundary", Set.of("accessBoundaryRules"), Set.of());
        JsonNode rules = boundary.path("accessBoundaryRules");
        if (!rules.isArray() || rules.isEmpty() || rules.size() > MOST_RULES) {
            throw new Invalid("accessBoundaryRules is a list of 1 to 10 rules", EXAMPLE);
        }
        for (JsonNode rule : rules) {
            rule(rule);
        }
    }

    private static void rule(JsonNode rule) throws Invalid {
        members(
                rule,
                "a rule",
                Set.of("availableResource", "availablePermissions"),
                Set.of("availabilityCondition"));
        String resource = rule.path("availableResource").asText("");
        String buckets = "//storage.googleapis.com/projects/_/buckets/";
        if (!resource.startsWith(buckets)
                || !Checks.consistsOf(resource.substring(buckets.length()), "-._")) {
            throw new Invalid("availableResource names a bucket", "write " + buckets + "BUCKET");
        }
        JsonNode permissions = rule.path("availablePermissions");
        if (!permissions.isArray() || permissions.isEmpty()) {
            throw new Invalid("availablePermissions is a list with at least one role", EXAMPLE);
        }
        for (JsonNode permission : permissions) {
            String role = permission.asText("");
            if (!role.startsWith("inRole:")
                    || !role.contains("roles/")
                    || !Checks.consistsOf(role.substring("inRole:".length()), "/._-")) {
                throw new Invalid(
                        Problems.quoted(role) + " names no role",
                        "write inRole:roles/storage.objectViewer");
            }
        }
        JsonNode condition = rule.path("availabilityCondition");
        if (!condition.isMissingNode()) {
            members(
                    condition,
                    "availabilityCondition",
                    Set.of("expression"),
                    Set.of("title", "description"));
            if (condition.path("expression").asText("").isBlank()) {
                throw new Invalid("availabilityCondition needs an expression", null);
            }
        }
    }

    private static void members(
            JsonNode node, String what, Set<String> required, Set<String> optional) throws Invalid {
        if (!node.isObject()) {
            throw new Invalid(what + " must be a mapping", EXAMPLE);
        }
        for (String name : required) {
            if (!node.has(name)) {
                throw new Invalid(what + " needs " + name, EXAMPLE);
            }
        }
        for (String name : (Iterable<String>) node::fieldNames) {
            if (!required.contains(name) && !optional.contains(name)) {
                throw new Invalid(what + " has no " + Problems.quoted(name), EXAMPLE);
            }
        }
    }
}
