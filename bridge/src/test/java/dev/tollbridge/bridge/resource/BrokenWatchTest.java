package dev.tollbridge.bridge.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.cluster.Resources;
import dev.tollbridge.bridge.rules.LiveRules;
import dev.tollbridge.bridge.testing.Eventually;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.testing.cluster.BreakableLine;
import dev.tollbridge.testing.cluster.ClusterFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Watches of a real API server that break and cannot be had.
class BrokenWatchTest {

    @TempDir private Path folder;
    private final ClusterFixture cluster = Resources.cluster();
    private final TestIssuer issuer = TestIssuer.rsa();

    @BeforeEach
    void prepare() {
        ClusterBridge.prepare(cluster, issuer);
    }

    @AfterEach
    void clean() {
        ClusterBridge.clean(cluster);
    }

    private ClusterBridge served(Path kubeconfig, Duration within) {
        return new ClusterBridge(
                cluster, issuer, folder.resolve(UUID.randomUUID().toString()), kubeconfig, within);
    }

    private static String pair(String name) {
        return ClusterBridge.targetResource(name)
                + "---\n"
                + ClusterBridge.grantResource(name, name, "");
    }

    private Path through(BreakableLine line) throws IOException {
        return Files.writeString(
                folder.resolve("line.kubeconfig"),
                Files.readString(ClusterBridge.kubeconfig(cluster))
                        .replace(cluster.url(), line.url()));
    }

    @Test
    void aStormOfReconnectsLosesNoEdit() throws IOException {
        try (BreakableLine line = BreakableLine.to(cluster.url());
                ClusterBridge served = served(through(line), LiveRules.LOOKED_AT_WITHIN)) {
            for (int i = 0; i < 20; i++) {
                int calls = line.calls();
                line.drop();
                assertThat(served.exchange("internal-api")).isEqualTo("issued");
                Eventually.is("it calls again", () -> line.calls() > calls);
                if (i % 5 == 0) {
                    served.apply(pair("storm-" + i));
                }
            }
            for (int i = 0; i < 20; i += 5) {
                String name = "storm-" + i;
                Eventually.is("edit " + i, () -> served.exchange(name).equals("issued"));
            }
        }
    }

    @Test
    void anApiServerThatIsAwayIsNotFloodedWithCalls() throws IOException {
        try (BreakableLine line = BreakableLine.to(cluster.url());
                ClusterBridge served = served(through(line), LiveRules.LOOKED_AT_WITHIN)) {
            line.cut();
            int before = line.calls();
            long since = System.nanoTime();
            // Four watches, a look every two seconds, the Lease: more than once each.
            Eventually.is("it tries again", () -> line.calls() >= before + 20);
            double seconds = (System.nanoTime() - since) / 1e9;
            assertThat((line.calls() - before) / (seconds + 1)).as("calls a second").isLessThan(20);
            assertThat(served.exchange("internal-api")).isEqualTo("issued");
            line.mend();
        }
    }

    @Test
    @DisplayName("DESIGN 14 rule 3: a bridge whose view is older than --config-max-age answers 503")
    void rule3_exchangesAreRefusedWhenTheViewIsTooOldAndGoOnWhenItIsNot() throws IOException {
        try (BreakableLine line = BreakableLine.to(cluster.url());
                ClusterBridge served = served(through(line), Duration.ofSeconds(10))) {
            line.cut();
            assertThat(served.exchange("internal-api")).as("the last good set").isEqualTo("issued");
            Resources.succeed(cluster.kubectl("delete", "grant", "deploy"));
            Eventually.is(
                    "a view that is too old decides nothing",
                    () -> served.exchange("internal-api").equals("overloaded"));
            line.mend();
            Eventually.is(
                    "what was taken away meanwhile is gone",
                    () -> served.exchange("internal-api").equals("grant_missing"));
        }
    }

    @Test
    void anEditReachesEveryReplica() {
        Path kubeconfig = ClusterBridge.kubeconfig(cluster);
        try (ClusterBridge one = served(kubeconfig, LiveRules.LOOKED_AT_WITHIN);
                ClusterBridge other = served(kubeconfig, LiveRules.LOOKED_AT_WITHIN)) {
            one.apply(pair("everywhere"));
            Eventually.is("one has it", () -> one.exchange("everywhere").equals("issued"));
            Eventually.is("the other too", () -> other.exchange("everywhere").equals("issued"));
            one.delete("grant", "everywhere");
            Eventually.is("one", () -> one.exchange("everywhere").equals("grant_missing"));
            Eventually.is("the other", () -> other.exchange("everywhere").equals("grant_missing"));
        }
    }
}
