package dev.tollbridge.bridge.ci;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.testing.HttpsIssuerServer;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.Tokens;
import dev.tollbridge.bridge.tls.ThrowawayCa;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/// GitHub's token service, which signs real tokens for a job of `acme/payments` on `main`, and a
/// bridge that trusts it.
public final class GitHubWorld implements AutoCloseable {

    public static final String AUDIENCE = "https://tollbridge.acme.example";

    /// What GitHub gives each step of a job with `id-token: write`.
    public static final String REQUEST_TOKEN = "request-token-of-this-job-0123456789";

    private static final TestIssuer GITHUB = TestIssuer.rsa();

    public final ServedBridge bridge;
    public final HttpsIssuerServer services;

    /// Who vouches for the token service.
    public final Path authority;

    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final Vertx vertx = Vertx.vertx();

    /// @param config with {@link #jwks} as the keys of the trusted issuer
    /// @param endpoints the bridge may use besides the providers' own
    public GitHubWorld(Path folder, Path config, List<String> endpoints) throws IOException {
        bridge =
                new ServedBridge(
                        ServeSettings.local(config, folder.resolve("data"))
                                .withEndpoints(AllowedEndpoints.of(endpoints, null)));
        ThrowawayCa ca = ThrowawayCa.create(InstantSource.system());
        authority = Files.writeString(folder.resolve("github-ca.pem"), ca.certificatePem());
        services = HttpsIssuerServer.start(vertx, ca);
        serveTokens();
    }

    public static String jwks() {
        return GITHUB.jwks();
    }

    /// Of every token of this job.
    public static String claim(String name) throws IOException {
        return new ObjectMapper()
                .readTree(Tokens.github(AUDIENCE, Instant.now()).claimsJson())
                .path(name)
                .asText();
    }

    /// Takes back whatever a test made the services answer.
    void serveTokens() {
        tokens.clear();
        services.reset().on("/token-service", this::answer);
    }

    private void answer(HttpServerRequest request) {
        if (!("bearer " + REQUEST_TOKEN).equals(request.getHeader("authorization"))) {
            request.response().setStatusCode(401).end("{}");
            return;
        }
        String token =
                GITHUB.sign(
                        Tokens.github(
                                        String.valueOf(request.getParam("audience")),
                                        Instant.now().truncatedTo(ChronoUnit.SECONDS))
                                .claim("event_name", "push")
                                .claim("ref", "refs/heads/main")
                                .claim("jti", UUID.randomUUID().toString()),
                        "key-1");
        tokens.add(token);
        request.response()
                .putHeader("content-type", "application/json")
                .end("{\"count\":1,\"value\":\"" + token + "\"}");
    }

    /// Every token that was given to the job.
    public List<String> tokens() {
        return List.copyOf(tokens);
    }

    /// The variables of a job that may ask for tokens.
    public Map<String, String> allowed() {
        Map<String, String> job = new HashMap<>();
        job.put("ACTIONS_ID_TOKEN_REQUEST_URL", services.url("/token-service?api-version=2.0"));
        job.put("ACTIONS_ID_TOKEN_REQUEST_TOKEN", REQUEST_TOKEN);
        job.put("NODE_EXTRA_CA_CERTS", authority.toString());
        return job;
    }

    @Override
    public void close() {
        services.close();
        bridge.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
