package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.exchange.Exchange;
import dev.tollbridge.bridge.operator.Operation;

/// `POST /explain`: what would be decided and why, for the form of `POST /token` or the JSON of
/// `POST /credentials`. Mints nothing. For operators, unless it is enabled for callers: its answer
/// names grants and conditions.
final class ExplainDoor implements Door {

    private static final Operation EXPLAIN = Operation.create(Operation.Resource.EXPLAIN);

    private final Exchange exchange;
    private final TokenRequests requests;
    private final Operators operators;
    private final boolean forCallers;

    ExplainDoor(
            Exchange exchange, TokenRequests requests, Operators operators, boolean forCallers) {
        this.exchange = exchange;
        this.requests = requests;
        this.operators = operators;
        this.forCallers = forCallers;
    }

    @Override
    public void serve(Call call) throws BadRequest {
        if (forCallers) {
            TokenRequests.Parsed parsed = parse(call);
            call.work(() -> explained(parsed));
        } else {
            operators.only(call, EXPLAIN, (asked, _) -> explained(parse(asked)));
        }
    }

    private TokenRequests.Parsed parse(Call call) throws BadRequest {
        return call.bodyIsJson() ? requests.json(call) : requests.form(call);
    }

    private Answer explained(TokenRequests.Parsed parsed) {
        return Answer.json(200, Json.tree(exchange.explain(parsed.request())));
    }
}
