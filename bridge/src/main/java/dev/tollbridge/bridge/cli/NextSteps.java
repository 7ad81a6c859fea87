package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.refusal.RefusalReason;
import org.jspecify.annotations.Nullable;

/// What whoever was refused does next: the words of `docs/reasons.md`.
final class NextSteps {

    private NextSteps() {}

    /// @param code as a bridge answered it; a newer one may know more of them
    /// @return null for a code that is not known here
    static @Nullable String of(String code) {
        for (RefusalReason reason : RefusalReason.values()) {
            if (reason.code().equals(code)) {
                return of(reason);
            }
        }
        return null;
    }

    static String of(RefusalReason reason) {
        return switch (reason) {
            case REQUEST_MALFORMED ->
                    "Read error_description, which names the rule, and correct the request. "
                            + "Trying again unchanged never helps.";
            case GRANT_TYPE_UNSUPPORTED ->
                    "Send urn:ietf:params:oauth:grant-type:token-exchange, or "
                            + "urn:ietf:params:oauth:grant-type:jwt-bearer with assertion.";
            case OVERLOADED -> "Wait as long as Retry-After says, then try again, with jitter.";
            case TOKEN_MALFORMED ->
                    "Send the token exactly as the platform handed it out: no quotes, no line "
                            + "break, no Bearer before it.";
            case ISSUER_UNKNOWN ->
                    "Ask the operator to trust the issuer. Check that the token comes from "
                            + "where you think.";
            case ISSUER_UNAVAILABLE -> "Try again after Retry-After; the token was not used up.";
            case KEY_UNKNOWN -> "Get a new token: the issuer may have rotated its keys.";
            case SIGNATURE_INVALID -> "Get a new token; do not alter it.";
            case AUDIENCE_MISMATCH ->
                    "Ask the platform for a token with the bridge's audience (usually its "
                            + "URL).";
            case TOKEN_EXPIRED -> "Get a new token just before the exchange.";
            case TOKEN_NOT_YET_VALID -> "Wait; correct the clock of whoever signs.";
            case TOKEN_TOO_OLD -> "Get a new token.";
            case TOKEN_TOO_LONG_LIVED -> "Ask the platform for a shorter token.";
            case CLAIM_MALFORMED ->
                    "Send a token made for workloads: not an ID token of a person, not an "
                            + "access token for another API.";
            case SUBJECT_GONE -> "Nothing; the workload has ended.";
            case SUBJECT_DISABLED -> "Talk to the operator.";
            case PROOF_INVALID ->
                    "Make a new proof for each request, for the bridge's external URL; put "
                            + "the value of DPoP-Nonce into it when there is one.";
            case GRANT_MISSING, TARGET_UNKNOWN ->
                    "Give the receipt to the operator. Check the branch, environment and "
                            + "project the token was made for.";
            case SCOPE_REFUSED ->
                    "Ask for less, or leave scope out to get all that the grant gives.";
            case TTL_REFUSED ->
                    "Ask for a longer ttl, or leave it out. Where the subject token's own end "
                            + "is the limit, get a fresh one.";
            case PROOF_REQUIRED ->
                    "Send a DPoP proof, or connect with a client certificate, at POST /token.";
            case APPROVAL_REQUIRED -> "Ask whoever approves, then try again.";
            case TARGET_REFUSED -> "Give the receipt to the operator; trying again does not help.";
            case TARGET_UNAVAILABLE ->
                    "Try again after Retry-After. The use of the subject token is given back "
                            + "when it is certain that nothing was minted.";
            case TOKEN_REPLAYED ->
                    "Get a new token for each exchange; ask for several targets at once with "
                            + "POST /credentials.";
            case SESSION_UNKNOWN ->
                    "Send the handle of the last answer, exactly as it came. A new session needs a "
                            + "new token.";
            case SESSION_ENDED ->
                    "Open a new session with a new token, where the platform gives one.";
            case SESSION_REPLAYED ->
                    "Find out who else had the handle. If it was a retry, send the same attempt "
                            + "with it next time.";
            case SESSION_REFUSED ->
                    "Ask for the credential without a session, or ask the operator for a grant "
                            + "with session: {max: ...}.";
            case LEDGER_UNAVAILABLE -> "Try again after Retry-After.";
            case INTERNAL -> "Give the receipt to the operator.";
        };
    }
}
