package dev.tollbridge.bridge.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.serve.AuditSettings.Endpoint;
import dev.tollbridge.bridge.testing.HttpsIssuerServer;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.Tokens;
import dev.tollbridge.bridge.tls.ThrowawayCa;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The bridge as `serve` runs it, with a webhook and a collector behind real https.
class RecordOutletsTest {

    private static final String ISSUER = "https://ci.acme.example";
    private static final String AUDIENCE = "https://tollbridge.acme.example";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    private final TestIssuer ci = new TestIssuer().with("key-1", "ES256", "cli");
    private final ThrowawayCa authority = ThrowawayCa.create(InstantSource.system());
    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> authorizations = new LinkedBlockingQueue<>();
    private HttpsIssuerServer server;
    private final AtomicInteger failing = new AtomicInteger();

    @BeforeEach
    void start() {
        server = HttpsIssuerServer.start(vertx, authority);
        server.on(
                "/hook",
                request ->
                        request.bodyHandler(body -> {
                            authorizations.add(String.valueOf(request.getHeader("authorization")));
                            if (failing.getAndDecrement() > 0) {
                                request.response().setStatusCode(503).end();
                                return;
                            }
                            assertThat(request.getHeader("content-type"))
                                    .isEqualTo("application/x-ndjson");
                            body.toString().lines().forEach(received::add);
                            request.response().setStatusCode(204).end();
                        }));
        server.on(
                "/v1/logs",
                request ->
                        request.bodyHandler(body -> {
                            received.add(body.toString());
                            request.response().end("{}");
                        }));
        server.on("/elsewhere", HttpsIssuerServer.Answer.redirect("https://localhost/hook"));
    }

