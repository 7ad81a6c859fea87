package dev.tollbridge.bridge.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.cluster.Resources;
import dev.tollbridge.bridge.testing.Eventually;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.testing.cluster.ClusterFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A bridge that goes by custom resources of a real API server.
class ServedFromClusterTest {

    @TempDir private Path folder;
    private final ClusterFixture cluster = Resources.cluster();
    private final TestIssuer issuer = TestIssuer.rsa();
    private ClusterBridge served;

    @BeforeEach
    void start() {
        ClusterBridge.prepare(cluster, issuer);
        served = new ClusterBridge(cluster, issuer, folder);
    }

    @AfterEach
    void end() {
        served.close();
        ClusterBridge.clean(cluster);
    }

    @Test
    void exchangesByWhatTheResourcesSay() {
        assertThat(served.exchange("internal-api")).isEqualTo("issued");
        assertThat(served.exchange("nothing")).isEqualTo("grant_missing");
    }

    @Test
    void anEditTakesEffectWhileItRuns() {
        served.apply(
                ClusterBridge.targetResource("second")
                        + "---\n"
                        + ClusterBridge.grantResource("second", "second", ""));

        Eventually.is("the new grant", () -> served.exchange("second").equals("issued"));

        served.delete("grant", "second");
        Eventually.is("the deletion", () -> served.exchange("second").equals("grant_missing"));
        assertThat(served.exchange("internal-api")).isEqualTo("issued");
    }

    @Test
    void conditionsSayWhatBecameOfEachResource() {
        Eventually.is(
                "the issuer is warm",
                () ->
                        served.condition("trustedissuer", "ci", "Warm")
                                .startsWith("True KeysAtHand"));
        Eventually.is(
                "the grant is warm",
                () -> served.condition("grant", "deploy", "Warm").startsWith("True"));
        assertThat(served.condition("grant", "deploy", "Accepted")).startsWith("True");
        assertThat(served.condition("target", "internal-api", "Ready")).startsWith("True InForce");
        assertThat(cluster.kubectl("get", "targets").output()).contains("jwt");
    }

    @Test
    void aRefusedEditKeepsWhatWasThereAndQuotesTheRule() {
        served.apply(ClusterBridge.grantResource("dangling", "no-such-target", ""));

        Eventually.is(
                "the refusal is told",
                () -> served.condition("grant", "dangling", "Accepted").startsWith("False"));
        assertThat(served.condition("grant", "dangling", "Accepted"))
                .contains(
                        "UnknownReference",
                        "spec.allow[0].target",
                        "no-such-target",
                        "[unknown-reference]");
        assertThat(served.exchange("internal-api")).isEqualTo("issued");

        served.apply(ClusterBridge.targetResource("third"));
        Eventually.is(
                "the set is held back",
                () -> served.condition("target", "third", "Ready").contains("SetRefused"));
        assertThat(served.condition("target", "third", "Ready")).contains("Grant/dangling");
        assertThat(served.condition("target", "third", "Accepted")).startsWith("True");
        Eventually.is(
                "an event tells of it",
                () ->
                        cluster.kubectl("get", "events", "-n", "default")
                                .output()
                                .contains("no-such-target"));

        served.delete("grant", "dangling");
        Eventually.is(
                "the set is taken over",
                () -> served.condition("target", "third", "Ready").startsWith("True"));
    }

    @Test
    @DisplayName("DESIGN 4: what takes away applies even when the rest of the edit is refused")
    void killSwitchesHoldWhenTheSetIsRefused() {
        served.apply(ClusterBridge.grantResource("dangling", "no-such-target", ""));
        Eventually.is(
                "the refusal is told",
                () -> served.condition("grant", "dangling", "Accepted").startsWith("False"));

        served.apply(ClusterBridge.issuerResource(issuer, "  denied: [{sub: job-42}]\n"));

        Eventually.is(
                "the subject is refused",
                () -> served.exchange("internal-api").equals("subject_disabled"));

        served.apply(ClusterBridge.issuerResource(issuer, "  enabled: false\n"));
        Eventually.is(
                "the issuer is off",
                () -> served.exchange("internal-api").equals("issuer_unknown"));
    }

