package dev.tollbridge.bridge.rules;

import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.issuer.IssuerRegistry;
import dev.tollbridge.bridge.policy.PolicySet;
import dev.tollbridge.bridge.target.TargetRegistry;
import java.util.Set;

/// Who is believed, what there is, and who may have it: one consistent, immutable set. An exchange
/// takes it once and stays with it.
///
/// @param documents what it was made of
public record Rules(
        Documents documents, IssuerRegistry issuers, TargetRegistry targets, PolicySet policy) {

    /// Where the rules in force come from.
    @FunctionalInterface
    public interface Source {
        /// @throws dev.tollbridge.bridge.refusal.Refusal `overloaded` when the configuration has
        ///   not been looked at for so long that something may have been taken away unseen (DESIGN
        ///   14, rule 3)
        Rules current();
    }

    /// Nobody is believed, and there is nothing to have.
    public static Rules none() {
        Documents nothing = Documents.EMPTY;
        TargetRegistry targets = TargetRegistry.compile(nothing, Set.of(), null, null).registry();
        return new Rules(
                nothing,
                IssuerRegistry.empty(),
                targets,
                PolicySet.compile(nothing, targets).policies());
    }
}
