package dev.tollbridge.webhook.cluster;

import static dev.tollbridge.webhook.cluster.ClusterScene.OWN;
import static dev.tollbridge.webhook.cluster.ClusterScene.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.webhook.detect.Content;
import dev.tollbridge.webhook.detect.Finding;
import dev.tollbridge.webhook.detect.Judgement;
import dev.tollbridge.webhook.index.Entry;
import dev.tollbridge.webhook.index.ObjectVerdict;
import dev.tollbridge.webhook.index.Observation;
import dev.tollbridge.webhook.index.Standing;
import dev.tollbridge.webhook.stored.StoredKind;
import dev.tollbridge.webhook.stored.StoredName;
import dev.tollbridge.webhook.testing.MarkedWords;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// DESIGN 14, rule 13: replicas on one API server.
class SharedVerdictsTest {

    private static final ClusterScene scene = new ClusterScene();

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final SharedVerdicts one = replica();
    private final SharedVerdicts other = replica();

    private SharedVerdicts replica() {
        Cluster cluster = Cluster.connect(scene.cluster.kubeconfig());
        SharedVerdicts verdicts = new SharedVerdicts(cluster, OWN);
        opened.add(verdicts);
        opened.add(cluster);
        verdicts.start();
        await("verdicts are known", () -> verdicts.unready().isEmpty());
        return verdicts;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable part : opened) {
            part.close();
        }
    }

    @AfterAll
    static void end() {
        scene.end();
    }

    private static StoredName secret(String name) {
        return new StoredName(StoredKind.SECRET, "team", name);
    }

    private static ObjectVerdict bad(String key) {
        return new ObjectVerdict(
                Map.of(
                        key,
                        new MarkedWords()
                                .judge(Content.env(key, MarkedWords.LOGIN + " of " + key))));
    }

    private static @Nullable Entry known(SharedVerdicts replica, String name) {
        return replica.index().of(secret(name));
    }

    private static void untilEqual(SharedVerdicts one, SharedVerdicts other, String name) {
        await(
                "both know the same of " + name,
                () ->
                        one.unwritten() == 0
                                && other.unwritten() == 0
                                && known(one, name) != null
                                && Objects.equals(known(one, name), known(other, name)));
    }

    @Test
    void whatOneReplicaSawTheOtherKnowsAndTheNextStartToo() {
        one.index().saw(secret("a"), new Observation.Admitted(bad("token"), ""));
        one.index().saw(secret("b"), new Observation.Stored(ObjectVerdict.CLEAN, "7"));
        untilEqual(one, other, "a");
        untilEqual(one, other, "b");

        SharedVerdicts restarted = replica();
        Entry entry = Objects.requireNonNull(known(restarted, "a"));
        assertThat(entry).isEqualTo(known(one, "a"));
        assertThat(entry.verdict()).isEqualTo(bad("token"));
        assertThat(Objects.requireNonNull(known(restarted, "b")).standing())
                .isEqualTo(Standing.STORED);
    }

    @Test
    void whatTwoReplicasSawAtOnceAmountsToBoth() {
        for (int i = 0; i < 20; i++) {
            one.index().saw(secret("both" + i), new Observation.Admitted(bad("a"), ""));
            other.index().saw(secret("both" + i), new Observation.Admitted(bad("b"), ""));
        }
        for (int i = 0; i < 20; i++) {
            untilEqual(one, other, "both" + i);
            assertThat(Objects.requireNonNull(known(one, "both" + i)).verdict().keys())
                    .containsOnlyKeys("a", "b");
        }
    }

    @Test
    void aVerdictImprovesForAllOnceStoredContentIsShownCleanToOne() {
        one.index().saw(secret("c"), new Observation.Stored(bad("token"), "7"));
        untilEqual(one, other, "c");
        other.index().saw(secret("c"), new Observation.Admitted(ObjectVerdict.CLEAN, "7"));
        assertThat(Objects.requireNonNull(known(other, "c")).verdict().clean()).isFalse();

        other.index().saw(secret("c"), new Observation.Stored(ObjectVerdict.CLEAN, "8"));
        await("it is clean", () -> Objects.requireNonNull(known(one, "c")).verdict().clean());

        // Whoever is late does not make it better or worse for the others.
        one.index().saw(secret("c"), new Observation.Admitted(bad("token"), "9"));
        untilEqual(one, other, "c");
        other.index().saw(secret("c"), new Observation.Stored(ObjectVerdict.CLEAN, "8"));
        assertThat(Objects.requireNonNull(known(other, "c")).verdict().clean()).isFalse();
    }

    @Test
    void aDeletedObjectIsForgotten() {
        one.index().saw(secret("d"), new Observation.Stored(ObjectVerdict.CLEAN, "7"));
        untilEqual(one, other, "d");

        one.index().saw(secret("d"), new Observation.Deleting());
        await("the other forgets it", () -> known(other, "d") == null);
    }

    @Test
    void keepsFingerprintsAndClassesAndNoValue() {
        one.index().saw(secret("e"), new Observation.Stored(bad("token"), "7"));
        untilEqual(one, other, "e");

        String yaml =
                scene.cluster.kubectl("get", "secretverdicts", "-n", OWN, "-o", "yaml").output();
        assertThat(yaml)
                .contains("class: human-login", "detector: marked-login", "key: token")
                .doesNotContain(MarkedWords.LOGIN);
        assertThat(scene.cluster.kubectl("get", "secretverdicts", "-n", OWN).output())
                .contains("CLASS", "human-login", "stored");
    }

    @Test
    void doesNotBelieveAnObjectThatIsAboutSomethingElseThanItsNameSays() {
        one.index().saw(secret("f"), new Observation.Stored(bad("token"), "7"));
        untilEqual(one, other, "f");
        String object = VerdictObject.nameOf(secret("f"));

        scene.cluster.kubectl(
                "patch",
                "secretverdict",
                object,
                "-n",
                OWN,
                "--type=merge",
                "-p",
                "{\"spec\":{\"name\":\"g\",\"class\":\"clean\",\"keys\":null}}");
        one.index().saw(secret("z"), new Observation.Stored(bad("token"), "7"));
        untilEqual(one, other, "z");
        assertThat(known(other, "g")).isNull();
        assertThat(Objects.requireNonNull(known(other, "f")).verdict().clean()).isFalse();
    }

    @Test
    void aVerdictWithAllThatItMayHoldFitsIntoAnObject() {
        Map<String, Judgement> keys = new HashMap<>();
        MarkedWords words = new MarkedWords();
        for (int i = 0; i < 200; i++) {
            List<Finding> findings = new ArrayList<>();
            for (int j = 0; j < 40; j++) {
                String text = MarkedWords.LOGIN + " " + i + " " + j;
                findings.addAll(words.judge(Content.env("k", text)).findings());
            }
            keys.put("key-" + i, new Judgement(findings, List.of()));
        }
        one.index().saw(secret("h"), new Observation.Stored(new ObjectVerdict(keys), "7"));
        untilEqual(one, other, "h");

        assertThat(Objects.requireNonNull(known(other, "h")).verdict())
                .isEqualTo(new ObjectVerdict(keys));
    }

    @Test
    void whatCannotBeWrittenHoldsUpNothingElse() {
        // No API server stores a name of that length.
        one.index().saw(secret("x".repeat(300)), new Observation.Stored(bad("token"), "7"));
        one.index().saw(secret("after"), new Observation.Stored(bad("token"), "7"));
        untilEqual(one, other, "after");
    }

    @Test
    void isNotReadyAndSaysWhyWithoutThePermissionToKnowVerdicts() {
        scene.cluster.kubectl("create", "serviceaccount", "nobody", "-n", OWN);
        String token =
                scene.cluster.kubectl("create", "token", "nobody", "-n", OWN).output().strip();
        try (Cluster cluster = Cluster.connect(scene.cluster.kubeconfig("nobody", token));
                SharedVerdicts verdicts = new SharedVerdicts(cluster, OWN)) {
            verdicts.start();
            await("it says why", () -> verdicts.unready().contains("forbidden"));
        }
    }
}
