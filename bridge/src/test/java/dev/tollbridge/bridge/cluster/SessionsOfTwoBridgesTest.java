package dev.tollbridge.bridge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.bridge.client.DpopKey;
import dev.tollbridge.bridge.serve.KeptIn;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.serve.Stores;
import dev.tollbridge.bridge.testing.LongJobs;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.testing.cluster.ClusterFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A long job at two whole bridges of one namespace, as the chart installs them: whichever a
/// request reaches.
class SessionsOfTwoBridgesTest {

    private static final String EXTERNAL = "https://bridge.acme.example";

    @TempDir private Path folder;
    private final ClusterFixture cluster = Resources.cluster();
    private final String namespace = "jobs-" + UUID.randomUUID().toString().substring(0, 8);
    private final DpopKey key = DpopKey.generate();
    private LongJobs jobs;

    @BeforeEach
    void prepare() throws IOException {
        Resources.succeed(cluster.kubectl("create", "namespace", namespace));
        jobs = new LongJobs(folder);
    }

    @AfterEach
    void leave() {
        cluster.kubectl("delete", "namespace", namespace, "--wait=false");
    }

    private KeptIn.Cluster here() {
        return new KeptIn.Cluster(cluster.kubeconfig().toString(), namespace);
    }

    private ServeSettings settings(String name) {
        return jobs.settings(name).withExternalUrl(EXTERNAL);
    }

    private ServedBridge bridge(String name) {
        return new ServedBridge(settings(name).withStores(Stores.shared(here())));
    }

    private JsonNode open(ServedBridge bridge) {
        return bridge.openSession(key, EXTERNAL, jobs.token(), "slow-api");
    }

    private JsonNode resume(ServedBridge bridge, JsonNode last) {
        return bridge.proved(key, EXTERNAL, "/session", "handle", handle(last));
    }

    private static String handle(JsonNode answer) {
        assertThat(answer.path("handle").asText()).as(answer.toString()).startsWith("snh_");
        return answer.path("handle").asText();
    }

    private static String credential(JsonNode answer) {
        return answer.path("results").path(0).path("access_token").asText();
    }

    private static boolean active(ServedBridge bridge, String credential) {
        return bridge.introspect(credential).path("active").asBoolean();
    }

    @Test
    void whicheverBridgeIsAskedTheJobGoesOnUntilAHandleComesAgain() {
        try (ServedBridge one = bridge("one");
                ServedBridge other = bridge("other")) {
            JsonNode opened = open(one);
            String first = opened.path("access_token").asText();
            JsonNode second = resume(other, opened);
            JsonNode third = resume(one, second);
            for (ServedBridge bridge : new ServedBridge[] {one, other}) {
                assertThat(active(bridge, first)).isTrue();
                assertThat(active(bridge, credential(second))).isTrue();
                assertThat(active(bridge, credential(third))).isTrue();
            }

            JsonNode replayed = resume(other, opened);

            assertThat(replayed.path("reason").asText()).isEqualTo("session_replayed");
            assertThat(resume(one, third).path("reason").asText()).isEqualTo("session_ended");
            for (ServedBridge bridge : new ServedBridge[] {one, other}) {
                assertThat(active(bridge, first)).isFalse();
                assertThat(active(bridge, credential(second))).isFalse();
                assertThat(active(bridge, credential(third))).isFalse();
            }
        }
    }

    @Test
    void itGoesOnWhenEveryBridgeHasBeenReplaced() {
        JsonNode last;
        try (ServedBridge one = bridge("one")) {
            last = resume(one, open(one));
        }
        try (ServedBridge next = bridge("next")) {
            JsonNode resumed = resume(next, last);
            assertThat(active(next, credential(resumed))).isTrue();
            assertThat(next.revoke(handle(resumed))).isEqualTo(200);
            assertThat(active(next, credential(last))).isFalse();
            assertThat(active(next, credential(resumed))).isFalse();
        }
    }

    @Test
    void withoutSharedKeysNoneIsOpenedAndOperatorsAreToldWhy() {
        try (ServedBridge bridge = new ServedBridge(settings("alone").withLedger(here()))) {
            JsonNode refused = open(bridge);
            assertThat(refused.path("reason").asText()).isEqualTo("session_refused");
            assertThat(refused.has("handle")).isFalse();
            assertThat(bridge.receipt(refused.path("receipt").asText()).toString())
                    .contains("--keys kubernetes");
        }
    }
}
