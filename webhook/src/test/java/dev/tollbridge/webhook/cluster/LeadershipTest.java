package dev.tollbridge.webhook.cluster;

import static dev.tollbridge.webhook.cluster.ClusterScene.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.testing.cluster.BreakableLine;
import dev.tollbridge.testing.cluster.ClusterFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who leads, by a Lease of a real API server. That another takes over from a process that is
/// killed is {@link OnTheObjectTest}'s.
class LeadershipTest {

    private static final Leadership.Timing QUICK =
            new Leadership.Timing(
                    Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofMillis(200));

    @TempDir private Path folder;
    private final ClusterFixture cluster = ClusterFixture.shared();
    private final String namespace = "leads-" + UUID.randomUUID().toString().substring(0, 8);
    private final BreakableLine line = BreakableLine.to(cluster.url());
    private final List<Cluster> clients = new ArrayList<>();

    @BeforeEach
    void makeNamespace() {
        assertThat(cluster.kubectl("create", "namespace", namespace).succeeded()).isTrue();
    }

    @AfterEach
    void leave() {
        line.close();
        clients.forEach(Cluster::close);
        cluster.kubectl("delete", "namespace", namespace, "--wait=false");
    }

    private Leadership stand(String identity) {
        return stand(identity, cluster.kubeconfig());
    }

    private Leadership stand(String identity, Path kubeconfig) {
        Cluster client = Cluster.connect(kubeconfig);
        clients.add(client);
        Leadership leadership = new Leadership(client, namespace, identity, QUICK);
        leadership.start();
        return leadership;
    }

    private Path throughTheLine() throws IOException {
        return Files.writeString(
                folder.resolve("through.kubeconfig"),
                Files.readString(cluster.kubeconfig()).replace(cluster.url(), line.url()));
    }

    private String holder() {
        return cluster.kubectl(
                        "get",
                        "lease",
                        Leadership.LEASE,
                        "-n",
                        namespace,
                        "--output=jsonpath={.spec.holderIdentity}")
                .output();
    }

    /// As often as the cluster is shared by tests, others' may run as well: this namespace's does
    /// not.
    private void endsWhenClosed(Leadership leadership) {
        Thread closing = Thread.ofPlatform().daemon().start(leadership::close);
        await("it is closed", () -> !closing.isAlive());
        assertThat(leadership.leads()).isFalse();
        await("nobody stands any more", leadership::over);
    }

    @Test
    void whoEndsGivesTheLeaseBackAndTheNextHasIt() {
        Leadership first = stand("first");
        await("the first leads", first::leads);
        assertThat(holder()).isEqualTo("first");
        try (Leadership second = stand("second")) {
            assertThat(second.leads()).isFalse();
            endsWhenClosed(first);
            await("the second leads", second::leads);
            assertThat(holder()).isEqualTo("second");
        }
        assertThat(holder()).isEmpty();
    }

    @Test
    void whoCannotRenewStopsBeforeAnotherLeadsAndStandsAgain() throws IOException {
        try (Leadership first = stand("first", throughTheLine())) {
            await("the first leads", first::leads);
            Leadership second = stand("second");
            // Not given back: as if its machine had stalled, or its network had gone.
            line.cut();
            await(
                    "the second leads",
                    () -> {
                        boolean taken = second.leads();
                        assertThat(taken && first.leads()).as("two at once").isFalse();
                        return taken;
                    });
            line.mend();
            assertThat(first.leads()).isFalse();
            endsWhenClosed(second);
            // A Lease that was lost once can be had again.
            await("the first leads again", first::leads);
        }
    }

    @Test
    void anotherTakesOverFromWhoIsGoneWithoutGivingBack() throws IOException {
        Leadership first = stand("first", throughTheLine());
        await("the first leads", first::leads);
        line.cut();
        endsWhenClosed(first);
        assertThat(holder()).isEqualTo("first");

        try (Leadership second = stand("second")) {
            await("the second leads", second::leads);
            assertThat(holder()).isEqualTo("second");
        }
    }

    @Test
    void isClosedWhereverItStands() throws IOException {
        Leadership leads = stand("leads");
        await("one leads", leads::leads);
        endsWhenClosed(stand("waits"));
        assertThat(leads.leads()).isTrue();
        assertThat(holder()).isEqualTo("leads");
        endsWhenClosed(leads);

        line.cut();
        int calls = line.calls();
        Leadership away = stand("away", throughTheLine());
        await("it has asked", () -> line.calls() > calls);
        endsWhenClosed(away);

        line.hang();
        int unanswered = line.calls();
        Leadership ignored = stand("ignored", throughTheLine());
        await("it has asked", () -> line.calls() > unanswered);
        endsWhenClosed(ignored);
    }

    @Test
    void isClosedWhenTheApiServerHangsUnderTheLeader() throws IOException {
        Leadership first = stand("first", throughTheLine());
        await("it leads", first::leads);
        line.hang();
        endsWhenClosed(first);
    }
}
