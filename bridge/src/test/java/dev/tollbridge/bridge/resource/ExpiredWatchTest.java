package dev.tollbridge.bridge.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.cluster.Resources;
import dev.tollbridge.bridge.testing.Eventually;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.testing.cluster.ClusterFixture;
import dev.tollbridge.testing.cluster.WatchFaults;
import dev.tollbridge.testing.cluster.WatchFaults.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The watches of a whole bridge expire, or end again and again. A real API server is behind them.
class ExpiredWatchTest {

    private static final List<String> WATCHED =
            List.of("trustedissuers", "targets", "grants", "secrets");

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

    /// A storm may last longer than a view may be old; that is another test's.
    private ClusterBridge served(WatchFaults line) throws IOException {
        Path kubeconfig =
                Files.writeString(
                        folder.resolve("line.kubeconfig"),
                        Files.readString(ClusterBridge.kubeconfig(cluster))
                                .replace(cluster.url(), line.url()));
        return new ClusterBridge(
                cluster, issuer, folder.resolve("data"), kubeconfig, Duration.ofHours(1));
    }

    private static String pair(String name) {
        return ClusterBridge.targetResource(name)
                + "---\n"
                + ClusterBridge.grantResource(name, name, "");
    }

    private static void issues(ClusterBridge served, String name) {
        Eventually.is(name, () -> served.exchange(name).equals("issued"));
    }

    private static void refuses(ClusterBridge served, String name) {
        Eventually.is("no " + name, () -> served.exchange(name).equals("grant_missing"));
    }

    private static void watchesAgain(WatchFaults line) {
        Eventually.is("it watches again", () -> line.running() == WATCHED.size());
    }

    @Test
    void whatHappenedBeforeAWatchWasToldThatItExpiredIsFound() throws IOException {
        try (WatchFaults line = WatchFaults.before(cluster);
                ClusterBridge served = served(line)) {
            served.apply(pair("goes"));
            issues(served, "goes");

            line.hold();
            served.apply(pair("comes"));
            served.delete("grant", "goes");
            assertThat(served.exchange("goes")).as("the last good set").isEqualTo("issued");
            assertThat(served.exchange("comes")).isNotEqualTo("issued");

            line.expire();
            issues(served, "comes");
            refuses(served, "goes");
            watchesAgain(line);
            served.delete("grant", "comes");
            refuses(served, "comes");
        }
    }

    @Test
    void editsArriveByListsWhileEveryWatchIsAnsweredGone() throws IOException {
        try (WatchFaults line = WatchFaults.before(cluster);
                ClusterBridge served = served(line)) {
            served.apply(pair("goes"));
            issues(served, "goes");

            line.fault(Fault.GONE_ANSWERED);
            line.cut();
            served.apply(pair("comes"));
            served.delete("grant", "goes");
            assertThat(served.exchange("internal-api")).isEqualTo("issued");
            issues(served, "comes");
            refuses(served, "goes");

            line.fault(Fault.NONE);
            watchesAgain(line);
            served.delete("grant", "comes");
            refuses(served, "comes");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void aStormOfWatchesThatEndAtOnceIsNotAStormOfRequests(Fault fault) throws IOException {
        try (WatchFaults line = WatchFaults.before(cluster);
                ClusterBridge served = served(line)) {
            watchesAgain(line);
            line.fault(fault);
            Map<String, Integer> lists = new HashMap<>();
            Map<String, Integer> watches = new HashMap<>();
            for (String each : WATCHED) {
                lists.put(each, line.lists(each));
                watches.put(each, line.watches(each));
            }
            int looks = line.requests("/leases/");
            line.cut();

            // Two Leases are looked at every two seconds, storm or not: that is the clock. A watch
            // that is cut goes on from where it was, and lists nothing.
            Eventually.is("twenty looks", () -> line.requests("/leases/") >= looks + 20);
            assertThat(served.exchange("internal-api")).isEqualTo("issued");
            for (String each : WATCHED) {
                assertThat(line.watches(each) - watches.getOrDefault(each, 0))
                        .as("watches of " + each)
                        .isBetween(2, 40);
                assertThat(line.lists(each) - lists.getOrDefault(each, 0))
                        .as("lists of " + each)
                        .isLessThanOrEqualTo(40);
            }

            line.fault(Fault.NONE);
            served.apply(pair("comes"));
            issues(served, "comes");
            watchesAgain(line);
        }
    }
}
