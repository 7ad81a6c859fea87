package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.exchange.JobSessions;
import dev.tollbridge.bridge.lifecycle.AtProvider;
import dev.tollbridge.bridge.lifecycle.Revocation;
import dev.tollbridge.bridge.lifecycle.Revoked;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.session.SessionHandles;

/// `POST /revoke` (RFC 7009): 200 whatever the token was, 503 when its provider has not been told
/// yet. Whoever holds a credential, or the handle that came with it, may end it; whoever holds the
/// handle of a job session may end that, and what it was given.
final class RevokeDoor implements Door {

    private final Revocation revocation;
    private final JobSessions sessions;

    RevokeDoor(Revocation revocation, JobSessions sessions) {
        this.revocation = revocation;
        this.sessions = sessions;
    }

    @Override
    public void serve(Call call) throws BadRequest {
        Secret token =
                Secret.of(StrictForm.parse(call.body()).required("token", "token is missing."));
        String by = "holder at " + call.caller().peer();
        if (SessionHandles.looksLikeOne(token)) {
            call.work(() -> {
                sessions.end(token, by);
                return Answer.empty(200);
            });
            return;
        }
        call.work(() -> {
            Revoked revoked = revocation.revoke(token, by);
            if (revoked.provider() == AtProvider.NOT_REACHED) {
                // RFC 7009 section 2.2.1: the credential still works somewhere. The same request
                // may be repeated.
                throw new Refusal(
                        RefusalReason.TARGET_UNAVAILABLE,
                        revoked.issuance() + " is revoked, its provider could not be told",
                        revoked.retryAfter());
            }
            return Answer.empty(200);
        });
    }
}
