package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.refusal.RefusalReason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Each reason in OAuth's words (INTERFACE 3; RFC 6749 section 5.2, RFC 8693 section 2.2.2).
final class ErrorMapping {

    private ErrorMapping() {}

    /// @param assertion whether the subject token came as an RFC 7523 assertion: then a bad one is
    ///   `invalid_grant` (section 3.1)
    /// @param dpop whether the request carried a DPoP proof
    /// @param nonce whether the answer carries a nonce to use (RFC 9449 section 8)
    static String error(RefusalReason reason, boolean assertion, boolean dpop, boolean nonce) {
        return switch (reason) {
            case REQUEST_MALFORMED,
                    TTL_REFUSED,
                    SESSION_UNKNOWN,
                    SESSION_ENDED,
                    SESSION_REPLAYED,
                    SESSION_REFUSED ->
                    "invalid_request";
            case GRANT_TYPE_UNSUPPORTED -> "unsupported_grant_type";
            case TOKEN_MALFORMED,
                    ISSUER_UNKNOWN,
                    KEY_UNKNOWN,
                    SIGNATURE_INVALID,
                    AUDIENCE_MISMATCH,
                    TOKEN_EXPIRED,
                    TOKEN_NOT_YET_VALID,
                    TOKEN_TOO_OLD,
                    TOKEN_TOO_LONG_LIVED,
                    CLAIM_MALFORMED,
                    SUBJECT_GONE,
                    SUBJECT_DISABLED,
                    TOKEN_REPLAYED ->
                    assertion ? "invalid_grant" : "invalid_request";
            case PROOF_INVALID, PROOF_REQUIRED ->
                    nonce ? "use_dpop_nonce" : dpop ? "invalid_dpop_proof" : "invalid_request";
            case GRANT_MISSING, TARGET_UNKNOWN, APPROVAL_REQUIRED, TARGET_REFUSED ->
                    "invalid_target";
            case SCOPE_REFUSED -> "invalid_scope";
            case ISSUER_UNAVAILABLE, TARGET_UNAVAILABLE, LEDGER_UNAVAILABLE, OVERLOADED ->
                    "temporarily_unavailable";
            case INTERNAL -> "server_error";
        };
    }

    static int status(RefusalReason reason) {
        return switch (reason) {
            case ISSUER_UNAVAILABLE, TARGET_UNAVAILABLE, LEDGER_UNAVAILABLE, OVERLOADED -> 503;
            case INTERNAL -> 500;
            case REQUEST_MALFORMED,
                    GRANT_TYPE_UNSUPPORTED,
                    TOKEN_MALFORMED,
                    ISSUER_UNKNOWN,
                    KEY_UNKNOWN,
                    SIGNATURE_INVALID,
                    AUDIENCE_MISMATCH,
                    TOKEN_EXPIRED,
                    TOKEN_NOT_YET_VALID,
                    TOKEN_TOO_OLD,
                    TOKEN_TOO_LONG_LIVED,
                    CLAIM_MALFORMED,
                    SUBJECT_GONE,
                    SUBJECT_DISABLED,
                    PROOF_INVALID,
                    GRANT_MISSING,
                    TARGET_UNKNOWN,
                    SCOPE_REFUSED,
                    TTL_REFUSED,
                    PROOF_REQUIRED,
                    APPROVAL_REQUIRED,
                    TARGET_REFUSED,
                    SESSION_UNKNOWN,
                    SESSION_ENDED,
                    SESSION_REPLAYED,
                    SESSION_REFUSED,
                    TOKEN_REPLAYED ->
                    400;
        };
    }

    /// What the caller is told. Whether a target exists is told to nobody who has no grant for it
    /// (DESIGN 14, rule 6): the receipt tells the operator.
    static RefusalReason told(RefusalReason reason) {
        return reason == RefusalReason.TARGET_UNKNOWN ? RefusalReason.GRANT_MISSING : reason;
    }

    /// Seconds for `Retry-After`, at least one.
    static long retryAfter(RefusalReason reason, @Nullable Duration asked) {
        if (asked != null) {
            return Math.max(1, asked.plusMillis(999).toSeconds());
        }
        return reason == RefusalReason.OVERLOADED ? 1 : 5;
    }
}
