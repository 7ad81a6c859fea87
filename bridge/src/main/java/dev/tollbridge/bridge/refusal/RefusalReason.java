package dev.tollbridge.bridge.refusal;

import java.util.Locale;

/// The stable reasons a caller may be told, and nothing else: metric label, audit field,
/// documentation page and test expectation are all this list.
///
/// Adding one does not compile until every `switch` over it has been extended.
public enum RefusalReason {
    REQUEST_MALFORMED(Stage.REQUEST, "The request is not well formed."),
    GRANT_TYPE_UNSUPPORTED(Stage.REQUEST, "This grant type is not supported here."),
    OVERLOADED(Stage.REQUEST, "The bridge has too much to do right now; try again shortly."),

    TOKEN_MALFORMED(Stage.TOKEN, "The subject token is not a well-formed signed JWT."),
    ISSUER_UNKNOWN(Stage.TOKEN, "The subject token's issuer is not trusted here."),
    ISSUER_UNAVAILABLE(
            Stage.TOKEN, "The keys of the subject token's issuer cannot be had right now."),
    KEY_UNKNOWN(Stage.TOKEN, "The subject token names a key its issuer does not publish."),
    SIGNATURE_INVALID(Stage.TOKEN, "The subject token's signature does not verify."),
    SESSION_UNKNOWN(Stage.TOKEN, "The handle is not one of a session of this bridge."),

    // The audience decides which of several issuers is asked, so it is judged before any signature.
    AUDIENCE_MISMATCH(Stage.TOKEN, "The subject token is not addressed to this bridge."),
    TOKEN_EXPIRED(Stage.CLAIMS, "The subject token has expired."),
    TOKEN_NOT_YET_VALID(Stage.CLAIMS, "The subject token is not valid yet."),
    TOKEN_TOO_OLD(Stage.CLAIMS, "The subject token was issued too long ago."),
    TOKEN_TOO_LONG_LIVED(
            Stage.CLAIMS, "The subject token lives longer than its issuer's tokens may."),
    CLAIM_MALFORMED(Stage.CLAIMS, "A claim of the subject token is missing or has the wrong type."),
    SUBJECT_GONE(Stage.CLAIMS, "What the subject token stands for no longer exists."),
    SUBJECT_DISABLED(Stage.CLAIMS, "This subject has been disabled."),
    PROOF_INVALID(Stage.CLAIMS, "The proof of possession does not hold."),

    SESSION_ENDED(Stage.CLAIMS, "The session has ended."),
    SESSION_REPLAYED(
            Stage.CLAIMS,
            "The handle has been used before, so the session and what it gave are ended."),

    GRANT_MISSING(Stage.POLICY, "No grant gives this subject that target."),
    TARGET_UNKNOWN(Stage.POLICY, "No grant gives this subject that target."),

    SCOPE_REFUSED(Stage.GRANTED, "The grant does not give all of the scope that was asked for."),
    TTL_REFUSED(
            Stage.GRANTED, "The lifetime that was asked for is below what the target can issue."),
    SESSION_REFUSED(Stage.GRANTED, "The grant gives no session."),
    PROOF_REQUIRED(
            Stage.GRANTED, "This needs a proof of possession that the request does not carry."),
    APPROVAL_REQUIRED(Stage.GRANTED, "This needs an approval that has not been given."),
    TARGET_REFUSED(Stage.GRANTED, "The target's provider refused."),
    TARGET_UNAVAILABLE(Stage.GRANTED, "The target's provider cannot be reached right now."),

    TOKEN_REPLAYED(Stage.LEDGER, "This subject token has been used before."),
    LEDGER_UNAVAILABLE(
            Stage.LEDGER, "The record cannot be written right now, so nothing is issued."),
    INTERNAL(Stage.LEDGER, "Something failed inside the bridge.");

    /// How far an exchange had come when it was refused.
    public enum Stage {
        /// Nothing of the subject token was read.
        REQUEST,
        /// The subject token's signature has not been verified: anybody may have sent it.
        TOKEN,
        /// The signature holds, what the token says does not.
        CLAIMS,
        /// The subject is known, no grant matched. Must not tell whether the target exists (DESIGN
        /// 14, rule 6).
        POLICY,
        /// A grant matched: the caller may know that the target exists.
        GRANTED,
        /// The decision stands, the ledger or the process could not follow.
        LEDGER
    }

    private final Stage stage;
    private final String sentence;
    private final String code = name().toLowerCase(Locale.ROOT);

    RefusalReason(Stage stage, String sentence) {
        this.stage = stage;
        this.sentence = sentence;
    }

    /// The code as written in answers, records and metrics, such as `token_replayed`.
    public String code() {
        return code;
    }

    /// One sentence for the caller. Holds nothing of the request and only the characters RFC 6749
    /// section 5.2 allows.
    public String sentence() {
        return sentence;
    }

    public Stage stage() {
        return stage;
    }

    /// Whether anybody at all can cause this refusal, because it comes before a signature is
    /// verified (DESIGN 14, rule 5).
    public boolean beforeSignature() {
        return stage == Stage.REQUEST || stage == Stage.TOKEN;
    }
}
