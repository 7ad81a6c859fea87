package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.GrantSpec.Allow;
import dev.tollbridge.bridge.config.GrantSpec.Mode;
import dev.tollbridge.bridge.config.GrantSpec.Session;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// From the fields of a grant to its record.
final class GrantFields {

    private GrantFields() {}

    static void check(Values spec, Report report) {
        Set<String> targets = new HashSet<>();
        for (Values allow : spec.mappings("allow")) {
            String target = allow.text("target");
            if (target != null && !targets.add(target)) {
                report.error(
                        SchemaRule.DUPLICATE_VALUE,
                        allow.line(),
                        allow.path("target"),
                        "the target " + Problems.quoted(target) + " stands twice in one grant",
                        "put what it may have into one entry");
            }
        }
    }

    static GrantSpec spec(Values spec) {
        String constraint = spec.text("senderConstraint");
        return new GrantSpec(
                spec.needText("owner"),
                spec.needText("issuer"),
                spec.match("match"),
                spec.text("condition"),
                spec.mappings("allow").stream().map(GrantFields::allow).toList(),
                spec.date("expires"),
                spec.text("mode", "enforce").equals("shadow") ? Mode.SHADOW : Mode.ENFORCE,
                spec.flag("mayOutliveSubject"),
                constraint == null ? null : TargetFields.constraint(constraint),
                session(spec.nested("session")),
                List.copyOf(spec.texts("acknowledge")),
                spec.flag("enabled", true));
    }

    private static Allow allow(Values allow) {
        return new Allow(allow.needText("target"), allow.span("ttl"), allow.texts("scopes"));
    }

    private static @Nullable Session session(@Nullable Values session) {
        Duration max = session == null ? null : session.span("max");
        return max == null ? null : new Session(max);
    }
}
