package dev.tollbridge.bridge.token;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.issuer.ClaimFact;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The types an issuer's preset gives claims, arranged for checking a token in one pass.
///
/// Claims the preset does not know pass: issuers add some without notice, and no grant can rely on
/// their type. JSON `null` passes as "not there", which no grant matches.
final class ClaimTypes {

    /// Judged by the verifier's own rules, which are stricter or, for `aud`, wider.
    private static final Set<String> REGISTERED =
            Set.of("iss", "sub", "aud", "exp", "nbf", "iat", "jti");

    private record Family(String prefix, ClaimFact.Type type) {}

    private record Nested(String pointer, ClaimFact.Type type) {}

    private final Map<String, ClaimFact.Type> exact = new HashMap<>();
    private final List<Family> families = new ArrayList<>();
    private final List<Nested> nested = new ArrayList<>();

    private ClaimTypes() {}

    static ClaimTypes of(Map<String, ClaimFact> facts) {
        ClaimTypes types = new ClaimTypes();
        for (ClaimFact fact : facts.values()) {
            String name = fact.name();
            if (REGISTERED.contains(name) || fact.type() == ClaimFact.Type.ANY) {
                continue;
            }
            if (fact.family()) {
                types.families.add(new Family(name.substring(0, name.length() - 1), fact.type()));
            } else if (name.startsWith("/")) {
                types.nested.add(new Nested(name, fact.type()));
            } else {
                types.exact.put(name, fact.type());
            }
        }
        return types;
    }

    /// @throws Refusal `claim_malformed`
    void check(Claims claims) {
        if (!exact.isEmpty() || !families.isEmpty()) {
            for (Map.Entry<String, @Nullable Object> claim : claims.members().entrySet()) {
                ClaimFact.Type type = typeOf(claim.getKey());
                if (type != null) {
                    check(claim.getKey(), claim.getValue(), type);
                }
            }
        }
        for (Nested fact : nested) {
            check(fact.pointer, claims.at(fact.pointer), fact.type);
        }
    }

    private ClaimFact.@Nullable Type typeOf(String name) {
        ClaimFact.Type type = exact.get(name);
        if (type != null) {
            return type;
        }
        for (int i = 0; i < families.size(); i++) {
            if (name.startsWith(families.get(i).prefix)) {
                return families.get(i).type;
            }
        }
        return null;
    }

    private static void check(String name, @Nullable Object value, ClaimFact.Type type) {
        if (value != null && !fits(value, type)) {
            // The name is the preset's, or begins as the preset says.
            throw new Refusal(
                    RefusalReason.CLAIM_MALFORMED,
                    "claim '" + shortened(name) + "' is not of type " + type);
        }
    }

    private static String shortened(String name) {
        return name.length() <= 64 ? name : name.substring(0, 64) + "...";
    }

    private static boolean fits(Object value, ClaimFact.Type type) {
        return switch (type) {
            case STRING -> value instanceof String;
            case INTEGER -> value instanceof Long || value instanceof BigInteger;
            case BOOLEAN -> value instanceof Boolean;
            case STRINGS -> strings(value);
            case STRING_OR_STRINGS -> value instanceof String || strings(value);
            case OBJECT -> value instanceof Map;
            case ANY -> true;
        };
    }

    private static boolean strings(Object value) {
        if (!(value instanceof List<?> list)) {
            return false;
        }
        for (int i = 0; i < list.size(); i++) {
            if (!(list.get(i) instanceof String)) {
                return false;
            }
        }
        return true;
    }
}
