package dev.tollbridge.bridge.mint;

import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.Target;
import org.jspecify.annotations.Nullable;

/// A minter whose credentials live at a provider that can be told to end them.
public interface RevocableMinter extends CredentialMinter {

    /// Ends one credential at its provider. May block; called on a virtual thread. Ending what has
    /// ended already is success.
    ///
    /// @param endedBy what {@link MintedCredential#endedBy()} was; null when it is not known any
    ///   more, as after a restart
    /// @return false when it cannot be ended without knowing more than the bridge does
    /// @throws MintFailure when the provider did not end it
    boolean revoke(Target target, String issuance, @Nullable Secret endedBy) throws MintFailure;
}
