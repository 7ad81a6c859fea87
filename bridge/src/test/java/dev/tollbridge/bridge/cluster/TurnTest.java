package dev.tollbridge.bridge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.testing.Eventually;
import dev.tollbridge.testing.cluster.BreakableLine;
import dev.tollbridge.testing.cluster.ClusterFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whose turn it is, by a Lease of a real API server.
class TurnTest {

    private static final String NAME = "tollbridge-test";
    private static final Turn.Timing QUICK =
            new Turn.Timing(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofMillis(100));

    @TempDir private Path folder;
    private final ClusterFixture cluster = Resources.cluster();
    private final String namespace = "turn-" + UUID.randomUUID().toString().substring(0, 8);
    private final ClusterClients clients = new ClusterClients();

    @BeforeEach
    void makeNamespace() {
        Resources.succeed(cluster.kubectl("create", "namespace", namespace));
    }

    @AfterEach
    void leave() {
        clients.close();
        cluster.kubectl("delete", "namespace", namespace, "--wait=false");
    }

    private Turn stand() {
        return stand(cluster.kubeconfig());
    }

    private Turn stand(Path kubeconfig) {
        return new Turn(
                clients.client(kubeconfig.toString(), null),
                namespace,
                NAME,
                QUICK,
                System::nanoTime);
    }

    private Path through(BreakableLine line) throws IOException {
        return Files.writeString(
                folder.resolve("through.kubeconfig"),
                Files.readString(cluster.kubeconfig()).replace(cluster.url(), line.url()));
    }

    private String holder() {
        return cluster.kubectl(
                        "get",
                        "lease",
                        NAME,
                        "-n",
                        namespace,
                        "--output=jsonpath={.spec.holderIdentity}")
                .output();
    }

    @Test
    void isOnesAtATimeAndTheNextOnesWhenItIsGivenBack() {
        Turn first = stand();
        Eventually.is("the first has it", first::isOurs);
        try (Turn second = stand()) {
            String held = holder();
            assertThat(held).isNotEmpty();
            first.close();
            assertThat(first.isOurs()).isFalse();
            Eventually.is("the second takes over", second::isOurs);
            assertThat(holder()).isNotEqualTo(held).isNotEmpty();
        }
        assertThat(holder()).isEmpty();
    }

    @Test
    void whoCannotRenewStopsBeforeAnotherTakesOverAndStandsAgain() throws IOException {
        try (BreakableLine line = BreakableLine.to(cluster.url());
                Turn first = stand(through(line))) {
            Eventually.is("the first has it", first::isOurs);
            try (Turn second = stand()) {
                // Not given back: as if its machine had stalled, or its network had gone.
                line.cut();
                Eventually.is(
                        "the second takes over",
                        () -> {
                            boolean taken = second.isOurs();
                            assertThat(taken && first.isOurs()).as("two at once").isFalse();
                            return taken;
                        });
                line.mend();
                assertThat(first.isOurs()).isFalse();
            }
            // A lease that was lost once can be had again.
            Eventually.is("the first has it again", first::isOurs);
        }
    }

    @Test
    void aHoldersClockDoesNotMatter() {
        try (Turn first = stand()) {
            Eventually.is("the first has it", first::isOurs);
            // A holder whose clock is years ahead, and who is gone.
            Resources.succeed(
                    cluster.kubectl(
                            "patch",
                            "lease",
                            NAME,
                            "-n",
                            namespace,
                            "--type=merge",
                            "--patch={\"spec\":{\"holderIdentity\":\"other\",\"leaseDurationSeconds\":2,"
                                    + "\"renewTime\":\"2036-01-01T00:00:00.000000Z\"}}"));
            Eventually.is("the first notices", () -> !first.isOurs());
            Eventually.is("and has it when the other does not renew", first::isOurs);
        }
    }

    @Test
    void aDeletedLeaseIsMadeAnew() {
        try (Turn first = stand()) {
            Eventually.is("the first has it", first::isOurs);
            Resources.succeed(cluster.kubectl("delete", "lease", NAME, "-n", namespace));
            Eventually.is("there is one again", () -> holder().length() == 36);
            assertThat(first.isOurs()).isTrue();
        }
    }

    @Test
    void anotherTakesOverFromWhoIsGoneWithoutGivingBack() throws IOException {
        try (BreakableLine line = BreakableLine.to(cluster.url())) {
            Turn first = stand(through(line));
            Eventually.is("the first has it", first::isOurs);
            String held = holder();
            line.cut();
            first.close();
            assertThat(first.isOurs()).isFalse();
            assertThat(holder()).isEqualTo(held);
        }
        try (Turn second = stand()) {
            Eventually.is("the second has it", second::isOurs);
        }
    }

    @Test
    void isClosedWhereverItStands() throws IOException {
        try (Turn first = stand();
                BreakableLine line = BreakableLine.to(cluster.url())) {
            Eventually.is("the first has it", first::isOurs);
            String held = holder();
            closes(stand());
            assertThat(first.isOurs()).isTrue();
            assertThat(holder()).isEqualTo(held);

            line.cut();
            int calls = line.calls();
            Turn away = stand(through(line));
            Eventually.is("it has asked", () -> line.calls() > calls);
            closes(away);

            line.hang();
            int unanswered = line.calls();
            Turn ignored = stand(through(line));
            Eventually.is("it has asked", () -> line.calls() > unanswered);
            closes(ignored);
        }
    }

    @Test
    void isClosedWhenTheApiServerHangsUnderWhoHasIt() throws IOException {
        try (BreakableLine line = BreakableLine.to(cluster.url())) {
            Turn first = stand(through(line));
            Eventually.is("it has it", first::isOurs);
            line.hang();
            closes(first);
        }
    }

    private static void closes(Turn turn) {
        Thread closing = Thread.ofPlatform().daemon().start(turn::close);
        Eventually.is("it is closed", () -> !closing.isAlive());
        assertThat(turn.isOurs()).isFalse();
    }
}
