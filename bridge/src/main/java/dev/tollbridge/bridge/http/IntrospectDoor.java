package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.lifecycle.Introspection;
import dev.tollbridge.bridge.operator.Operation;
import dev.tollbridge.bridge.secret.Secret;

/// `POST /introspect` (RFC 7662), for callers that are configured.
final class IntrospectDoor implements Door {

    private static final Operation INTROSPECT = Operation.create(Operation.Resource.INTROSPECT);

    private final Introspection introspection;
    private final Operators operators;

    IntrospectDoor(Introspection introspection, Operators operators) {
        this.introspection = introspection;
        this.operators = operators;
    }

    @Override
    public void serve(Call call) {
        operators.only(call, INTROSPECT, this::introspect);
    }

    private Answer introspect(Call call, String operator) throws BadRequest {
        String token = StrictForm.parse(call.body()).required("token", "token is missing.");
        return Answer.json(200, Json.tree(introspection.introspect(Secret.of(token))));
    }
}
