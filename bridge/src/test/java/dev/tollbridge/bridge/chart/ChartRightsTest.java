package dev.tollbridge.bridge.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.bridge.admission.AdmissionRules;
import dev.tollbridge.bridge.admission.ResourceSettings;
import dev.tollbridge.bridge.client.DpopKey;
import dev.tollbridge.bridge.cluster.Resources;
import dev.tollbridge.bridge.config.Documents;
import dev.tollbridge.bridge.rules.LiveRules;
import dev.tollbridge.bridge.serve.DocumentsFrom;
import dev.tollbridge.bridge.serve.KeptIn;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.serve.Stores;
import dev.tollbridge.bridge.testing.Eventually;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.Tokens;
import dev.tollbridge.testing.cluster.ClusterFixture;
import dev.tollbridge.webhook.cluster.Leadership;
import dev.tollbridge.webhook.detect.engine.StandardDetectors;
import dev.tollbridge.webhook.http.Limits;
import dev.tollbridge.webhook.http.ListenAt;
import dev.tollbridge.webhook.registration.Reachable;
import dev.tollbridge.webhook.serve.Webhook;
import dev.tollbridge.webhook.serve.WebhookOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rights that the chart gives are enough: bridge and webhook run in this process with their
/// accounts' tokens, and with no other right, on a real API server.
class ChartRightsTest {

    private static final Set<String> RIGHTS =
            Set.of("ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding");
    private static final ClusterFixture cluster = Resources.cluster();
    private static final String AUDIENCE = "https://tollbridge.acme.example";
    private static final String ISSUER = "https://ci.chart.example";
    private static String rights = "";

    @BeforeAll
    static void give() {
        if (!cluster.kubectl("get", "namespace", Helm.NAMESPACE).succeeded()) {
            Resources.succeed(cluster.kubectl("create", "namespace", Helm.NAMESPACE));
        }
        List<JsonNode> objects =
                Rendering.of(Variants.of("webhook.sweep.minutes=30")).objects().stream()
                        .filter(object -> RIGHTS.contains(object.path("kind").asText()))
                        .toList();
        rights = new Rendering(objects).yaml();
        Resources.succeed(Resources.kubectl(rights, "apply"));
    }

    @AfterAll
    static void takeAway() {
        Resources.kubectl(rights, "delete", "--ignore-not-found");
        cluster.kubectl(
                "delete",
                "validatingwebhookconfiguration,mutatingwebhookconfiguration",
                "tollbridge-webhook",
                "--ignore-not-found");
        cluster.kubectl(
                "delete", "trustedissuers,targets,grants,admissionsettings", "--all", "--wait");
        cluster.kubectl(
                "delete",
                "issuances,tokenuses,jobsessions,ledgerstates,secretverdicts,leases,secrets",
                "--all",
                "--namespace",
                Helm.NAMESPACE);
    }

    private static Path account(String name) {
        String token =
                Resources.succeed(
                                cluster.kubectl(
                                        "create",
                                        "token",
                                        name,
                                        "--namespace",
                                        Helm.NAMESPACE,
                                        "--duration=1h"))
                        .output()
                        .strip();
        return cluster.kubeconfig(name, token);
    }

    @Test
    void theBridgeIssuesByResourcesAndTheSharedLedger(@TempDir Path data) {
        TestIssuer issuer = TestIssuer.rsa();
        Resources.succeed(Resources.kubectl(documents(issuer), "apply"));
        String kubeconfig = account("tollbridge-bridge").toString();
        try (ServedBridge bridge =
                new ServedBridge(
                        ServeSettings.local(data, data)
                                .withConfig(
                                        new DocumentsFrom.Cluster(
                                                kubeconfig,
                                                Helm.NAMESPACE,
                                                LiveRules.LOOKED_AT_WITHIN))
                                .withStores(
                                        Stores.shared(
                                                new KeptIn.Cluster(kubeconfig, Helm.NAMESPACE))))) {
            assertThat(
                            cluster.kubectl(
                                            "get",
                                            "secret",
                                            "tollbridge-signing-keys",
                                            "--namespace",
                                            Helm.NAMESPACE)
                                    .output())
                    .contains("tollbridge.dev/signing-keys");
            String token =
                    issuer.sign(
                            Tokens.plain(ISSUER, AUDIENCE, Instant.now()).claim("jti", "once"),
                            "key-1");
            assertThat(bridge.exchange(token, "chart-api").has("access_token")).isTrue();
            assertThat(bridge.exchange(token, "chart-api").path("reason").asText())
                    .isEqualTo("token_replayed");
            goesThroughASession(bridge, issuer);
            Eventually.is(
                    "the grant's condition is written",
                    () ->
                            cluster.kubectl("get", "grant", "chart", "--output=yaml")
                                    .output()
                                    .contains("type: Warm"));
            Eventually.is(
                    "one bridge holds the leases",
                    () -> lease("tollbridge-status") && lease("tollbridge-ledger"));
        }
    }

