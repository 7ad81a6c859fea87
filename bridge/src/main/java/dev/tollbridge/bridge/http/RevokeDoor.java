package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.lifecycle.Revocation;
import dev.tollbridge.bridge.secret.Secret;

/// `POST /revoke` (RFC 7009): 200 whatever the token was. Whoever holds a credential, or the handle
/// that came with it, may end it.
final class RevokeDoor implements Door {

    private final Revocation revocation;

    RevokeDoor(Revocation revocation) {
        this.revocation = revocation;
    }

    @Override
    public void serve(Call call) throws BadRequest {
        Secret token =
                Secret.of(StrictForm.parse(call.body()).required("token", "token is missing."));
        String by = "holder at " + call.caller().peer();
        call.work(() -> {
            revocation.revoke(token, by);
            return Answer.empty(200);
        });
    }
}
