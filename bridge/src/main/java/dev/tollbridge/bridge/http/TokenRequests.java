package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.StrictJson;
import dev.tollbridge.bridge.exchange.ExchangeRequest;
import dev.tollbridge.bridge.exchange.ExchangeRequest.Proof;
import dev.tollbridge.bridge.exchange.SessionRequest;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.TargetRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes an {@link ExchangeRequest} of what a caller sent.
final class TokenRequests {

    static final String TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    /// As many as one job plausibly needs, few enough that one request cannot occupy a replica.
    static final int MAX_TARGETS = 16;

    private static final Set<String> CREDENTIALS_MEMBERS =
            Set.of("subject_token", "subject_token_type", "targets", "session");
    static final String TOO_MANY = "targets names more than 16 targets.";
    private static final Set<String> TARGET_MEMBERS = Set.of("target", "resource", "scope", "ttl");

    private final Supplier<String> externalUrl;

    TokenRequests(Supplier<String> externalUrl) {
        this.externalUrl = externalUrl;
    }

    /// @param door as in metrics
    /// @param assertion whether the subject token came as an RFC 7523 assertion
    /// @param session whether a job session is to be opened
    record Parsed(ExchangeRequest request, String door, boolean assertion, boolean session) {

        OutcomeAnswers.Asked asked() {
            return new OutcomeAnswers.Asked(door, assertion, !request.proof().dpop().isEmpty());
        }
    }

    /// The form of `POST /token`.
    Parsed form(Call call) throws BadRequest {
        StrictForm form = StrictForm.parse(call.body());
        String grantType = form.required("grant_type", "grant_type is missing.");
        return switch (grantType) {
            case TOKEN_EXCHANGE -> tokenExchange(call, form);
            case JWT_BEARER -> assertion(call, form);
            default -> throw BadRequest.grantType();
        };
    }

    private Parsed tokenExchange(Call call, StrictForm form) throws BadRequest {
        String token = form.required("subject_token", "subject_token is missing.");
        Requested.subjectTokenType(
                form.required("subject_token_type", "subject_token_type is missing."));
        if (form.one("actor_token") != null || form.one("actor_token_type") != null) {
            throw BadRequest.malformed("actor_token is not supported.");
        }
        return parsed(call, form, token, call.door(), false);
    }

    private Parsed assertion(Call call, StrictForm form) throws BadRequest {
        String token = form.required("assertion", "assertion is missing.");
        String door = call.door().equals("token") ? "jwt-bearer" : call.door();
        return parsed(call, form, token, door, true);
    }

    private Parsed parsed(Call call, StrictForm form, String token, String door, boolean assertion)
            throws BadRequest {
        Requested.requestedTokenType(form.one("requested_token_type"));
        boolean session = Requested.session(form.one("session"));
        TargetRequest target =
                new TargetRequest(
                        form.all("audience"),
                        form.all("resource"),
                        Requested.scope(form.one("scope")),
                        Requested.ttl(form.one("ttl")));
        if (target.audiences().isEmpty() && target.resources().isEmpty()) {
            throw BadRequest.malformed("audience or resource has to name a target.");
        }
        return new Parsed(request(call, token, List.of(target), door), door, assertion, session);
    }

    /// The body of `POST /session`.
    SessionRequest session(Call call) throws BadRequest {
        SessionBody body =
                call.bodyIsJson() ? SessionBody.json(call.body()) : SessionBody.form(call.body());
        return new SessionRequest(
                Secret.of(body.handle()),
                body.attempt(),
                body.targets(),
                proof(call),
                call.callerOf(call.door()));
    }

    /// One JSON object that has no other members.
    static Claims object(byte[] bytes, Set<String> members) throws BadRequest {
        Claims body;
        try {
            body = StrictJson.object(bytes);
        } catch (StrictJson.Malformed e) {
            throw BadRequest.malformed("The body is not one well-formed JSON object.");
        }
        if (!members.containsAll(body.members().keySet())) {
            throw BadRequest.malformed("The body has a member that is not known here.");
        }
        return body;
    }

    /// The JSON of `POST /credentials`.
    Parsed json(Call call) throws BadRequest {
        Claims body = object(call.body(), CREDENTIALS_MEMBERS);
        String token = body.string("subject_token");
        if (token == null || token.isEmpty()) {
            throw BadRequest.malformed("subject_token is missing or no string.");
        }
        if (body.has("subject_token_type")) {
            String type = body.string("subject_token_type");
            Requested.subjectTokenType(type == null ? "" : type);
        }
        boolean session = body.has("session") && Requested.session(body.get("session"));
        return new Parsed(
                request(call, token, targets(body, false), call.door()),
                call.door(),
                false,
                session);
    }

    /// @param none whether an empty list will do
    static List<TargetRequest> targets(Claims body, boolean none) throws BadRequest {
        if (!(body.get("targets") instanceof List<?> list) || (list.isEmpty() && !none)) {
            throw BadRequest.malformed("targets has to be a list with at least one target.");
        }
        if (list.size() > MAX_TARGETS) {
            throw BadRequest.malformed(TOO_MANY);
        }
        List<TargetRequest> targets = new ArrayList<>(list.size());
        Set<String> named = new HashSet<>();
        for (Object element : list) {
            TargetRequest target = target(element);
            // A second one could only be a replay of the first.
            if (!named.addAll(target.audiences()) && !named.addAll(target.resources())) {
                throw BadRequest.malformed("targets names a target twice.");
            }
            targets.add(target);
        }
        return targets;
    }

    private static TargetRequest target(@Nullable Object element) throws BadRequest {
        if (!(element instanceof Map<?, ?> members)
                || !TARGET_MEMBERS.containsAll(members.keySet())) {
            throw BadRequest.malformed(
                    "A target is an object with target or resource, and perhaps scope and ttl.");
        }
        String name = string(members, "target");
        String resource = string(members, "resource");
        if ((name == null) == (resource == null)) {
            throw BadRequest.malformed("A target is named by either target or resource.");
        }
        Object ttl = members.get("ttl");
        return new TargetRequest(
                name == null ? List.of() : List.of(name),
                resource == null ? List.of() : List.of(resource),
                Requested.scope(string(members, "scope")),
                ttl == null && !members.containsKey("ttl") ? null : ttlOf(ttl));
    }

    private static Duration ttlOf(@Nullable Object ttl) throws BadRequest {
        return Requested.ttl(ttl == null ? "null" : ttl);
    }

    /// Null when missing or empty.
    private static @Nullable String string(Map<?, ?> members, String name) throws BadRequest {
        if (!members.containsKey(name)) {
            return null;
        }
        if (!(members.get(name) instanceof String text)) {
            throw BadRequest.malformed("A member of a target has the wrong type.");
        }
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                throw BadRequest.malformed("A member of a target holds control characters.");
            }
        }
        return text.isEmpty() ? null : text;
    }

    private ExchangeRequest request(
            Call call, String token, List<TargetRequest> targets, String door) {
        return new ExchangeRequest(Secret.of(token), targets, proof(call), call.callerOf(door));
    }

    private Proof proof(Call call) {
        return new Proof(
                call.headers().getAll("DPoP"),
                "POST",
                externalUrl.get() + call.path(),
                call.connection().certificateThumbprint(),
                true);
    }
}
