package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.refusal.RefusalReason;

/// A request that no exchange should see. Stackless, because anybody can cause it.
///
/// The message is told to the caller: a sentence written here in the source, which holds nothing of
/// the request and only the characters RFC 6749 section 5.2 allows.
final class BadRequest extends Exception {

    private static final long serialVersionUID = 1L;

    private final RefusalReason reason;
    private final int status;
    private final String sentence;

    private BadRequest(RefusalReason reason, int status, String sentence) {
        super(sentence, null, false, false);
        this.reason = reason;
        this.status = status;
        this.sentence = sentence;
    }

    static BadRequest malformed(String sentence) {
        return new BadRequest(RefusalReason.REQUEST_MALFORMED, 400, sentence);
    }

    static BadRequest malformed(int status, String sentence) {
        return new BadRequest(RefusalReason.REQUEST_MALFORMED, status, sentence);
    }

    static BadRequest grantType() {
        return new BadRequest(
                RefusalReason.GRANT_TYPE_UNSUPPORTED,
                400,
                RefusalReason.GRANT_TYPE_UNSUPPORTED.sentence());
    }

    RefusalReason reason() {
        return reason;
    }

    int status() {
        return status;
    }

    String sentence() {
        return sentence;
    }
}
