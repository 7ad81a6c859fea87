package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.target.TargetRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The body of `POST /session`: a form, whose `audience` and `resource` name targets, `scope` and
/// `ttl` narrow the only one; or JSON, whose `targets` are those of `POST /credentials` and may be
/// none, for a heartbeat.
///
/// @param attempt null: not named
/// @param targets null: all that the session was opened with
record SessionBody(String handle, @Nullable String attempt, @Nullable List<TargetRequest> targets) {

    private static final Set<String> MEMBERS = Set.of("handle", "attempt", "targets");
    private static final String HANDLE_MISSING = "handle is missing or no string.";

    static SessionBody form(byte[] body) throws BadRequest {
        StrictForm form = StrictForm.parse(body);
        String handle = form.required("handle", HANDLE_MISSING);
        String attempt = Requested.attempt(form.one("attempt"));
        Set<String> scope = Requested.scope(form.one("scope"));
        Duration ttl = Requested.ttl(form.one("ttl"));
        List<TargetRequest> targets = new ArrayList<>();
        for (String name : form.all("audience")) {
            targets.add(new TargetRequest(List.of(name), List.of(), scope, ttl));
        }
        for (String uri : form.all("resource")) {
            targets.add(new TargetRequest(List.of(), List.of(uri), scope, ttl));
        }
        if (targets.size() > TokenRequests.MAX_TARGETS) {
            throw BadRequest.malformed(TokenRequests.TOO_MANY);
        }
        if ((scope != null || ttl != null) && targets.size() != 1) {
            throw BadRequest.malformed("scope and ttl need one target to be named.");
        }
        return new SessionBody(handle, attempt, targets.isEmpty() ? null : targets);
    }

    static SessionBody json(byte[] bytes) throws BadRequest {
        Claims body = TokenRequests.object(bytes, MEMBERS);
        String handle = body.string("handle");
        if (handle == null || handle.isEmpty()) {
            throw BadRequest.malformed(HANDLE_MISSING);
        }
        String attempt = body.string("attempt");
        if (body.has("attempt") && attempt == null) {
            throw BadRequest.malformed("attempt is no string.");
        }
        return new SessionBody(
                handle,
                Requested.attempt(attempt),
                body.has("targets") ? TokenRequests.targets(body, true) : null);
    }

    /// The handle is for one reader only.
    @Override
    public String toString() {
        return "SessionBody";
    }
}