    @Test
    void aRemovedGrantOrIssuerStopsWhatItGaveAtOnce() {
        String token =
                served.bridge
                        .exchange(served.token(), "internal-api")
                        .path("access_token")
                        .asText();
        assertThat(served.bridge.introspect(token).path("active").asBoolean()).isTrue();
        // An edit that is refused must not hold a removal back.
        served.apply(ClusterBridge.grantResource("dangling", "no-such-target", ""));

        served.delete("grant", "deploy");
        Eventually.is(
                "no more is given", () -> served.exchange("internal-api").equals("grant_missing"));
        assertThat(served.bridge.introspect(token).path("active").asBoolean())
                .as("what was given counts no more")
                .isFalse();

        served.delete("trustedissuer", "ci");
        Eventually.is(
                "its tokens are nobody's",
                () -> served.exchange("internal-api").equals("issuer_unknown"));
    }

    @Test
    void kubectlShowsAndWaitsForConditions() {
        assertThat(
                        cluster.kubectl(
                                        "wait",
                                        "--for=condition=Warm",
                                        "grant/deploy",
                                        "trustedissuer/ci",
                                        "--timeout=60s")
                                .succeeded())
                .isTrue();
        assertThat(cluster.kubectl("get", "grants").output().lines().toList())
                .satisfiesExactly(
                        head ->
                                assertThat(head.split(" +"))
                                        .containsExactly(
                                                "NAME",
                                                "ISSUER",
                                                "TARGETS",
                                                "EXPIRES",
                                                "ACCEPTED",
                                                "READY",
                                                "WARM",
                                                "AGE"),
                        row ->
                                assertThat(row)
                                        .contains("deploy", "ci", "internal-api")
                                        .containsPattern("True +True +True"));
        assertThat(cluster.kubectl("get", "trustedissuers").output())
                .contains("ACCEPTED", "READY", "WARM");
        served.apply(ClusterBridge.grantResource("paused", "internal-api", "  enabled: false\n"));
        Eventually.is(
                "one that is off says so",
                () -> served.condition("grant", "paused", "Ready").startsWith("False Disabled"));
        served.apply(
                ClusterBridge.issuerResource(issuer, "")
                        .replaceAll(
                                "keys: .*",
                                "keys: {inline: null, url: \"https://127.0.0.1:1/jwks\"}"));
        Eventually.is(
                "an issuer without keys is not warm",
                () ->
                        served.condition("trustedissuer", "ci", "Warm")
                                .startsWith("False KeysUnavailable"));
    }

    @Test
    void startsWithWhatIsAcceptable() {
        served.apply(
                ClusterBridge.grantResource("dangling", "no-such-target", "")
                        + "---\n"
                        + ClusterBridge.targetResource("second")
                        + "---\n"
                        + ClusterBridge.grantResource("second", "second", ""));

        try (ClusterBridge another =
                new ClusterBridge(cluster, issuer, folder.resolve("another"))) {
            assertThat(another.exchange("internal-api")).isEqualTo("issued");
            assertThat(another.exchange("second")).isEqualTo("issued");
        }
    }

    @Test
    void contentOutsideIsReadFromLabelledSecretsOnly() {
        served.apply(
                """
                apiVersion: v1
                kind: Secret
                metadata: {name: ci-keys, namespace: tollbridge}
                stringData: {jwks.json: '%s'}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: TrustedIssuer
                metadata: {name: ci}
                spec:
                  issuer: %s
                  audience: %s
                  keys: {inline: null, secretRef: {name: ci-keys, key: jwks.json}}
                """
                        .formatted(issuer.jwks(), ClusterBridge.ISSUER, ClusterBridge.AUDIENCE));
        Eventually.is(
                "a Secret without the label is not read",
                () -> served.exchange("internal-api").equals("issuer_unavailable"));
        assertThat(folder.resolve("secrets/ci-keys")).doesNotExist();

        Resources.succeed(
                cluster.kubectl(
                        "label",
                        "-n",
                        "tollbridge",
                        "secret",
                        "ci-keys",
                        "tollbridge.dev/configuration=true"));
        Eventually.is(
                "one with the label is", () -> served.exchange("internal-api").equals("issued"));
        assertThat(folder.resolve("secrets/ci-keys/jwks.json")).exists();

        Resources.succeed(cluster.kubectl("delete", "-n", "tollbridge", "secret", "ci-keys"));
        Eventually.is(
                "a deleted one leaves", () -> !Files.exists(folder.resolve("secrets/ci-keys")));
    }
}
