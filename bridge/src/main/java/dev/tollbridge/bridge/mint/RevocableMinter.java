package dev.tollbridge.bridge.mint;

import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.Target;
import org.jspecify.annotations.Nullable;

/// A minter whose credentials live at a provider that can be told to end them.
public interface RevocableMinter extends CredentialMinter {

    @Override
    default boolean revocable(Target target) {
        return true;
    }

    /// What {@link MintedCredential#endedBy()} was, told from the record alone, where that is
    /// possible: so that an operator can end a credential after a restart.
    ///
    /// @param knownAs what {@link MintedCredential#knownAs()} was
    default @Nullable Secret endedBy(String knownAs) {
        return null;
    }

    /// Ends one credential at its provider. May block; called on a virtual thread. Ending what has
    /// ended already is success.
    ///
    /// @param endedBy what {@link MintedCredential#endedBy()} was; null when it is not known any
    ///   more, as after a restart
    /// @return false when it cannot be ended without knowing more than the bridge does
    /// @throws MintFailure when the provider did not end it
    boolean revoke(Target target, String issuance, @Nullable Secret endedBy) throws MintFailure;
}
