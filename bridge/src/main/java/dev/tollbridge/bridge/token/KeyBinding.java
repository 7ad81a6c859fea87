package dev.tollbridge.bridge.token;

import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Enforces a subject token's own `cnf` (RFC 7800; DESIGN 14, rule 11): who presents a bound token
/// must prove the key it is bound to, whatever target and grant demand.
///
/// Every member of `cnf` has to hold. One that is not `jkt` (RFC 9449 section 6.1) or `x5t#S256`
/// (RFC 8705 section 3.1) cannot be checked here, so it refuses; ignoring it would turn a bound
/// token into a bearer token.
public final class KeyBinding {

    /// A SHA-256 in base64url.
    private static final int THUMBPRINT_LENGTH = 43;

    private KeyBinding() {}

    /// Returns when the token is not bound to a key, or the request proved that it holds the key.
    ///
    /// @throws Refusal `proof_required` when the request proves no key of the kind the token is
    ///   bound to (which tells of the token only, never of a target); `proof_invalid` when it
    ///   proves another key, or `cnf` cannot be enforced
    public static void enforce(VerifiedToken token, SenderProof proof) {
        if (!token.claims().has("cnf")) {
            return;
        }
        if (!(token.claims().get("cnf") instanceof Map<?, ?> confirmation)
                || confirmation.isEmpty()) {
            throw new Refusal(
                    RefusalReason.PROOF_INVALID, "`cnf` of the subject token is not an object");
        }
        for (Map.Entry<?, ?> method : confirmation.entrySet()) {
            if ("jkt".equals(method.getKey())) {
                match("jkt", method.getValue(), proof.dpopThumbprint());
            } else if ("x5t#S256".equals(method.getKey())) {
                match("x5t#S256", method.getValue(), proof.certificateThumbprint());
            } else {
                throw new Refusal(
                        RefusalReason.PROOF_INVALID,
                        "`cnf` of the subject token has a method other than jkt and x5t#S256");
            }
        }
    }

    private static void match(String method, @Nullable Object bound, @Nullable String proved) {
        if (!(bound instanceof String thumbprint) || thumbprint.length() != THUMBPRINT_LENGTH) {
            throw new Refusal(
                    RefusalReason.PROOF_INVALID,
                    "`" + method + "` in `cnf` is not a SHA-256 thumbprint");
        }
        if (proved == null) {
            throw new Refusal(
                    RefusalReason.PROOF_REQUIRED,
                    "the subject token is bound by " + method + ", and the request proves no key");
        }
        if (!thumbprint.equals(proved)) {
            throw new Refusal(
                    RefusalReason.PROOF_INVALID,
                    "the subject token is bound to another key than the request proves");
        }
    }
}
