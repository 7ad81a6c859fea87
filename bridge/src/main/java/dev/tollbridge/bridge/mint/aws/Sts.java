package dev.tollbridge.bridge.mint.aws;

import dev.tollbridge.bridge.mint.MintFailure;

/// AWS STS, as far as the minter needs it. Between the minter and the SDK so that no class of the
/// SDK is loaded before the first target of the kind is there.
@FunctionalInterface
interface Sts {

    /// Blocks.
    ///
    /// @throws MintFailure `target_refused` when AWS said no; `target_unavailable` when it gave no
    ///   answer that can be used
    /// @throws KeyNotKnown when AWS does not take the token
    RoleSession assumeRole(RoleRequest request) throws MintFailure, KeyNotKnown;

    /// `InvalidIdentityToken`: what AWS says of a key that it has not fetched yet, and of a
    /// provider that is not there.
    final class KeyNotKnown extends Exception {
        private static final long serialVersionUID = 1L;

        KeyNotKnown() {
            super("InvalidIdentityToken", null, false, false);
        }
    }
}
