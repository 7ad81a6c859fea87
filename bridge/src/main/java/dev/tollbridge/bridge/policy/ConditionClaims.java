package dev.tollbridge.bridge.policy;

import com.google.protobuf.NullValue;
import dev.tollbridge.bridge.claims.Claims;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Claims as CEL sees them: JSON `null`, and integers beyond 64 bits, are not there. Otherwise
/// `claims.x != 'y'` would hold for a claim that says nothing.
final class ConditionClaims {

    private ConditionClaims() {}

    static Map<String, Object> of(Claims claims) {
        Map<String, Object> members = new LinkedHashMap<>(claims.members().size() * 2);
        claims.members()
                .forEach((name, value) -> {
                    Object seen = seen(value);
                    if (seen != null) {
                        members.put(name, seen);
                    }
                });
        return members;
    }

    private static @Nullable Object seen(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case BigInteger _ -> null;
            case Map<?, ?> object -> {
                Map<String, Object> members = new LinkedHashMap<>();
                object.forEach((name, member) -> {
                    Object seen = seen(member);
                    if (seen != null) {
                        members.put(String.valueOf(name), seen);
                    }
                });
                yield members;
            }
            case List<?> list -> {
                List<Object> elements = new ArrayList<>(list.size());
                for (Object element : list) {
                    Object seen = seen(element);
                    elements.add(seen == null ? NullValue.NULL_VALUE : seen);
                }
                yield elements;
            }
            default -> value;
        };
    }
}
