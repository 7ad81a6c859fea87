package dev.tollbridge.bridge.token;

/// Enforces a subject token's own `cnf` (DESIGN 14, rule 11).
public final class KeyBinding {

    private KeyBinding() {}

    /// Returns when the token is not bound to a key, or the request proved that it holds the key.
    ///
    /// @throws dev.tollbridge.bridge.refusal.Refusal `proof_required` when the request proves no
    ///   key of the kind the token is bound to; `proof_invalid` when it proves another key, or
    ///   `cnf` cannot be enforced
    public static void enforce(VerifiedToken token, SenderProof proof) {
        throw new UnsupportedOperationException("not yet: " + token + proof);
    }
}
