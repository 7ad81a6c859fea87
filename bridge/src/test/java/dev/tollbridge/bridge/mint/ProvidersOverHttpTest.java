package dev.tollbridge.bridge.mint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.mint.azure.EntraEmulator;
import dev.tollbridge.bridge.mint.github.AppKeyFile;
import dev.tollbridge.bridge.mint.github.GitHubEmulator;
import dev.tollbridge.bridge.mint.oauth.PartnerEmulator;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.signing.CryptoProvider;
import dev.tollbridge.bridge.testing.GitHubJobs;
import dev.tollbridge.bridge.testing.HttpsIssuerServer;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.ShownToken;
import dev.tollbridge.bridge.tls.ThrowawayCa;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A GitHub job's token in, credentials of Entra ID, a GitHub App and another authorization server
/// out, over the real doors. The providers find the bridge's keys by discovery, as real ones do.
class ProvidersOverHttpTest {

    private static Vertx vertx;
    private static ThrowawayCa ca;
    private static boolean warm;

    @TempDir private Path folder;

    private final GitHubJobs github = new GitHubJobs();
    private HttpsIssuerServer provider;
    private ServedBridge bridge;
    private GitHubEmulator app;
    private PartnerEmulator partner;

    @BeforeAll
    static void startOnce() {
        CryptoProvider.install();
        vertx = Vertx.vertx();
        ca = ThrowawayCa.create(InstantSource.system());
        ShownToken.warmUp();
    }

    @BeforeEach
    void start() throws IOException {
        provider = HttpsIssuerServer.start(vertx, ca);
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(config.resolve("all.yaml"), documents());
        AppKeyFile.write(
                config.resolve("app.pem"), AppKeyFile.pkcs1(GitHubEmulator.appKey()), "rw-------");
        bridge =
                new ServedBridge(
                        ServeSettings.local(config, folder.resolve("data"))
                                .withEndpoints(
                                        AllowedEndpoints.of(
                                                List.of(provider.url()), ca.certificatePem())));
        app = new GitHubEmulator(GitHubEmulator.appKey(), Instant::now);
        partner =
                new PartnerEmulator(
                        this::discoveredKeys,
                        bridge.url() + "/federation",
                        "target:oauth:partner-api",
                        provider.url("/partner/token"),
                        "RS256",
                        Instant::now);
        provider.otherwise(app)
                .on("/contoso.onmicrosoft.com/oauth2/v2.0/token", entra())
                .on("/partner/token", partner)
                .on("/partner/revoke", partner)
                .on("/broken/token", Answer.status(500))
                .on("/unwilling/token", Answer.status(400));
        if (!warm) {
            // What a first exchange loads takes a busy machine longer than a provider has.
            discoveredKeys();
            bridge.exchange(token(), "unwilling-api");
            warm = true;
        }
    }

    @AfterEach
    void stop() {
        bridge.close();
        provider.close();
    }

