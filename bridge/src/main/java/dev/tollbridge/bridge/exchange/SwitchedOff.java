package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.ledger.KillSwitch;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.rules.Rules;
import java.util.function.Predicate;

/// Whether a kill switch of the ledger names what was decided (DESIGN 14, rule 3). The ledger asks
/// inside reserve, so a switch holds also for an exchange that was decided by older rules.
///
/// @param rules asked anew for a denied subject: the switch says that there is something to look at
record SwitchedOff(Decision decision, Rules.Source rules) implements Predicate<KillSwitch> {

    @Override
    public boolean test(KillSwitch off) {
        return switch (off.kind()) {
            case ISSUER -> off.name().equals(decision.identity().token().issuer().name());
            case GRANT -> off.name().equals(decision.grant());
            case TARGET -> off.name().equals(decision.target().name());
            // An entry of another issuer's list says nothing about this workload.
            case SUBJECT ->
                    off.name().startsWith(decision.identity().token().issuer().name() + " ")
                            && denied();
        };
    }

    private boolean denied() {
        try {
            rules.current().policy().refuseDenied(decision.identity());
            return false;
        } catch (Refusal refusal) {
            return true;
        }
    }
}
