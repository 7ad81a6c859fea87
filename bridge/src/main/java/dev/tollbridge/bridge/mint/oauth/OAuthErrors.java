package dev.tollbridge.bridge.mint.oauth;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.mint.provider.ProviderAnswers;
import org.jspecify.annotations.Nullable;

/// What an authorization server's error says, without its description: that is free text, and may
/// quote what it was sent.
final class OAuthErrors {

    private OAuthErrors() {}

    /// Such as `invalid_grant` (RFC 6749 section 5.2).
    static @Nullable String said(Claims body) {
        return ProviderAnswers.code(body.get("error"));
    }
}
