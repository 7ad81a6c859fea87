package dev.tollbridge.bridge.mint.github;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import dev.tollbridge.bridge.testing.TestKeys;
import dev.tollbridge.bridge.testing.Tokens;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The part of GitHub's REST API that is about installation tokens, for one App that is installed
/// for the organisation `acme`: believes an App's JWT as GitHub documents it (by the App's key,
/// `iss`, `iat` in the past, `exp` within ten minutes), and gives tokens that it takes back.
public final class GitHubEmulator implements Answer {

    public static final String APP = "123456";
    public static final long INSTALLATION = 7890;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> REPOSITORIES = Set.of("payments", "shop");

    private final KeyPair key;
    private final Supplier<Instant> now;
    public final List<JsonNode> asked = new CopyOnWriteArrayList<>();
    public final Set<String> living = ConcurrentHashMap.newKeySet();
    public final List<String> ended = new CopyOnWriteArrayList<>();
    private final List<Consumer<Map<String, Object>>> changes = new ArrayList<>();
    volatile Instant expires;
    volatile long installation = INSTALLATION;
    volatile String account = "acme";
    private final AtomicInteger number = new AtomicInteger();

    public GitHubEmulator(KeyPair key, Supplier<Instant> now) {
        this.key = key;
        this.now = now;
        this.expires = now.get().plus(Duration.ofHours(1));
    }

    /// Makes its answers other than they should be.
    GitHubEmulator but(Consumer<Map<String, Object>> change) {
        changes.add(change);
        return this;
    }

    @Override
    public void accept(HttpServerRequest request) {
        request.body()
                .onSuccess(
                        body -> Thread.startVirtualThread(() -> answer(request, body.toString())));
    }

    private void answer(HttpServerRequest request, String body) {
        String bearer = bearer(request);
        String at = request.method().name() + " " + request.path();
        if (at.equals("DELETE /installation/token")) {
            if (living.remove(bearer)) {
                ended.add(bearer);
                request.response().setStatusCode(204).end();
            } else {
                error(request, 401, "Bad credentials");
            }
            return;
        }
        if (at.equals("GET /repos/acme/payments")) {
            if (living.contains(bearer)) {
                json(request, 200, Map.of("full_name", "acme/payments"));
            } else {
                error(request, 404, "Not Found");
            }
            return;
        }
        if (!isApp(bearer)) {
            error(request, 401, "A JSON web token could not be decoded");
            return;
        }
        switch (at) {
            case "GET /orgs/acme/installation" ->
                    json(
                            request,
                            200,
                            Map.of(
                                    "id",
                                    installation,
                                    "account",
                                    Map.of("login", account, "type", "Organization")));
            case "GET /users/mona/installation" ->
                    json(request, 200, Map.of("id", 4711, "account", Map.of("login", "Mona")));
            default -> {
                if (at.equals("POST /app/installations/" + installation + "/access_tokens")) {
                    token(request, body);
                } else {
                    error(request, 404, "Not Found");
                }
            }
        }
    }

    private void token(HttpServerRequest request, String body) {
        JsonNode wanted;
        try {
            wanted = JSON.readTree(body);
        } catch (IOException e) {
            error(request, 400, "Problems parsing JSON");
            return;
        }
        asked.add(wanted);
        List<Map<String, Object>> repositories = new ArrayList<>();
        for (JsonNode name : wanted.path("repositories")) {
            if (!REPOSITORIES.contains(name.asText())) {
                error(request, 422, "There is at least one repository that does not exist");
                return;
            }
            repositories.add(
                    Map.of(
                            "id",
                            1,
                            "name",
                            name.asText(),
                            "full_name",
                            "acme/" + name.asText(),
                            "owner",
                            Map.of("login", "acme")));
        }
        Map<String, Object> permissions = new LinkedHashMap<>();
        permissions.put("metadata", "read");
        wanted.path("permissions")
                .properties()
                .forEach(field -> permissions.put(field.getKey(), field.getValue().asText()));
        String token = "ghs_" + "0123456789abcdef".repeat(20) + "_" + number.getAndIncrement();
        living.add(token);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("token", token);
        answer.put("expires_at", expires.toString());
        answer.put("permissions", permissions);
        // GitHub: without the member, everything that the App is installed for.
        answer.put("repository_selection", wanted.has("repositories") ? "selected" : "all");
        answer.put("repositories", repositories);
        changes.forEach(change -> change.accept(answer));
        json(request, 201, answer);
    }

    private boolean isApp(String jwt) {
        String[] parts = jwt.split("\\.", -1);
        if (parts.length != 3) {
            return false;
        }
        try {
            JsonNode header = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key.getPublic());
            signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
            long present = now.get().getEpochSecond();
            long issued = claims.path("iat").asLong(Long.MAX_VALUE);
            long ends = claims.path("exp").asLong();
            return header.path("alg").asText().equals("RS256")
                    && signature.verify(Base64.getUrlDecoder().decode(parts[2]))
                    && claims.path("iss").asText().equals(APP)
                    && issued <= present
                    && ends > present
                    && ends <= present + 600;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            return false;
        }
    }

    private static String bearer(HttpServerRequest request) {
        String authorization = String.valueOf(request.getHeader("authorization"));
        return authorization.startsWith("Bearer ") ? authorization.substring(7) : "";
    }

    private static void json(HttpServerRequest request, int status, Object body) {
        request.response()
                .setStatusCode(status)
                .putHeader("content-type", "application/json; charset=utf-8")
                .end(Tokens.json(body));
    }

    public static void error(HttpServerRequest request, int status, String message) {
        json(
                request,
                status,
                Map.of("message", message + " eyJhbGciOiJSUzI1NiJ9", "status", status));
    }

    public static KeyPair appKey() {
        return TestKeys.of("RSA2048", "github-app");
    }
}
