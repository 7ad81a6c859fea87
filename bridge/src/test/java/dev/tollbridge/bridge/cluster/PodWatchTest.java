package dev.tollbridge.bridge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.testing.Eventually;
import dev.tollbridge.testing.cluster.ClusterFixture;
import dev.tollbridge.testing.cluster.WatchFaults;
import dev.tollbridge.testing.cluster.WatchFaults.Fault;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A watch of pods that expires, or ends again and again, with a real API server behind it.
class PodWatchTest {

    @TempDir private Path folder;
    private final ClusterFixture cluster = Resources.cluster();
    private final WatchFaults line = WatchFaults.before(cluster);
    private final ClusterClients clients = new ClusterClients();
    private final Set<String> gone = ConcurrentHashMap.newKeySet();
    private Workloads workloads;
    private KubernetesClient client;

    @BeforeEach
    void start() throws IOException {
        workloads =
                new Workloads(cluster, "watched-" + UUID.randomUUID().toString().substring(0, 8));
        Path kubeconfig =
                Files.writeString(
                        folder.resolve("line.kubeconfig"),
                        Files.readString(cluster.kubeconfig()).replace(cluster.url(), line.url()));
        client = clients.client(kubeconfig.toString(), null);
    }

    @AfterEach
    void end() {
        clients.close();
        line.close();
        workloads.close();
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }

    private void sees(PodWatch watch, Pod pod) {
        Eventually.is("it is seen", () -> watch.uids().contains(uid(pod)));
    }

    private void tellsOf(Pod pod) {
        Eventually.is("it is told of", () -> gone.contains(uid(pod)));
    }

    @Test
    void podsThatWentBeforeItWasToldThatItExpiredAreToldOf() {
        Pod goes = workloads.createPod("goes");
        Pod stays = workloads.createPod("stays");
        try (PodWatch watch = new PodWatch(client, gone::add)) {
            sees(watch, goes);
            sees(watch, stays);
            Eventually.is("it watches", () -> line.running() == 1);

            line.hold();
            workloads.deletePod("goes");
            Pod comes = workloads.createPod("comes");
            assertThat(watch.uids()).as("what was known last").contains(uid(goes), uid(stays));

            line.expire();
            tellsOf(goes);
            sees(watch, comes);
            assertThat(watch.uids()).contains(uid(stays)).doesNotContain(uid(goes));
            assertThat(gone).doesNotContain(uid(stays), uid(comes));
            Eventually.is("it watches again", () -> line.running() == 1);
            workloads.deletePod("comes");
            tellsOf(comes);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void aStormOfWatchesThatEndAtOnceListsFewTimesAndLosesNoPod(Fault fault) {
        Turn.Timing oncePerSecond =
                new Turn.Timing(
                        Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(1));
        Pod goes = workloads.createPod("goes");
        try (PodWatch watch = new PodWatch(client, gone::add)) {
            sees(watch, goes);
            Eventually.is("it watches", () -> line.running() == 1);
            line.fault(fault);
            int lists = line.lists("pods");
            int watches = line.watches("pods");
            line.cut();
            workloads.deletePod("goes");

            // A Lease that is looked at every second is the clock.
            try (Turn clock =
                    new Turn(
                            client,
                            workloads.namespace(),
                            "clock",
                            oncePerSecond,
                            System::nanoTime)) {
                Eventually.is("it is somebody's", clock::isOurs);
                int looks = line.requests("GET /apis/coordination.k8s.io");
                Eventually.is(
                        "twelve looks",
                        () -> line.requests("GET /apis/coordination.k8s.io") >= looks + 12);
            }
            assertThat(line.lists("pods") - lists).as("lists").isLessThanOrEqualTo(9);
            assertThat(line.watches("pods") - watches)
                    .as("watches")
                    .isBetween(2, fault == Fault.CUT ? 30 : 9);

            line.fault(Fault.NONE);
            tellsOf(goes);
            Eventually.is("it watches again", () -> line.running() == 1);
            Pod comes = workloads.createPod("comes");
            sees(watch, comes);
        }
    }
}