    @AfterEach
    void stop() {
        server.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private ServeSettings settings(AuditSettings audit) throws IOException {
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(
                config.resolve("documents.yaml"),
                """
                apiVersion: tollbridge.dev/v1alpha1
                kind: TrustedIssuer
                metadata: {name: ci}
                spec:
                  issuer: %s
                  audience: %s
                  algorithms: [ES256]
                  keys: {inline: %s}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: internal-api}
                spec:
                  owner: team@acme.example
                  jwt: {audience: "https://api.acme.example"}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Grant
                metadata: {name: job}
                spec:
                  owner: team@acme.example
                  issuer: ci
                  match: {sub: job-42}
                  allow:
                    - {target: internal-api, ttl: 10m}
                """
                        .formatted(ISSUER, AUDIENCE, ci.jwks()));
        return ServeSettings.local(config, folder.resolve("data"))
                .withEndpoints(
                        AllowedEndpoints.of(List.of(server.url()), authority.certificatePem()))
                .withAudit(audit);
    }

    private String token() {
        return ci.sign(
                Tokens.plain(ISSUER, AUDIENCE, Instant.now())
                        .claim("jti", UUID.randomUUID().toString()),
                "key-1");
    }

    /// The first that arrives with this text in it.
    private String arrives(String text) throws InterruptedException {
        while (true) {
            String line = received.poll(120, TimeUnit.SECONDS);
            assertThat(line).as("nothing more arrives, and " + text + " did not").isNotNull();
            if (line.contains(text)) {
                return line;
            }
        }
    }

    private static AuditSettings webhook(String url, @Nullable Path tokenFile) {
        return new AuditSettings(false, new Endpoint(url, tokenFile), null, null);
    }

    @Test
    void theWebhookGetsTheRecordsOwnLinesAndRefusalsThatAreInNoChain() throws Exception {
        Path secret = Files.writeString(folder.resolve("hook-token"), "hook-secret-0123456789\n");
        failing.set(2);
        try (ServedBridge bridge =
                new ServedBridge(settings(webhook(server.url("/hook"), secret)))) {
            String issuance = bridge.exchange(token(), "internal-api").path("issuance").asText();
            assertThat(issuance).startsWith("iss_");

            String line = arrives(issuance);
            assertThat(record()).contains(line);
            assertThat(authorizations).allMatch("Bearer hook-secret-0123456789"::equals);

            String receipt =
                    bridge.exchange("not-a-token", "internal-api").path("receipt").asText();
            assertThat(JSON.readTree(arrives(receipt)).path("reason").asText())
                    .isEqualTo("token_malformed");
            assertThat(bridge.metrics())
                    .contains("tollbridge_audit_outlet_behind{outlet=\"webhook\"}")
                    .contains("tollbridge_audit_outlet_dropped{outlet=\"webhook\"} 0.0")
                    .contains("tollbridge_audit_outlet_failures{outlet=\"webhook\"}");
        }
        assertThat(record()).noneMatch(line -> line.contains("hook-secret"));
    }

    @Test
    void aCollectorGetsOpenTelemetryLogs() throws Exception {
        AuditSettings audit =
                new AuditSettings(false, null, new Endpoint(server.url("/v1/logs"), null), null);
        try (ServedBridge bridge = new ServedBridge(settings(audit))) {
            String issuance = bridge.exchange(token(), "internal-api").path("issuance").asText();

            JsonNode request = JSON.readTree(arrives(issuance));
            JsonNode resource = request.at("/resourceLogs/0");
            assertThat(resource.at("/resource/attributes/0/key").asText())
                    .isEqualTo("service.name");
            for (JsonNode log : resource.at("/scopeLogs/0/logRecords")) {
                String line = log.at("/body/stringValue").asText();
                if (!line.contains(issuance)) {
                    continue;
                }
                assertThat(record()).contains(line);
                assertThat(log.path("timeUnixNano").asText()).matches("[0-9]{19}");
                assertThat(log.path("severityNumber").asInt()).isEqualTo(9);
                assertThat(log.path("attributes").toString())
                        .contains(
                                "{\"key\":\"tollbridge.kind\",\"value\":{\"stringValue\":\"issued\"}}")
                        .contains("{\"key\":\"tollbridge.ttl\",\"value\":{\"intValue\":\"");
                return;
            }
            throw new AssertionError("no log record of " + issuance);
        }
    }

    @Test
    void aWebhookThatIsAwayKeepsNobodyFromBeingIssued() throws Exception {
        for (String url :
                List.of(server.url("/elsewhere"), server.url().replaceAll(":[0-9]+$", ":1"))) {
            Path allowed = folder.resolve("data");
            ServeSettings settings =
                    settings(webhook(url, null))
                            .withEndpoints(
                                    AllowedEndpoints.of(List.of(url), authority.certificatePem()));
            try (ServedBridge bridge = new ServedBridge(settings)) {
                assertThat(bridge.exchange(token(), "internal-api").path("issuance").asText())
                        .startsWith("iss_");
                assertThat(bridge.metrics()).contains("tollbridge_ledger_healthy 1.0");
            }
            assertThat(allowed.resolve("outlets/webhook.json")).exists();
        }
        assertThat(received).isEmpty();
    }

    @Test
    void addressesThatWereNotAllowedByNameAreNotAsked() throws Exception {
        ServeSettings settings = settings(webhook(server.url("/hook"), null));
        try (ServedBridge bridge =
                new ServedBridge(settings.withEndpoints(AllowedEndpoints.NONE))) {
            bridge.exchange(token(), "internal-api");
        }
        assertThat(received).isEmpty();
        assertThatThrownBy(() ->
                        new ServedBridge(
                                settings.withAudit(webhook("http://hooks.example/x", null))))
                .hasMessageContaining("--audit-webhook")
                .hasMessageContaining("https");
    }

    @Test
    void standardOutputGetsTheSameLines() throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        String issuance;
        try (ServedBridge bridge =
                new ServedBridge(settings(new AuditSettings(true, null, null, null)))) {
            issuance = bridge.exchange(token(), "internal-api").path("issuance").asText();
        } finally {
            System.setOut(before);
        }
        String line =
                printed.toString(StandardCharsets.UTF_8)
                        .lines()
                        .filter(each -> each.contains(issuance))
                        .findFirst()
                        .orElseThrow();
        assertThat(record()).contains(line);
    }

    private List<String> record() throws IOException {
        try (var files = Files.list(folder.resolve("data/audit"))) {
            return files.filter(file -> file.getFileName().toString().matches("audit-.*jsonl"))
                    .flatMap(file -> {
                        try {
                            return Files.readAllLines(file).stream();
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                    })
                    .toList();
        }
    }
}
