package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.mint.Minters;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.rules.Rules;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.token.keys.JwksIssuerKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything that has to follow when other rules come into force.
record RulesFollowers(
        JwksIssuerKeys issuerKeys,
        Minters minters,
        KillSwitches switches,
        DeniedSince denied,
        Notes notes) {

    private static final Logger LOG = LoggerFactory.getLogger(RulesFollowers.class);

    void follow(Rules before, Rules after) {
        denied.changed(before.documents(), after.documents());
        switchOff(before, after);
        issuerKeys.configure(after.issuers().enabled().values());
        minters.prepare(after.targets().all());
        notes.rules(after);
        for (Target target : after.targets().all()) {
            boolean told = before.targets().byName(target.name()) != null;
            if (!told && !minters.kinds().contains(target.kind())) {
                LOG.warn(
                        "target {} is of kind {}, which this version cannot mint: every exchange for"
                                + " it is answered target_refused",
                        target.name(),
                        target.kind());
            }
        }
    }

    /// A ledger that cannot record a switch right now has it in memory all the same; the rest has
    /// to follow.
    private void switchOff(Rules before, Rules after) {
        try {
            switches.changed(before.documents(), after.documents());
        } catch (Refusal refusal) {
            LOG.error("kill switches are in force and not recorded: {}", refusal.detail());
        }
    }
}
