package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.exchange.Exchange;

/// `POST /credentials`: several targets with one subject token.
final class CredentialsDoor implements Door {

    private final Exchange exchange;
    private final TokenRequests requests;
    private final OutcomeAnswers answers;

    CredentialsDoor(Exchange exchange, TokenRequests requests, OutcomeAnswers answers) {
        this.exchange = exchange;
        this.requests = requests;
        this.answers = answers;
    }

    @Override
    public void serve(Call call) throws BadRequest {
        TokenRequests.Parsed parsed = requests.json(call);
        call.work(() ->
                answers.several(exchange.exchange(parsed.request()), parsed.asked(), call.took()));
    }
}
