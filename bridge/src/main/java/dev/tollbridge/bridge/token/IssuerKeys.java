package dev.tollbridge.bridge.token;

import dev.tollbridge.bridge.issuer.TrustedIssuer;
import org.jspecify.annotations.Nullable;

/// The public keys of trusted issuers.
public interface IssuerKeys {

    /// The one key a token may have been signed with. Blocks only when the key is not at hand and a
    /// fetch is allowed.
    ///
    /// @param keyId the token's `kid`: hostile text, compared only. Null: acceptable only where the
    ///   issuer has exactly one key for the algorithm
    /// @throws dev.tollbridge.bridge.refusal.Refusal `key_unknown` after a fresh look at the
    ///   issuer's keys; `issuer_unavailable` when such a look could not be had
    VerificationKey key(TrustedIssuer issuer, String algorithm, @Nullable String keyId);
}
