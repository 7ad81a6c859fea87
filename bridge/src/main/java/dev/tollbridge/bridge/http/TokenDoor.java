package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.exchange.Exchange;

/// `POST /token`: RFC 8693 token exchange and the RFC 7523 `jwt-bearer` grant. Client
/// authentication is neither needed nor looked at: the subject token is the proof.
final class TokenDoor implements Door {

    private final Exchange exchange;
    private final TokenRequests requests;
    private final OutcomeAnswers answers;

    TokenDoor(Exchange exchange, TokenRequests requests, OutcomeAnswers answers) {
        this.exchange = exchange;
        this.requests = requests;
        this.answers = answers;
    }

    @Override
    public void serve(Call call) throws BadRequest {
        TokenRequests.Parsed parsed = requests.form(call);
        call.work(() ->
                answers.one(
                        exchange.exchange(parsed.request()).getFirst(),
                        parsed.asked(),
                        call.took()));
    }
}
