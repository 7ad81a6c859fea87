package dev.tollbridge.bridge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.tollbridge.bridge.cli.TollbridgeCommand;
import dev.tollbridge.bridge.serve.KeptIn;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.serve.Stores;
import dev.tollbridge.bridge.testing.Eventually;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.Tokens;
import dev.tollbridge.testing.cluster.ClusterFixture;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// Two whole bridges of one namespace, with nothing in common but the API server, are one issuer to
/// everybody else.
class OneKeyringTest {

    private static final String AUDIENCE = "https://tollbridge.acme.example";
    private static final String ISSUER = "https://ci.keys.example";

    @TempDir private Path folder;
    private final ClusterFixture cluster = Resources.cluster();
    private final TestIssuer issuer = TestIssuer.rsa();
    private final String namespace = "ring-" + UUID.randomUUID().toString().substring(0, 8);
    private Path config;

    @BeforeEach
    void prepare() throws IOException {
        Resources.succeed(cluster.kubectl("create", "namespace", namespace));
        config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(
                config.resolve("documents.yaml"),
                """
                apiVersion: tollbridge.dev/v1alpha1
                kind: TrustedIssuer
                metadata: {name: ci}
                spec: {issuer: %s, audience: %s, keys: {inline: %s}}
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
                metadata: {name: deploy}
                spec:
                  owner: team@acme.example
                  issuer: ci
                  match: {sub: job-42}
                  allow: [{target: internal-api, ttl: 10m}]
                """
                        .formatted(ISSUER, AUDIENCE, issuer.jwks()));
    }

    @AfterEach
    void leave() {
        cluster.kubectl("delete", "namespace", namespace, "--wait=false");
    }

    private ServedBridge bridge(String name) {
        return new ServedBridge(
                ServeSettings.local(config, folder.resolve(name))
                        .withExternalUrl(AUDIENCE)
                        .withStores(
                                Stores.shared(
                                        new KeptIn.Cluster(
                                                cluster.kubeconfig().toString(), namespace))));
    }

    private JsonNode exchange(ServedBridge bridge) {
        return bridge.exchange(
                issuer.sign(
                        Tokens.plain(ISSUER, AUDIENCE, Instant.now())
                                .claim("jti", UUID.randomUUID().toString()),
                        "key-1"),
                "internal-api");
    }

    private static boolean verifiesBy(ServedBridge bridge, String token) {
        try {
            JWSObject jws = JWSObject.parse(token);
            JWK key =
                    JWKSet.parse(bridge.published("/jwks").toString())
                            .getKeyByKeyId(jws.getHeader().getKeyID());
            return key != null && jws.verify(new ECDSAVerifier(key.toECKey()));
        } catch (java.text.ParseException | com.nimbusds.jose.JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String kid(String token) {
        try {
            return JWSObject.parse(token).getHeader().getKeyID();
        } catch (java.text.ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    /// `tollbridge keys ...` on the shared keys, as an operator runs it.
    private String keys(String... words) {
        List<String> all = new ArrayList<>(List.of("keys"));
        all.addAll(List.of(words));
        all.addAll(
                List.of(
                        "--keys",
                        "kubernetes",
                        "--keys-cluster",
                        "kubeconfig:" + cluster.kubeconfig(),
                        "--namespace",
                        namespace));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = TollbridgeCommand.commandLine();
        int exit =
                command.setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(all.toArray(String[]::new));
        assertThat(exit).as(err.toString()).isZero();
        return out.toString();
    }

    @Test
    void whatOneSignsTheOthersKeySetVerifies() {
        try (ServedBridge one = bridge("one");
                ServedBridge other = bridge("other")) {
            JsonNode answer = exchange(one);
            String token = answer.path("access_token").asText();
            assertThat(verifiesBy(other, token)).isTrue();
            assertThat(other.published("/federation/jwks"))
                    .isEqualTo(one.published("/federation/jwks"));
            assertThat(other.introspect(token).path("active").asBoolean()).isTrue();
            // A handle of one is the other's, too.
            other.revoke(answer.path("revocation_handle").asText());
            assertThat(one.introspect(token).path("active").asBoolean()).isFalse();
            // Nothing of the keys lies in the data folder.
            assertThat(folder.resolve("one/keys")).doesNotExist();
            assertThat(one.data()).doesNotContain("\"private\"");
        }
    }

    @Test
    void anOperatorsRotationAndRevocationReachEveryBridge() {
        try (ServedBridge one = bridge("one");
                ServedBridge other = bridge("other")) {
            String before = exchange(one).path("access_token").asText();
            String next =
                    keys("list")
                            .lines()
                            .filter(line -> line.contains(" bridge") && line.contains("next"))
                            .map(line -> line.substring(0, line.indexOf(' ')))
                            .findFirst()
                            .orElseThrow();
            assertThat(one.published("/jwks").toString()).as("published ahead").contains(next);
            assertThat(other.published("/jwks").toString()).contains(next);

            keys("activate", next, "--force");
            for (ServedBridge bridge : List.of(one, other)) {
                Eventually.is(
                        "it signs with the new key",
                        () -> kid(exchange(bridge).path("access_token").asText()).equals(next));
                assertThat(verifiesBy(bridge, before)).as("the old one is retired").isTrue();
            }

            keys("revoke", kid(before));
            for (ServedBridge bridge : List.of(one, other)) {
                Eventually.is(
                        "the revoked key is not published",
                        () -> !bridge.published("/jwks").toString().contains(kid(before)));
                assertThat(bridge.introspect(before).path("active").asBoolean()).isFalse();
            }
        }
    }
}
