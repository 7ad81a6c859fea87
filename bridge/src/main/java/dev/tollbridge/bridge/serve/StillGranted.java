package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.rules.LiveRules;
import dev.tollbridge.bridge.rules.Rules;
import dev.tollbridge.bridge.target.Target;
import java.util.function.Predicate;

/// Whether everything an issuance rests on is still there and enabled: its issuer, grant, target
/// and subject. What was taken away ends at introspection too, not only at the next exchange.
///
/// A denied subject is recognised by the claims that the record keeps. Where `denied` looks at
/// another claim, everything that its issuer's workloads got before the entry was there counts as
/// ended: a kill switch may take too much for an hour, never too little.
record StillGranted(LiveRules live, DeniedSince denied) implements Predicate<AuditRecord> {

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
                && rules.documents().grants().get(issuance.grant()).spec().enabled()
                && !isDenied(rules, issuance.issuer(), issuance);
    }

    private boolean isDenied(Rules rules, String issuer, AuditRecord issuance) {
        return rules.policy()
                .deniesRecorded(
                        issuer, issuance.claims(), denied.mayHaveMissed(issuer, issuance.time()));
    }
}
