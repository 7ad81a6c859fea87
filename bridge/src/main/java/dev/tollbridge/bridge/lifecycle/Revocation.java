package dev.tollbridge.bridge.lifecycle;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.Target;

/// RFC 7009.
public interface Revocation {

    /// @param token the credential itself or its revocation handle; anything else is none of ours
    ///   and changes nothing
    /// @param by who asks, for the record
    /// @throws dev.tollbridge.bridge.refusal.Refusal `ledger_unavailable`
    Revoked revoke(Secret token, String by);

    /// The same, for operators, who name the issuance.
    Revoked revokeIssuance(String issuance, String by);

    /// The handle by which whoever is given a credential may end it: `rvk_...`, made from the
    /// issuance by a key of the bridge, so that nothing has to be stored and nobody can guess one.
    /// What the provider has to be shown travels in it, sealed. Remembers the credential, by a
    /// fingerprint, until it ends.
    ///
    /// Called once for each credential, when it is about to leave.
    Secret handed(String issuance, Target target, MintedCredential credential);

    /// Whether this issuance's credential can be ended before it ends by itself, as far as can be
    /// told now.
    boolean revocable(AuditRecord issuance);
}
