package dev.tollbridge.bridge.token;

import dev.tollbridge.bridge.issuer.TrustedIssuer;
import org.jspecify.annotations.Nullable;

/// A token that was read and whose issuer is one that is trusted. Nothing about it is proved yet.
///
/// @param key the one it may have been signed with; null: it is not at hand
public record PresentedToken(
        SubjectToken token, TrustedIssuer issuer, @Nullable VerificationKey key) {

    /// Whether verifying it has to ask its issuer something, and so may take a while.
    public boolean issuerIsAsked() {
        return key == null || issuer.tokenReview() != null;
    }
}
