package dev.tollbridge.webhook.cluster;

import static dev.tollbridge.webhook.cluster.ClusterScene.OWN;
import static dev.tollbridge.webhook.cluster.ClusterScene.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.testing.cluster.WatchFaults;
import dev.tollbridge.testing.cluster.WatchFaults.Fault;
import dev.tollbridge.webhook.approval.Stamps;
import dev.tollbridge.webhook.detect.Content;
import dev.tollbridge.webhook.index.ObjectVerdict;
import dev.tollbridge.webhook.index.Observation;
import dev.tollbridge.webhook.stored.StoredKind;
import dev.tollbridge.webhook.stored.StoredName;
import dev.tollbridge.webhook.testing.MarkedWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the webhook watches expires, or ends again and again: verdicts, settings, exemptions and
/// targets. A real API server is behind it; another replica, which is not troubled, writes
/// verdicts.
class WatchesExpireTest {

    private static final List<String> WATCHED =
            List.of("secretverdicts", "admissionsettings", "exemptions", "targets");
    private static final String CRDS = "../charts/tollbridge/crds";
    private static final ClusterScene scene = new ClusterScene();

    @TempDir private Path folder;
    private final WatchFaults line = WatchFaults.before(scene.cluster);
    private final Cluster direct = Cluster.connect(scene.cluster.kubeconfig());
    private final SharedVerdicts other = new SharedVerdicts(direct, OWN);
    private Cluster cluster;
    private SharedVerdicts verdicts;
    private SettingsResources settings;

    @BeforeAll
    static void install() {
        scene.cluster.kubectl("apply", "-f", CRDS);
        assertThat(
                        scene.cluster
                                .kubectl(
                                        "wait",
                                        "--for=condition=Established",
                                        "--timeout=30s",
                                        "-f",
                                        CRDS)
                                .succeeded())
                .isTrue();
    }

    @BeforeEach
    void start() throws IOException {
        cluster =
                Cluster.connect(
                        Files.writeString(
                                folder.resolve("line.kubeconfig"),
                                Files.readString(scene.cluster.kubeconfig())
                                        .replace(scene.cluster.url(), line.url())));
        verdicts = new SharedVerdicts(cluster, OWN);
        settings = new SettingsResources(cluster, Stamps.keyed(new byte[32]), () -> {});
        other.start();
        verdicts.start();
        settings.start();
        await("settings are known", settings::known);
        await("verdicts are", () -> (verdicts.unready() + other.unready()).isEmpty());
        watchesAgain();
    }

    @AfterEach
    void stop() {
        verdicts.close();
        settings.close();
        other.close();
        cluster.close();
        direct.close();
        line.close();
        scene.cluster.kubectl("delete", "targets,exemptions,admissionsettings", "--all");
        scene.cluster.kubectl("delete", "secretverdicts", "-n", OWN, "--all");
    }

    @AfterAll
    static void end() {
        scene.end();
    }

    private void watchesAgain() {
        await("it watches", () -> line.running() == WATCHED.size());
    }

    private static void target(String name) {
        assertThat(
                        scene.apply(
                                        """
                                        apiVersion: tollbridge.dev/v1alpha1
                                        kind: Target
                                        metadata: {name: %1$s}
                                        spec: {owner: team@acme.example, jwt: {audience: "https://%1$s.acme.example"}}
                                        """
                                                .formatted(name))
                                .succeeded())
                .isTrue();
    }

    private static void exemption(String name) {
        assertThat(
                        scene.apply(
                                        """
                                        apiVersion: tollbridge.dev/v1alpha1
                                        kind: Exemption
                                        metadata: {name: %s}
                                        spec: {namespace: team, match: {pod: p}, reason: r, approvedBy: a, expires: "2030-01-01"}
                                        """
                                                .formatted(name))
                                .succeeded())
                .isTrue();
    }

    private static void mode(String mode) {
        assertThat(
                        scene.apply(
                                        """
                                        apiVersion: tollbridge.dev/v1alpha1
                                        kind: AdmissionSettings
                                        metadata: {name: default}
                                        spec: {default: %s}
                                        """
                                                .formatted(mode))
                                .succeeded())
                .isTrue();
    }

    private static void delete(String kind, String name) {
        assertThat(scene.cluster.kubectl("delete", kind, name).succeeded()).isTrue();
    }