    private static void goesThroughASession(ServedBridge bridge, TestIssuer issuer) {
        DpopKey key = DpopKey.generate();
        String token =
                issuer.sign(
                        Tokens.plain(ISSUER, AUDIENCE, Instant.now()).claim("jti", "session"),
                        "key-1");
        JsonNode opened = bridge.openSession(key, bridge.url(), token, "chart-api");
        String handle = opened.path("handle").asText();
        JsonNode resumed = bridge.proved(key, bridge.url(), "/session", "handle", handle);
        String next = resumed.path("handle").asText();
        assertThat(next).as(resumed.toString()).startsWith("snh_");
        assertThat(sessions()).contains("chart-api");
        assertThat(bridge.revoke(next)).isEqualTo(200);
        assertThat(sessions()).contains("No resources");
    }

    private static String sessions() {
        return cluster.kubectl("get", "jobsessions", "--namespace", Helm.NAMESPACE).output();
    }

    @Test
    void theWebhookMakesItsCertificateRegistersSweepsAndSaysWhatBecameOfItsSettings() {
        Resources.succeed(
                Resources.kubectl(
                        """
                        apiVersion: tollbridge.dev/v1alpha1
                        kind: AdmissionSettings
                        metadata: {name: default}
                        spec: {default: audit}
                        """,
                        "apply"));
        try (Webhook webhook =
                Webhook.start(
                        new WebhookOptions(
                                new ListenAt("127.0.0.1", 0),
                                new ListenAt("127.0.0.1", 0),
                                null,
                                null,
                                null,
                                Limits.DEFAULT,
                                StandardDetectors::shipped,
                                new WebhookOptions.InCluster(
                                        account("tollbridge-webhook"),
                                        new Reachable.Url("", ""),
                                        Helm.NAMESPACE,
                                        List.of("127.0.0.1", "localhost"),
                                        "",
                                        Duration.ofMinutes(30),
                                        new ResourceSettings(
                                                InstantSource.system(), Helm.NAMESPACE),
                                        Leadership.Timing.DEFAULT)),
                        AdmissionRules.of(Documents.EMPTY, Helm.NAMESPACE))) {
            assertThat(webhook.url()).startsWith("https://");
            Eventually.is(
                    "it has registered",
                    () ->
                            cluster.kubectl(
                                                    "get",
                                                    "validatingwebhookconfiguration,mutatingwebhookconfiguration",
                                                    "--output=name")
                                            .output()
                                            .lines()
                                            .filter(line -> line.endsWith("/tollbridge-webhook"))
                                            .count()
                                    == 2);
            Eventually.is("it has swept", () -> lease("tollbridge-webhook-sweep"));
            assertThat(lease("tollbridge-webhook")).isTrue();
            Eventually.is(
                    "the settings say that they are in force",
                    () ->
                            cluster.kubectl(
                                            "get",
                                            "admissionsettings",
                                            "default",
                                            "--output=jsonpath={.status.conditions[?(@.type=='Ready')].reason}")
                                    .output()
                                    .equals("InForce"));
        }
    }

    private static boolean lease(String name) {
        return cluster.kubectl("get", "lease", name, "--namespace", Helm.NAMESPACE).succeeded();
    }

    private static String documents(TestIssuer issuer) {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: TrustedIssuer
        metadata: {name: chart}
        spec:
          issuer: %s
          audience: %s
          keys: {inline: %s}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: chart-api}
        spec:
          owner: team@acme.example
          jwt: {audience: "https://chart-api.acme.example"}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Grant
        metadata: {name: chart}
        spec:
          owner: team@acme.example
          issuer: chart
          match: {sub: job-42}
          allow: [{target: chart-api, ttl: 10m}]
          session: {max: 2h}
          mayOutliveSubject: true
          acknowledge: [outlives-subject]
        """
                .formatted(ISSUER, AUDIENCE, issuer.jwks());
    }
}
