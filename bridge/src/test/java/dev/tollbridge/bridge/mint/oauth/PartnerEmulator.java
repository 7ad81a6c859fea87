package dev.tollbridge.bridge.mint.oauth;

import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import dev.tollbridge.bridge.testing.PostedForm;
import dev.tollbridge.bridge.testing.ShownToken;
import dev.tollbridge.bridge.testing.ShownToken.NotBelieved;
import dev.tollbridge.bridge.testing.Tokens;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// An authorization server that knows the bridge as an issuer and as a client by its published
/// keys: takes RFC 8693 and RFC 7523 requests strictly, and revocations by RFC 7009.
public final class PartnerEmulator implements Answer {

    public static final String CLIENT = "bridge-client";
    public static final String TOKEN = "partner-token-71c3";

    private final Supplier<String> jwks;
    private final String issuer;
    private final String subject;
    private final String audience;
    private final String algorithm;
    private final Supplier<Instant> now;
    public final Map<String, Object> answer = new LinkedHashMap<>();
    public final List<Map<String, String>> forms = new CopyOnWriteArrayList<>();
    public final List<String> revoked = new CopyOnWriteArrayList<>();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    public PartnerEmulator(
            Supplier<String> jwks,
            String issuer,
            String subject,
            String audience,
            String algorithm,
            Supplier<Instant> now) {
        this.jwks = jwks;
        this.issuer = issuer;
        this.subject = subject;
        this.audience = audience;
        this.algorithm = algorithm;
        this.now = now;
        answer.put("access_token", TOKEN);
        answer.put("issued_token_type", "urn:ietf:params:oauth:token-type:access_token");
        answer.put("token_type", "Bearer");
        answer.put("expires_in", 3600);
    }

    @Override
    public void accept(HttpServerRequest request) {
        request.body()
                .onSuccess(
                        body -> Thread.startVirtualThread(() -> answer(request, body.toString())));
    }

    private void answer(HttpServerRequest request, String body) {
        try {
            Map<String, String> form = PostedForm.of(body);
            client(form);
            if (String.valueOf(request.path()).endsWith("/revoke")) {
                revoked.add(form.getOrDefault("token", ""));
                request.response().end();
                return;
            }
            forms.add(form);
            ShownToken shown =
                    ShownToken.verified(proof(form), jwks.get(), now.get())
                            .is(algorithm, issuer, subject, audience);
            require(seen.add(shown.claims().getJWTID()), "replayed");
            request.response()
                    .putHeader("content-type", "application/json")
                    .end(Tokens.json(answer));
        } catch (NotBelieved | IllegalArgumentException e) {
            error(request, 400, "invalid_grant");
        }
    }

    private static String proof(Map<String, String> form) {
        return switch (form.getOrDefault("grant_type", "")) {
            case "urn:ietf:params:oauth:grant-type:token-exchange" -> {
                require(form.containsKey("subject_token_type"), "subject_token_type");
                yield form.getOrDefault("subject_token", "");
            }
            case "urn:ietf:params:oauth:grant-type:jwt-bearer" ->
                    form.getOrDefault("assertion", "");
            default -> form.getOrDefault("jwt", "");
        };
    }

    /// RFC 7523 section 3: `iss` and `sub` are the client's id.
    private void client(Map<String, String> form) throws NotBelieved {
        if (!form.containsKey("client_assertion")) {
            return;
        }
        require(
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
                        .equals(form.get("client_assertion_type")),
                "client_assertion_type");
        require(CLIENT.equals(form.get("client_id")), "client_id");
        ShownToken shown =
                ShownToken.verified(form.get("client_assertion"), jwks.get(), now.get())
                        .is(algorithm, CLIENT, CLIENT, audience);
        require(seen.add(shown.claims().getJWTID()), "replayed");
    }

    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }

    public static void error(HttpServerRequest request, int status, String error) {
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(
                        Tokens.json(
                                Map.of(
                                        "error",
                                        error,
                                        "error_description",
                                        "quotes eyJhbGciOiJSUzI1NiJ9 back")));
    }
}
