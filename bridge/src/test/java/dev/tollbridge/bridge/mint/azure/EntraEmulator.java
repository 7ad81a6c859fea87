package dev.tollbridge.bridge.mint.azure;

import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import dev.tollbridge.bridge.testing.PostedForm;
import dev.tollbridge.bridge.testing.ShownToken;
import dev.tollbridge.bridge.testing.ShownToken.NotBelieved;
import dev.tollbridge.bridge.testing.Tokens;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// Entra's token endpoint for one application with one federated credential, as Microsoft documents
/// it (Microsoft Learn, "Microsoft identity platform and the OAuth 2.0 client credentials flow",
/// "Workload identity federation"): believes a client assertion by the issuer's published keys, and
/// by issuer, subject and audience exactly.
public final class EntraEmulator implements Answer {

    public static final String CLIENT = "11111111-2222-3333-4444-555555555555";
    public static final String TOKEN = "entra-token-0c9b2f";

    private final Supplier<String> jwks;
    private final String issuer;
    private final String subject;
    private final String audience;
    private final Supplier<Instant> now;
    private final Map<String, Object> answer;
    public final List<Map<String, String>> forms = new CopyOnWriteArrayList<>();

    /// @param answer of the endpoint when all is well
    public EntraEmulator(
            Supplier<String> jwks,
            String issuer,
            String subject,
            String audience,
            Supplier<Instant> now,
            Map<String, Object> answer) {
        this.jwks = jwks;
        this.issuer = issuer;
        this.subject = subject;
        this.audience = audience;
        this.now = now;
        this.answer = answer;
    }

    @Override
    public void accept(HttpServerRequest request) {
        request.body()
                .onSuccess(body ->
                        // Verifying fetches keys, which must not hold up the event loop.
                        Thread.startVirtualThread(() -> answer(request, body.toString())));
    }

    private void answer(HttpServerRequest request, String body) {
        try {
            Map<String, String> form = PostedForm.of(body);
            forms.add(form);
            require(form, "grant_type", "client_credentials");
            require(form, "client_id", CLIENT);
            require(
                    form,
                    "client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
            String scope = form.getOrDefault("scope", "");
            if (!scope.endsWith("/.default") || scope.contains(" ")) {
                error(request, 400, "invalid_scope", 70011);
                return;
            }
            ShownToken.verified(form.getOrDefault("client_assertion", ""), jwks.get(), now.get())
                    .is("RS256", issuer, subject, audience);
            request.response()
                    .putHeader("content-type", "application/json; charset=utf-8")
                    .end(Tokens.json(answer));
        } catch (NotBelieved e) {
            error(
                    request,
                    401,
                    "invalid_client",
                    switch (String.valueOf(e.getMessage())) {
                        case "iss" -> 700211;
                        case "aud" -> 700212;
                        case "sub" -> 700213;
                        case "time" -> 700024;
                        default -> 700027;
                    });
        } catch (IllegalArgumentException e) {
            error(request, 400, "invalid_request", 900144);
        }
    }

    private static void require(Map<String, String> form, String name, String value) {
        if (!value.equals(form.get(name))) {
            throw new IllegalArgumentException(name);
        }
    }

    /// As Entra answers, with a description that quotes what it was sent.
    public static void error(HttpServerRequest request, int status, String error, int code) {
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json; charset=utf-8")
                .end(
                        Tokens.json(
                                Map.of(
                                        "error",
                                        error,
                                        "error_description",
                                        "AADSTS" + code + ": quotes eyJhbGciOiJSUzI1NiJ9 back\r\n",
                                        "error_codes",
                                        List.of(code),
                                        "trace_id",
                                        "0000aaaa-11bb-cccc-dd22-eeeeee333333")));
    }
}
