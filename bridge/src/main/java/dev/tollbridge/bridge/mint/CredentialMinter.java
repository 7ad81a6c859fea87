package dev.tollbridge.bridge.mint;

import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.target.Target;

/// Mints for one kind of target.
public interface CredentialMinter {

    /// The kind as written in documents: `jwt`, `aws`, ...
    String kind();

    /// Whether minting happens inside this process: then nothing has left before the outcome is
    /// recorded, and the ledger needs one forced group instead of two.
    boolean inProcess();

    /// Gets ready for a target of this kind: called when a configuration is loaded, so that what
    /// takes long is done before the first exchange asks.
    default void prepare(Target target) {}

    /// Whether credentials of this target can be ended before they end by themselves: told to
    /// callers and operators, so it has to be true.
    default boolean revocable(Target target) {
        return inProcess();
    }

    /// May block; called on a virtual thread.
    ///
    /// @param issuance the issuance's id, to be carried in the credential where its form has a
    ///   place for it
    /// @throws MintFailure when there is no credential
    MintedCredential mint(Decision decision, String issuance) throws MintFailure;
}
