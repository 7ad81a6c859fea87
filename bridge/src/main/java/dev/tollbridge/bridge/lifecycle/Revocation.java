package dev.tollbridge.bridge.lifecycle;

import dev.tollbridge.bridge.secret.Secret;

/// RFC 7009.
public interface Revocation {

    /// @param token the credential itself or its revocation handle; anything else is none of ours
    ///   and changes nothing
    /// @param by who asks, for the record
    /// @return the issuance that this call ended, or null
    /// @throws dev.tollbridge.bridge.refusal.Refusal `ledger_unavailable`
    @org.jspecify.annotations.Nullable
    String revoke(Secret token, String by);

    /// The handle by which whoever was given a credential may end it: `rvk_...`, derived from the
    /// issuance by a key of the bridge, so that nothing has to be stored and nobody can guess one.
    Secret handleFor(String issuance);
}
