package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.rules.LiveRules;
import dev.tollbridge.bridge.rules.Rules;
import dev.tollbridge.bridge.target.Target;
import java.util.function.Predicate;

/// Whether everything an issuance rests on is still there and enabled: its issuer, grant and
/// target. What was taken away ends at introspection too, not only at the next exchange.
record StillGranted(LiveRules live) implements Predicate<AuditRecord> {

    @Override
    public boolean test(AuditRecord issuance) {
        Rules rules = live.inForce();
        Target target =
                issuance.target() == null ? null : rules.targets().byName(issuance.target());
        return issuance.issuer() != null
                && rules.issuers().named(issuance.issuer()) != null
                && target != null
                && target.enabled()
                && issuance.grant() != null
                && rules.documents().grants().containsKey(issuance.grant())
                && rules.documents().grants().get(issuance.grant()).spec().enabled();
    }
}
