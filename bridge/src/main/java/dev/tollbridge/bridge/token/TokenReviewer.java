package dev.tollbridge.bridge.token;

import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.secret.Secret;

/// Asks an issuer's API server whether what a token stands for still exists.
public interface TokenReviewer {

    /// @throws dev.tollbridge.bridge.refusal.Refusal `subject_gone` when the API server says no;
    ///   `issuer_unavailable` when it says nothing
    void review(TrustedIssuer issuer, Secret token);
}
