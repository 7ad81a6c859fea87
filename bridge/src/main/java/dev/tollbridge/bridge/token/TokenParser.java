package dev.tollbridge.bridge.token;

import dev.tollbridge.bridge.secret.Secret;

/// Reads a subject token strictly, before any JOSE library sees it.
public final class TokenParser {

    /// @throws dev.tollbridge.bridge.refusal.Refusal `token_malformed`, naming the rule, never
    ///   quoting the token
    public SubjectToken parse(Secret token) {
        throw new UnsupportedOperationException("not yet: " + token);
    }
}