    private boolean says(String text) {
        return settings.kept().stream().anyMatch(kept -> kept.document().contains(text));
    }

    private static StoredName secret(String name) {
        return new StoredName(StoredKind.SECRET, "team", name);
    }

    private void sees(String name) {
        other.index()
                .saw(
                        secret(name),
                        new Observation.Stored(
                                new ObjectVerdict(
                                        Map.of(
                                                "k",
                                                new MarkedWords()
                                                        .judge(
                                                                Content.env(
                                                                        "k", MarkedWords.LOGIN)))),
                                "7"));
        await("it is written", () -> other.unwritten() == 0);
    }

    private void deletes(String name) {
        other.index().saw(secret(name), new Observation.Gone());
        await("it is written", () -> other.unwritten() == 0);
    }

    private boolean knows(String name) {
        return verdicts.index().of(secret(name)) != null;
    }

    private void somethingIsThere() {
        target("target-goes");
        exemption("exemption-goes");
        mode("audit");
        sees("goes");
        await("a target", () -> says("target-goes"));
        await("an exemption", () -> says("exemption-goes"));
        await("a mode", () -> says("audit"));
        await("a verdict", () -> knows("goes"));
    }

    private void somethingElseHappens() {
        target("target-comes");
        delete("target", "target-goes");
        exemption("exemption-comes");
        delete("exemption", "exemption-goes");
        mode("enforce");
        sees("comes");
        deletes("goes");
    }

    private void isKnown() {
        await("the new target", () -> says("target-comes"));
        await("not the old one", () -> !says("target-goes"));
        await("the new exemption", () -> says("exemption-comes"));
        await("not the old one", () -> !says("exemption-goes"));
        await("the new mode", () -> says("enforce") && !says("audit"));
        await("the new verdict", () -> knows("comes"));
        await("not the old one", () -> !knows("goes"));
    }

    @Test
    void whatHappenedBeforeAWatchWasToldThatItExpiredIsFound() {
        somethingIsThere();
        line.hold();
        somethingElseHappens();
        assertThat(says("target-goes") && says("exemption-goes") && says("audit") && knows("goes"))
                .as("what was known last")
                .isTrue();
        assertThat(says("target-comes") || says("exemption-comes") || knows("comes")).isFalse();

        line.expire();
        isKnown();
        watchesAgain();
        delete("target", "target-comes");
        deletes("comes");
        await("it goes on", () -> !says("target-comes") && !knows("comes"));
    }

    @Test
    void whatHappensIsFoundByListsWhileEveryWatchIsAnsweredGone() {
        somethingIsThere();
        line.fault(Fault.GONE_ANSWERED);
        line.cut();
        somethingElseHappens();
        isKnown();

        line.fault(Fault.NONE);
        watchesAgain();
        delete("target", "target-comes");
        deletes("comes");
        await("it goes on", () -> !says("target-comes") && !knows("comes"));
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void aStormOfWatchesThatEndAtOnceIsNotAStormOfRequests(Fault fault) {
        somethingIsThere();
        Leadership.Timing oncePerSecond =
                new Leadership.Timing(
                        Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(1));
        Map<String, Integer> lists = new HashMap<>();
        Map<String, Integer> watches = new HashMap<>();
        for (String each : WATCHED) {
            lists.put(each, line.lists(each));
            watches.put(each, line.watches(each));
        }
        line.fault(fault);
        line.cut();

        // A Lease that is renewed every second, storm or not, is the clock.
        try (Leadership clock = new Leadership(cluster, OWN, "clock", oncePerSecond)) {
            clock.start();
            await("it leads", clock::leads);
            int looks = line.requests("GET /apis/coordination.k8s.io");
            await(
                    "twelve looks",
                    () -> line.requests("GET /apis/coordination.k8s.io") >= looks + 12);
        }
        assertThat(says("target-goes") && knows("goes")).as("what was known last").isTrue();
        for (String each : WATCHED) {
            assertThat(line.lists(each) - lists.getOrDefault(each, 0))
                    .as("lists of " + each)
                    .isLessThanOrEqualTo(9);
            assertThat(line.watches(each) - watches.getOrDefault(each, 0))
                    .as("watches of " + each)
                    .isBetween(2, fault == Fault.CUT ? 30 : 9);
        }

        somethingElseHappens();
        line.fault(Fault.NONE);
        isKnown();
        watchesAgain();
    }
}
