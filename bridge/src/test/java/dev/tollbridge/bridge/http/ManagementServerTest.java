package dev.tollbridge.bridge.http;

import static dev.tollbridge.bridge.http.RunningBridge.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.exchange.NoSessions;
import dev.tollbridge.bridge.lifecycle.AtProvider;
import dev.tollbridge.bridge.lifecycle.Revocation;
import dev.tollbridge.bridge.lifecycle.Revoked;
import dev.tollbridge.bridge.metrics.BridgeMetrics;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.Target;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManagementServerTest {

    @TempDir static Path data = Path.of("");

    private static final EventLoops LOOPS = EventLoops.start(1);
    private static final FewIssuances LEDGER = new FewIssuances();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final List<String> REVOKED = new ArrayList<>();
    private static volatile Readiness readiness = new Readiness(true, List.of());
    private static @Nullable ManagementServer server;
    private static String admin = "";

    @BeforeAll
    static void start() throws Exception {
        AdminToken token = AdminToken.openOrCreate(data);
        admin = token.secret().reveal();
        Revocation revocation =
                new Revocation() {
                    @Override
                    public Revoked revoke(Secret handle, String by) {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public Revoked revokeIssuance(String issuance, String by) {
                        REVOKED.add(issuance + " by " + by);
                        return new Revoked(
                                issuance,
                                true,
                                AtProvider.CANNOT_END,
                                null,
                                Instant.parse("2026-11-21T10:10:00Z"));
                    }

                    @Override
                    public Secret handed(
                            String issuance, Target target, MintedCredential credential) {
                        throw new UnsupportedOperationException();
                    }

                    @Override
                    public boolean revocable(AuditRecord issuance) {
                        return false;
                    }
                };
        ManagementServer started =
                new ManagementServer(
                        LOOPS,
                        ListenerSettings.local(0),
                        ServerLimits.DEFAULT,
                        new ManagementPorts(
                                () -> readiness,
                                new BridgeMetrics(),
                                LEDGER,
                                revocation,
                                new NoSessions(),
                                token,
                                () -> List.of(Map.of("name", "github")),
                                () -> List.of(Map.of("name", "payments-deploy")),
                                () -> List.of(Map.of("name", "internal-api")),
                                () -> List.of(Map.of("kid", "k1"))));
        started.start();
        server = started;
    }

    @AfterAll
    static void stop() {
        ManagementServer running = server;
        if (running != null) {
            running.close();
        }
        CLIENT.close();
        LOOPS.close();
    }

    private static HttpResponse<String> ask(String method, String path, String... headers)
            throws Exception {
        ManagementServer running = java.util.Objects.requireNonNull(server);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(running.url() + path))
                        .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> asAdmin(String method, String path) throws Exception {
        return ask(method, path, "Authorization", "Bearer " + admin);
    }

    @Test
    void saysHowItIs() throws Exception {
        assertThat(ask("GET", "/healthz").statusCode()).isEqualTo(200);
        assertThat(ask("GET", "/readyz").body()).isEqualTo("{\"ready\":true,\"reasons\":[]}");
        readiness = new Readiness(true, List.of("the configuration is stale"));
        assertThat(ask("GET", "/readyz").statusCode()).isEqualTo(200);
        readiness = new Readiness(false, List.of("the ledger cannot be written"));
        assertThat(ask("GET", "/readyz").statusCode()).isEqualTo(503);
        readiness = new Readiness(true, List.of());
        HttpResponse<String> metrics = ask("GET", "/metrics");
        assertThat(metrics.body()).contains("jvm_memory_used_bytes");
        assertThat(metrics.headers().firstValue("content-type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "issuances",
                "issuances/iss_1",
                "receipts/rct_1",
                "issuers",
                "grants",
                "targets",
                "keys"
            })
    @DisplayName("DESIGN 14 rule 7: the admin API asks for a caller")
    void rule7_adminAsksForACaller(String path) throws Exception {
        HttpResponse<String> nobody = ask("GET", "/admin/v1/" + path);
        assertThat(nobody.statusCode()).isEqualTo(401);
        assertThat(nobody.headers().firstValue("www-authenticate")).isPresent();
        HttpResponse<String> somebody =
                ask("GET", "/admin/v1/" + path, "Authorization", "Bearer " + RunningBridge.MINTED);
        assertThat(somebody.statusCode()).isEqualTo(401);
        assertThat(asAdmin("GET", "/admin/v1/" + path).statusCode()).isEqualTo(200);
    }

    @Test
    void listsIssuancesByWhatIsAsked() throws Exception {
        HttpResponse<String> response =
                asAdmin(
                        "GET",
                        "/admin/v1/issuances?subject=github%3Arepo%3A1&target=internal-api&since=2026-11-21T00:00:00Z&limit=5");
        assertThat((List<?>) json(response).get("issuances")).hasSize(1);
        assertThat(LEDGER.queries.getLast().subject()).isEqualTo("github:repo:1");
        assertThat(LEDGER.queries.getLast().target()).isEqualTo("internal-api");
        assertThat(LEDGER.queries.getLast().since())
                .isEqualTo(Instant.parse("2026-11-21T00:00:00Z"));
        assertThat(LEDGER.queries.getLast().limit()).isEqualTo(5);
        assertThat(asAdmin("GET", "/admin/v1/issuances?limit=0").statusCode()).isEqualTo(400);
        assertThat(asAdmin("GET", "/admin/v1/issuances?since=yesterday").statusCode())
                .isEqualTo(400);
    }

    @Test
    void showsRecordsByTheNamesOfTheRecord() throws Exception {
        assertThat(json(asAdmin("GET", "/admin/v1/issuances/iss_1")).members())
                .containsEntry("id", "iss_1")
                .containsEntry("kind", "issued")
                .containsEntry("target_kind", "jwt")
                .containsEntry("token_fingerprint", "f00d")
                .containsEntry("expires", "2026-11-21T10:10:00Z")
                .containsEntry("ttl", 600L)
                .containsEntry("status", "issued")
                .containsEntry("other_peer", true);
        assertThat(json(asAdmin("GET", "/admin/v1/receipts/rct_1")).string("receipt"))
                .isEqualTo("rct_1");
        assertThat(asAdmin("GET", "/admin/v1/receipts/rct_2").statusCode()).isEqualTo(404);
        assertThat(asAdmin("GET", "/admin/v1/issuances/iss_2").statusCode()).isEqualTo(404);
        assertThat(asAdmin("GET", "/admin/v1/issuances/..%2F").statusCode()).isEqualTo(404);
    }

    @Test
    void revokesAndSaysWhatTheProviderCannotDo() throws Exception {
        assertThat(ask("POST", "/admin/v1/issuances/iss_1/revoke").statusCode()).isEqualTo(401);
        assertThat(asAdmin("GET", "/admin/v1/issuances/iss_1/revoke").statusCode()).isEqualTo(405);
        assertThat(asAdmin("POST", "/admin/v1/issuances/iss_2/revoke").statusCode()).isEqualTo(404);
        assertThat(json(asAdmin("POST", "/admin/v1/issuances/ses_known/revoke")).members())
                .containsEntry("revoked", true);
        assertThat(json(asAdmin("POST", "/admin/v1/issuances/ses_other/revoke")).members())
                .containsEntry("revoked", false);
        assertThat(json(asAdmin("POST", "/admin/v1/issuances/iss_1/revoke")).members())
                .containsEntry("revoked", true)
                .containsEntry("provider", "cannot_end")
                .containsEntry("expires", "2026-11-21T10:10:00Z");
        assertThat(REVOKED).containsExactly("iss_1 by admin-token");
    }

    @Test
    void tellsWhatCannotBeEndedEarly() throws Exception {
        assertThat(json(asAdmin("GET", "/admin/v1/issuances/iss_1")).get("revocable"))
                .isEqualTo(false);
    }
}
