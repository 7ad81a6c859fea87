package dev.tollbridge.bridge.http;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.StrictJson;
import dev.tollbridge.bridge.config.TargetSpec.Jwt;
import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import dev.tollbridge.bridge.exchange.Exchange;
import dev.tollbridge.bridge.exchange.ExchangeOutcome;
import dev.tollbridge.bridge.exchange.ExchangeRequest;
import dev.tollbridge.bridge.exchange.NoSessions;
import dev.tollbridge.bridge.lifecycle.Revocation;
import dev.tollbridge.bridge.lifecycle.Revoked;
import dev.tollbridge.bridge.metrics.BridgeMetrics;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.operator.OperatorVerdict;
import dev.tollbridge.bridge.policy.GivenDecision;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.token.GivenIdentity;
import dev.tollbridge.bridge.token.SenderProof;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A public listener on a free port, with an exchange that the test decides.
final class RunningBridge implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-11-21T10:10:00Z");
    static final String EXTERNAL = "https://tollbridge.acme.example";
    static final String ADMIN = "admin-token-of-this-test-0123456789abcdef";
    static final String FORM = "application/x-www-form-urlencoded";
    static final String MINTED = "eyJhbGciOiJFUzI1NiJ9.minted.c2lnbmF0dXJl";

    final List<ExchangeRequest> asked = new CopyOnWriteArrayList<>();
    final List<String> refused = new CopyOnWriteArrayList<>();
    volatile Revoked revocationAnswer = Revoked.NOTHING;
    final List<Secret> revoked = new CopyOnWriteArrayList<>();
    final List<Secret> introspected = new CopyOnWriteArrayList<>();
    final BridgeMetrics metrics = new BridgeMetrics();
    final HttpClient client = HttpClient.newHttpClient();
    private final EventLoops loops = EventLoops.start(2);
    final BridgePorts ports;
    private final BridgeServer server;

    static RunningBridge answering(Function<ExchangeRequest, List<ExchangeOutcome>> outcomes) {
        return new RunningBridge(outcomes, ListenerSettings.local(0), ServerLimits.DEFAULT, false);
    }

    static RunningBridge issuing() {
        return answering(request -> request.targets().stream().map(_ -> issued(Set.of())).toList());
    }

    static RunningBridge refusing(RefusalReason reason) {
        return answering(request -> request.targets().stream().map(_ -> refusal(reason)).toList());
    }

    static RunningBridge bounded(
            ServerLimits limits, Function<ExchangeRequest, List<ExchangeOutcome>> outcomes) {
        return new RunningBridge(outcomes, ListenerSettings.local(0), limits, false);
    }

    RunningBridge(
            Function<ExchangeRequest, List<ExchangeOutcome>> outcomes,
            ListenerSettings settings,
            ServerLimits limits,
            boolean explainForCallers) {
        Exchange exchange =
                new Exchange() {
                    @Override
                    public List<ExchangeOutcome> exchange(ExchangeRequest request) {
                        asked.add(request);
                        return outcomes.apply(request);
                    }

                    @Override
                    public Map<String, @Nullable Object> explain(ExchangeRequest request) {
                        asked.add(request);
                        return Map.of("decision", "refused", "grants", List.of("payments-deploy"));
                    }
                };
        Revocation revocation =
                new Revocation() {
                    @Override
                    public Revoked revoke(Secret token, String by) {
                        revoked.add(token);
                        return revocationAnswer;
                    }

                    @Override
                    public Revoked revokeIssuance(String issuance, String by) {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public Secret handed(
                            String issuance, Target target, MintedCredential credential) {
                        return Secret.of("rvk_of_" + issuance);
                    }

                    @Override
                    public boolean revocable(AuditRecord issuance) {
                        return true;
                    }
                };
        ports =
                new BridgePorts(
                        exchange,
                        new NoSessions(),
                        revocation,
                        token -> {
                            introspected.add(token);
                            return Map.of("active", false);
                        },
                        (reason, detail, caller) -> {
                            refused.add(
                                    reason.code()
                                            + " at "
                                            + caller.door()
                                            + " from "
                                            + caller.peer()
                                            + ": "
                                            + detail);
                            return "rct_" + refused.size();
                        },
                        (bearer, operation) ->
                                bearer.equals(Secret.of(ADMIN))
                                        ? new OperatorVerdict.Admitted("admin-token")
                                        : new OperatorVerdict.Nobody(),
                        new Published(
                                () -> bytes("{\"issuer\":\"" + EXTERNAL + "\"}"),
                                () -> bytes("{\"keys\":[]}"),
                                () -> bytes("{\"issuer\":\"" + EXTERNAL + "/federation\"}"),
                                () -> bytes("{\"keys\":[1]}")),
                        () -> EXTERNAL,
                        explainForCallers);
        server =
                new BridgeServer(loops, settings, limits, ports, metrics, InstantSource.fixed(NOW));
        server.start();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static ExchangeOutcome issued(Set<String> scope) {
        return issued(scope, "Bearer", true);
    }

    static ExchangeOutcome issued(Set<String> scope, String tokenType, boolean revocable) {
        return new ExchangeOutcome.Issued(
                "iss_01J",
                GivenDecision.of(
                        GivenIdentity.of("github:1", new Claims(Map.of()), NOW),
                        new Target(
                                "internal-api",
                                "team@acme.example",
                                null,
                                Duration.ofHours(1),
                                true,
                                SenderConstraint.NONE,
                                new Jwt("https://api.acme.example", List.of(), Map.of(), "ES256"),
                                null),
                        scope,
                        Duration.ofMinutes(10),
                        NOW,
                        SenderProof.NONE),
                new MintedCredential(
                        Secret.of(MINTED),
                        tokenType,
                        "urn:ietf:params:oauth:token-type:access_token",
                        NOW.plusSeconds(600),
                        revocable));
    }

    static ExchangeOutcome refusal(RefusalReason reason) {
        return new ExchangeOutcome.Refused(reason, "rct_exchange", null, null);
    }

    BridgeServer serverToClose() {
        return server;
    }

    int port() {
        return server.port();
    }

    URI uri(String path) {
        return URI.create(server.url() + path);
    }

    /// Name, value, name, value: encoded.
    static String form(String... pairs) {
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            form.append(i == 0 ? "" : "&")
                    .append(URLEncoder.encode(pairs[i], StandardCharsets.UTF_8))
                    .append('=')
                    .append(URLEncoder.encode(pairs[i + 1], StandardCharsets.UTF_8));
        }
        return form.toString();
    }

    /// A good token request, and more pairs behind it.
    static String tokenForm(String... more) {
        String form =
                form(
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:token-exchange",
                        "subject_token",
                        "a.b.c",
                        "subject_token_type",
                        "urn:ietf:params:oauth:token-type:jwt",
                        "audience",
                        "internal-api");
        return more.length == 0 ? form : form + "&" + form(more);
    }

    HttpResponse<String> post(String path, String type, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> token(String body) throws IOException, InterruptedException {
        return post("/token", FORM, body);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    static Claims json(HttpResponse<String> response) {
        try {
            return StrictJson.object(response.body().getBytes(StandardCharsets.UTF_8));
        } catch (StrictJson.Malformed e) {
            throw new AssertionError("no JSON object: " + response.body(), e);
        }
    }

    @Override
    public void close() {
        server.close();
        client.close();
        loops.close();
        metrics.close();
    }
}
