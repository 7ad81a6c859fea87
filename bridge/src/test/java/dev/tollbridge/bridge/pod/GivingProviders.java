package dev.tollbridge.bridge.pod;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import dev.tollbridge.bridge.testing.Tokens;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Google Cloud and a Kubernetes API server as far as the lives of their tokens go: each is
/// another, ends when it was asked to end by the time that was given, and opens `/whoami` until
/// then. What they ask of a bridge their own emulators verify.
final class GivingProviders implements Answer {

    static final String WHOAMI = "/whoami";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration HOUR = Duration.ofHours(1);

    private final InstantSource clock;
    private final Map<String, Instant> ends = new ConcurrentHashMap<>();

    GivingProviders(InstantSource clock) {
        this.clock = clock;
    }

    /// @return null: nobody gave this token
    @Nullable Instant endOf(String token) {
        return ends.get(token);
    }

    /// Every token that was given.
    Set<String> given() {
        return Set.copyOf(ends.keySet());
    }

    @Override
    public void accept(HttpServerRequest request) {
        String path = String.valueOf(request.path());
        if (path.equals(WHOAMI)) {
            whoami(request);
        } else {
            request.bodyHandler(body -> give(request, path, body.toString()));
        }
    }

    private void whoami(HttpServerRequest request) {
        String shown = String.valueOf(request.getHeader("authorization"));
        Instant end = shown.startsWith("Bearer ") ? endOf(shown.substring(7)) : null;
        boolean valid = end != null && end.isAfter(clock.instant());
        Answer.status(
                        valid ? 200 : 401,
                        "application/json",
                        "{\"who\":\"" + (valid ? "deployer" : "nobody") + "\",\"scope\":\"read\"}")
                .accept(request);
    }

    private void give(HttpServerRequest request, String path, String body) {
        if (path.equals("/google/v1/token")) {
            String federated = given("ya29.d." + UUID.randomUUID(), HOUR);
            Answer.json(
                            Tokens.json(
                                    Map.of(
                                            "access_token",
                                            federated,
                                            "issued_token_type",
                                            "urn:ietf:params:oauth:token-type:access_token",
                                            "token_type",
                                            "Bearer",
                                            "expires_in",
                                            HOUR.toSeconds())))
                    .accept(request);
        } else if (path.endsWith(":generateAccessToken")) {
            String lifetime = json(body).path("lifetime").asText().replace("s", "");
            String token = "ya29.c." + UUID.randomUUID();
            given(token, Duration.ofSeconds(Long.parseLong(lifetime)));
            Answer.json(Tokens.json(Map.of("accessToken", token, "expireTime", written(token))))
                    .accept(request);
        } else if (path.endsWith("/serviceaccounts/deployer/token")) {
            long seconds = json(body).path("spec").path("expirationSeconds").asLong();
            String token = given(projected(), Duration.ofSeconds(seconds));
            Answer.status(
                            201,
                            "application/json",
                            Tokens.json(
                                    Map.of(
                                            "kind",
                                            "TokenRequest",
                                            "apiVersion",
                                            "authentication.k8s.io/v1",
                                            "status",
                                            Map.of(
                                                    "token",
                                                    token,
                                                    "expirationTimestamp",
                                                    written(token)))))
                    .accept(request);
        } else {
            Answer.status(404).accept(request);
        }
    }

    private String given(String token, Duration life) {
        ends.put(token, clock.instant().plus(life).truncatedTo(ChronoUnit.SECONDS));
        return token;
    }

    private String written(String token) {
        return String.valueOf(ends.get(token));
    }

    /// Its signature is nobody's business: only its giver is asked what it is worth.
    private static String projected() {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String claims =
                Tokens.json(
                        Map.of(
                                "sub",
                                PodTokens.SUBJECT,
                                "aud",
                                List.of("https://kubernetes.default.svc"),
                                "jti",
                                UUID.randomUUID().toString()));
        return "eyJhbGciOiJSUzI1NiJ9."
                + encoder.encodeToString(claims.getBytes(UTF_8))
                + "."
                + encoder.encodeToString(UUID.randomUUID().toString().getBytes(UTF_8));
    }

    private static JsonNode json(String body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