    private EntraEmulator entra() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("token_type", "Bearer");
        answer.put("expires_in", 3599);
        answer.put("access_token", EntraEmulator.TOKEN);
        return new EntraEmulator(
                this::discoveredKeys,
                bridge.url() + "/federation",
                "target:azure:azure-deploy",
                "api://AzureADTokenExchange",
                Instant::now,
                answer);
    }

    /// OpenID Connect Discovery 1.0 section 4: the issuer's name, then the keys it points at.
    private String discoveredKeys() {
        JsonNode metadata = bridge.published("/federation/.well-known/openid-configuration");
        if (!metadata.path("issuer").asText().equals(bridge.url() + "/federation")) {
            throw new IllegalStateException("not this issuer's metadata");
        }
        return bridge.published(URI.create(metadata.path("jwks_uri").asText()).getPath())
                .toString();
    }

    private String documents() {
        return github.trusted()
                + """
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: azure-deploy}
                spec:
                  owner: team-payments@acme.example
                  azure: {tenantId: contoso.onmicrosoft.com, clientId: %1$s,
                          scopes: ["https://management.azure.com/.default"], authority: "%2$s"}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: github-payments}
                spec:
                  owner: team-payments@acme.example
                  github: {appId: "123456", privateKey: app.pem, owner: acme, repositories: [payments],
                           permissions: {contents: read}, apiUrl: "%2$s"}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: partner-api}
                spec:
                  owner: team-payments@acme.example
                  oauth: {tokenEndpoint: "%2$s/partner/token", revocationEndpoint: "%2$s/partner/revoke",
                          clientId: bridge-client, clientAuth: private_key_jwt,
                          audience: "https://api.partner.example", scopes: [read]}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: broken-api}
                spec:
                  owner: team-payments@acme.example
                  oauth: {tokenEndpoint: "%2$s/broken/token"}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: unwilling-api}
                spec:
                  owner: team-payments@acme.example
                  oauth: {tokenEndpoint: "%2$s/unwilling/token"}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: internal-api}
                spec:
                  owner: team-payments@acme.example
                  jwt: {audience: "https://api.acme.example", scopes: [read]}
                """
                        .formatted(EntraEmulator.CLIENT, provider.url())
                + GitHubJobs.grant(
                        "{target: azure-deploy, scopes: [\"https://management.azure.com/.default\"]}",
                        "{target: github-payments}",
                        "{target: partner-api, scopes: [read]}",
                        "{target: broken-api}",
                        "{target: unwilling-api}",
                        "{target: internal-api, scopes: [read], ttl: 10m}");
    }

    private String token() {
        return github.token();
    }

    @Test
    void oneTokenGetsCredentialsOfSeveralProvidersAndOneThatFailsSpoilsNoOther() {
        String subject = token();
        JsonNode results =
                bridge.credentials(
                                subject,
                                List.of(
                                        "azure-deploy",
                                        "broken-api",
                                        "github-payments",
                                        "partner-api",
                                        "internal-api"))
                        .path("results");
        assertThat(results).hasSize(5);
        assertThat(results.path(0).path("access_token").asText()).isEqualTo(EntraEmulator.TOKEN);
        assertThat(results.path(0).path("token_type").asText()).isEqualTo("Bearer");
        assertThat(results.path(0).path("expires_in").asInt()).isBetween(3500, 3600);
        assertThat(results.path(1).path("reason").asText()).isEqualTo("target_unavailable");
        assertThat(app.living).contains(results.path(2).path("access_token").asText());
        assertThat(results.path(3).path("access_token").asText()).isEqualTo(PartnerEmulator.TOKEN);
        assertThat(results.path(4).path("access_token").asText()).startsWith("eyJ");
        String data = bridge.data();
        assertThat(data)
                .contains("\"uncertain\"")
                .doesNotContain(EntraEmulator.TOKEN)
                .doesNotContain(PartnerEmulator.TOKEN)
                .doesNotContain("ghs_")
                .doesNotContain(subject);
        assertThat(bridge.metrics()).doesNotContain("ghs_").contains("kind=\"azure\"");
    }

    @Test
    void aRefusalIsExplainedToTheOperatorAndTheTokenIsGivenBack() {
        String subject = token();
        JsonNode refused = bridge.exchange(subject, "unwilling-api");
        assertThat(refused.path("reason").asText()).isEqualTo("target_refused");
        assertThat(bridge.receipt(refused.path("receipt").asText()).toString())
                .contains("the provider answers 400");
        // The provider said no: the token bought nothing, and may be shown again.
        assertThat(bridge.exchange(subject, "azure-deploy").path("access_token").asText())
                .isEqualTo(EntraEmulator.TOKEN);
    }

    @Test
    void aDoubtKeepsTheToken() {
        String subject = token();
        assertThat(bridge.exchange(subject, "broken-api").path("reason").asText())
                .isEqualTo("target_unavailable");
        assertThat(bridge.exchange(subject, "azure-deploy").path("reason").asText())
                .isEqualTo("token_replayed");
    }

    @Test
    void aScopeBeyondTheGrantIsNeverAskedFor() {
        assertThat(provider.requests("/partner/token")).isZero();
        JsonNode given = bridge.exchange(token(), "partner-api");
        assertThat(given.path("scope").asText()).isEqualTo("read");
        assertThat(partner.forms.getFirst()).containsEntry("scope", "read");
    }

    @Test
    void whatTheJobHandsBackIsEndedAtItsProvider() {
        JsonNode token = bridge.exchange(token(), "github-payments");
        assertThat(app.living).contains(token.path("access_token").asText());
        bridge.revoke(token.path("revocation_handle").asText());
        assertThat(app.living).isEmpty();
        JsonNode other = bridge.exchange(token(), "partner-api");
        // The credential itself will do as well as its handle.
        bridge.revoke(other.path("access_token").asText());
        assertThat(partner.revoked).containsExactly(PartnerEmulator.TOKEN);
    }
}
