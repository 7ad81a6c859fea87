package dev.tollbridge.bridge.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.cluster.ClusterClients;
import dev.tollbridge.bridge.cluster.Resources;
import dev.tollbridge.bridge.config.Kind;
import dev.tollbridge.bridge.testing.Eventually;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.testing.cluster.BreakableLine;
import dev.tollbridge.testing.cluster.ClusterFixture;
import dev.tollbridge.testing.cluster.WatchFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The API server ends and comes back under a running bridge.
class ApiServerAwayTest {

    private static ClusterFixture cluster;
    private static final TestIssuer ISSUER = TestIssuer.rsa();

    @TempDir private Path folder;

    @BeforeAll
    static void start() {
        cluster = ClusterFixture.another();
        Resources.install(cluster);
        ClusterBridge.prepare(cluster, ISSUER);
    }

    @AfterAll
    static void end() {
        cluster.stop();
    }

    @Test
    void worksFromTheLastGoodSetAndSeesWhatCameMeanwhile() {
        try (ClusterBridge served = new ClusterBridge(cluster, ISSUER, folder)) {
            assertThat(served.exchange("internal-api")).isEqualTo("issued");

            cluster.stopApiServer();
            assertThat(served.exchange("internal-api")).isEqualTo("issued");

            cluster.startApiServer();
            served.apply(
                    ClusterBridge.targetResource("after")
                            + "---\n"
                            + ClusterBridge.grantResource("after", "after", ""));
            Eventually.is("an edit after that", () -> served.exchange("after").equals("issued"));
            served.delete("grant", "after");
            Eventually.is("and a deletion", () -> served.exchange("after").equals("grant_missing"));
        }
    }

    /// Bytes are cut in front, so that nothing is listed meanwhile; what the API server itself says
    /// of the revision is counted behind.
    @Test
    void findsWhatHappenedWhenTheRevisionThatItWatchedFromIsCompacted() throws IOException {
        try (WatchFaults counted = WatchFaults.before(cluster);
                BreakableLine line = BreakableLine.to(counted.url());
                ClusterBridge served =
                        new ClusterBridge(
                                cluster,
                                ISSUER,
                                folder,
                                Files.writeString(
                                        folder.resolve("line.kubeconfig"),
                                        Files.readString(ClusterBridge.kubeconfig(cluster))
                                                .replace(cluster.url(), line.url())),
                                Duration.ofHours(1))) {
            served.apply(
                    ClusterBridge.targetResource("goes")
                            + "---\n"
                            + ClusterBridge.grantResource("goes", "goes", ""));
            Eventually.is("it is there", () -> served.exchange("goes").equals("issued"));
            Eventually.is("it watches", () -> counted.running() == 4);

            line.cut();
            served.apply(
                    ClusterBridge.targetResource("comes")
                            + "---\n"
                            + ClusterBridge.grantResource("comes", "comes", ""));
            served.delete("grant", "goes");
            cluster.stopApiServer();
            cluster.compact();
            cluster.startApiServer();
            assertThat(served.exchange("goes")).as("the last good set").isEqualTo("issued");

            line.mend();
            Eventually.is("an edit", () -> served.exchange("comes").equals("issued"));
            Eventually.is("a deletion", () -> served.exchange("goes").equals("grant_missing"));
            assertThat(counted.expiredByItself()).as("watches that had expired").isPositive();
        }
    }

    @Test
    @DisplayName("DESIGN 14 rule 3: a watch that is older than its bound counts as unseen")
    void rule3_theLookStandsStillWhileTheApiServerIsAway() {
        try (ClusterClients clients = new ClusterClients();
                var scheduler = Executors.newSingleThreadScheduledExecutor();
                var threads = Executors.newVirtualThreadPerTaskExecutor();
                ClusterDocuments documents =
                        ClusterDocuments.of(
                                clients,
                                ClusterBridge.kubeconfig(cluster).toString(),
                                ClusterBridge.NAMESPACE,
                                EnumSet.of(Kind.TRUSTED_ISSUER, Kind.TARGET, Kind.GRANT),
                                folder.resolve("secrets"),
                                InstantSource.system())) {
            documents.await(Duration.ofSeconds(30));
            documents.follow(scheduler, threads, _ -> {});
            Instant first = documents.lookedAt();
            Eventually.is("it goes on", () -> documents.lookedAt().isAfter(first));

            cluster.stopApiServer();
            Instant down = Instant.now();
            // More than one look later: none of them counts.
            Eventually.is("time passes", () -> Instant.now().isAfter(down.plusSeconds(5)));
            assertThat(documents.lookedAt()).isBefore(down);

            cluster.startApiServer();
            Eventually.is("and goes on again", () -> documents.lookedAt().isAfter(down));
            scheduler.shutdownNow();
        }
    }
}
