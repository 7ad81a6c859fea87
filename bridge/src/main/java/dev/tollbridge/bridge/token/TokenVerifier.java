package dev.tollbridge.bridge.token;

import dev.tollbridge.bridge.issuer.TrustedIssuer;
import java.time.InstantSource;

/// Verifies a subject token against the issuer it was resolved to.
public final class TokenVerifier {

    private final IssuerKeys keys;
    private final TokenReviewer reviewer;
    private final InstantSource clock;

    public TokenVerifier(IssuerKeys keys, TokenReviewer reviewer, InstantSource clock) {
        this.keys = keys;
        this.reviewer = reviewer;
        this.clock = clock;
    }

    /// @throws dev.tollbridge.bridge.refusal.Refusal when anything about the token does not hold
    public VerifiedToken verify(SubjectToken token, TrustedIssuer issuer) {
        throw new UnsupportedOperationException(
                "not yet: " + token + issuer.name() + keys + reviewer + clock);
    }
}
