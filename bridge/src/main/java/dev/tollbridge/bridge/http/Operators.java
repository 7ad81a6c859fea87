package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.secret.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps a door for operators (DESIGN 14, rule 7; RFC 6750 section 3).
final class Operators {

    private static final String SCHEME = "bearer ";
    private static final int LONGEST = 8 * 1024;
    private static final Answer.Header CHALLENGE =
            new Answer.Header("www-authenticate", "Bearer realm=\"tollbridge\"");
    private static final Answer.Header INVALID =
            new Answer.Header(
                    "www-authenticate", "Bearer realm=\"tollbridge\", error=\"invalid_token\"");

    private final OperatorCheck check;

    Operators(OperatorCheck check) {
        this.check = check;
    }

    /// What only an operator may have done. Runs on a virtual thread.
    @FunctionalInterface
    interface Work {
        Answer done(Call call, String operator) throws BadRequest;
    }

    /// Does the work when the caller is an operator; answers 401 otherwise.
    void only(Call call, Work work) {
        Secret bearer = bearer(call.headers().getAll("Authorization"));
        if (bearer == null) {
            call.answer(refused(CHALLENGE, "This needs the credential of an operator."));
            return;
        }
        call.work(() -> {
            String operator = check.operator(bearer);
            if (operator == null) {
                return refused(INVALID, "This credential is not an operator's.");
            }
            try {
                return work.done(call, operator);
            } catch (BadRequest e) {
                return call.rejection(e);
            }
        });
    }

    private static Answer refused(Answer.Header challenge, String sentence) {
        return Answer.json(
                401,
                Json.bytes(
                        128,
                        json -> {
                            json.writeStartObject();
                            json.writeStringField(
                                    "error",
                                    challenge.equals(INVALID) ? "invalid_token" : "invalid_client");
                            json.writeStringField("error_description", sentence);
                            json.writeEndObject();
                        }),
                List.of(challenge));
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
