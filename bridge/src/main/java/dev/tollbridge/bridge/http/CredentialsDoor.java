package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.exchange.Exchange;
import dev.tollbridge.bridge.exchange.JobSessions;

/// `POST /credentials`: several targets with one subject token.
final class CredentialsDoor implements Door {

    private final Exchange exchange;
    private final JobSessions sessions;
    private final TokenRequests requests;
    private final OutcomeAnswers answers;

    CredentialsDoor(
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
        TokenRequests.Parsed parsed = requests.json(call);
        if (parsed.session()) {
            call.work(() ->
                    answers.several(sessions.open(parsed.request()), parsed.asked(), call.took()));
            return;
        }
        call.work(() ->
                answers.several(exchange.exchange(parsed.request()), parsed.asked(), call.took()));
    }
}
