package dev.tollbridge.bridge.resource;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.bridge.cluster.Resources;
import dev.tollbridge.bridge.rules.LiveRules;
import dev.tollbridge.bridge.serve.DocumentsFrom;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.Tokens;
import dev.tollbridge.testing.cluster.ClusterFixture;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/// A whole bridge whose documents are custom resources, and what a test writes there.
final class ClusterBridge implements AutoCloseable {

    static final String AUDIENCE = "https://tollbridge.acme.example";
    static final String ISSUER = "https://ci.example";
    static final String NAMESPACE = "tollbridge";

    final TestIssuer issuer;
    final ServedBridge bridge;
    private final ClusterFixture cluster;

    ClusterBridge(ClusterFixture cluster, TestIssuer issuer, Path data) {
        this(cluster, issuer, data, kubeconfig(cluster), LiveRules.LOOKED_AT_WITHIN);
    }

    /// @param within how old its view of the resources may be
    ClusterBridge(
            ClusterFixture cluster,
            TestIssuer issuer,
            Path data,
            Path kubeconfig,
            Duration within) {
        this.cluster = cluster;
        this.issuer = issuer;
        this.bridge =
                new ServedBridge(
                        ServeSettings.local(data, data)
                                .withConfig(
                                        new DocumentsFrom.Cluster(
                                                kubeconfig.toString(), NAMESPACE, within)));
    }

    /// Of the bridge's own service account, which may do what `examples/kubernetes` says.
    static Path kubeconfig(ClusterFixture cluster) {
        String token =
                Resources.succeed(
                                cluster.kubectl(
                                        "create",
                                        "token",
                                        "tollbridge-bridge",
                                        "-n",
                                        NAMESPACE,
                                        "--duration=2h"))
                        .output()
                        .strip();
        return cluster.kubeconfig("bridge", token);
    }

    /// A namespace, the bridge's rights, an issuer, a target and a grant.
    static void prepare(ClusterFixture cluster, TestIssuer issuer) {
        Resources.succeed(
                Resources.kubectl(
                        cluster,
                        "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + NAMESPACE + "}",
                        "apply"));
        Resources.succeed(
                cluster.kubectl("apply", "-f", "../examples/kubernetes/bridge-rbac.yaml"));
        Resources.succeed(
                Resources.kubectl(
                        cluster,
                        issuerResource(issuer, "")
                                + "---\n"
                                + targetResource("internal-api")
                                + "---\n"
                                + grantResource("deploy", "internal-api", ""),
                        "apply"));
    }

    static void clean(ClusterFixture cluster) {
        Resources.succeed(
                cluster.kubectl("delete", "trustedissuers,targets,grants", "--all", "--wait"));
    }

    static String issuerResource(TestIssuer issuer, String more) {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: TrustedIssuer
        metadata: {name: ci}
        spec:
          issuer: %s
          audience: %s
          keys: {inline: %s}
        """
                        .formatted(ISSUER, AUDIENCE, issuer.jwks())
                + more;
    }

    static String targetResource(String name) {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: %1$s}
        spec:
          owner: team@acme.example
          jwt: {audience: "https://%1$s.acme.example"}
        """
                .formatted(name);
    }

    static String grantResource(String name, String target, String more) {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: Grant
        metadata: {name: %s}
        spec:
          owner: team@acme.example
          issuer: ci
          match: {sub: job-42}
          allow: [{target: %s, ttl: 10m}]
        """
                        .formatted(name, target)
                + more;
    }

    void apply(String yaml) {
        Resources.succeed(Resources.kubectl(cluster, yaml, "apply"));
    }

    void delete(String kind, String name) {
        Resources.succeed(cluster.kubectl("delete", kind, name));
    }

    /// One condition of a resource, as `Status Reason Message`; empty where there is none.
    String condition(String kind, String name, String type) {
        return cluster.kubectl(
                        "get",
                        kind,
                        name,
                        "-o",
                        "jsonpath={range .status.conditions[?(@.type==\"%s\")]}{.status} {.reason} {.message}{end}"
                                .formatted(type))
                .output();
    }

    String token() {
        return issuer.sign(
                Tokens.plain(ISSUER, AUDIENCE, Instant.now())
                        .claim("jti", UUID.randomUUID().toString()),
                "key-1");
    }

    /// `issued`, or the reason of the refusal.
    String exchange(String target) {
        return said(bridge.exchange(token(), target));
    }

    static String said(JsonNode answer) {
        return answer.has("access_token") ? "issued" : answer.path("reason").asText();
    }

    @Override
    public void close() {
        bridge.close();
    }
}
