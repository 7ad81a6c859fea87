package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.operator.Operation;
import dev.tollbridge.bridge.operator.OperatorCheck;
import dev.tollbridge.bridge.operator.OperatorVerdict;
import dev.tollbridge.bridge.secret.Secret;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps a door for operators (DESIGN 14, rule 7; RFC 6750 section 3).
///
/// Who is not one is told so and no more; what a refused operator lacks is named, because nobody
/// else gets that answer.
final class Operators {

    private static final String SCHEME = "bearer ";
    private static final int LONGEST = 8 * 1024;
    private static final Answer.Header CHALLENGE =
            new Answer.Header("www-authenticate", "Bearer realm=\"tollbridge\"");
    private static final Answer.Header INVALID =
            new Answer.Header(
                    "www-authenticate", "Bearer realm=\"tollbridge\", error=\"invalid_token\"");

    private static final Answer.Header INSUFFICIENT =
            new Answer.Header(
                    "www-authenticate",
                    "Bearer realm=\"tollbridge\", error=\"insufficient_scope\"");

    private final OperatorCheck check;

    Operators(OperatorCheck check) {
        this.check = check;
    }

    /// What only an operator may have done. Runs on a virtual thread.
    @FunctionalInterface
    interface Work {
        Answer done(Call call, String operator) throws BadRequest;
    }

    /// Does the work when the caller is an operator who may do it. Answers 401 to nobody, 403 to an
    /// operator who may not, 503 when it cannot be found out.
    void only(Call call, Operation operation, Work work) {
        Secret bearer = bearer(call.headers().getAll("Authorization"));
        if (bearer == null) {
            call.answer(
                    refused(
                            401,
                            "invalid_client",
                            "This needs the credential of an operator.",
                            CHALLENGE));
            return;
        }
        call.work(() ->
                switch (check.judge(bearer, operation)) {
                    case OperatorVerdict.Admitted admitted -> done(call, admitted.operator(), work);
                    case OperatorVerdict.NotAllowed _ ->
                            refused(
                                    403,
                                    "insufficient_scope",
                                    "This operator may not " + operation + ".",
                                    INSUFFICIENT);
                    case OperatorVerdict.Nobody _ ->
                            refused(
                                    401,
                                    "invalid_token",
                                    "This credential is not an operator's.",
                                    INVALID);
                    case OperatorVerdict.Unavailable unavailable ->
                            refused(
                                    503,
                                    "temporarily_unavailable",
                                    "Who may do this cannot be asked right now.",
                                    retryAfter(unavailable.retryAfter()));
                });
    }

    private static Answer done(Call call, String operator, Work work) {
        try {
            return work.done(call, operator);
        } catch (BadRequest e) {
            return call.rejection(e);
        }
    }

    private static Answer.Header retryAfter(Duration time) {
        return new Answer.Header("retry-after", Long.toString(Math.max(1, time.toSeconds())));
    }

    private static Answer refused(int status, String error, String sentence, Answer.Header header) {
        return Answer.json(
                status,
                Json.bytes(
                        128,
                        json -> {
                            json.writeStartObject();
                            json.writeStringField("error", error);
                            json.writeStringField("error_description", sentence);
                            json.writeEndObject();
                        }),
                List.of(header));
    }

    private static @Nullable Secret bearer(List<String> authorization) {
        if (authorization.size() != 1) {
            return null;
        }
        String value = authorization.getFirst();
        if (value.length() > LONGEST || !value.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return null;
        }
        String token = value.substring(SCHEME.length()).strip();
        return token.isEmpty() ? null : Secret.of(token);
    }
}
