package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.exchange.Exchange;
import dev.tollbridge.bridge.exchange.JobSessions;

/// `POST /token`: RFC 8693 token exchange and the RFC 7523 `jwt-bearer` grant. Client
/// authentication is neither needed nor looked at: the subject token is the proof.
final class TokenDoor implements Door {

    private final Exchange exchange;
    private final JobSessions sessions;
    private final TokenRequests requests;
    private final OutcomeAnswers answers;

    TokenDoor(
            Exchange exchange,
            JobSessions sessions,
            TokenRequests requests,
            OutcomeAnswers answers) {
        this.exchange = exchange;
        this.sessions = sessions;
        this.requests = requests;
        this.answers = answers;
    }

    @Override
    public void serve(Call call) throws BadRequest {
        TokenRequests.Parsed parsed = requests.form(call);
        if (parsed.session()) {
            call.work(() ->
                    answers.one(sessions.open(parsed.request()), parsed.asked(), call.took()));
            return;
        }
        call.work(() ->
                answers.one(
                        exchange.exchange(parsed.request()).getFirst(),
                        parsed.asked(),
                        call.took()));
    }
}
