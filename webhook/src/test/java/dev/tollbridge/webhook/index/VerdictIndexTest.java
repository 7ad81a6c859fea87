package dev.tollbridge.webhook.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.webhook.detect.Content;
import dev.tollbridge.webhook.detect.Judgement;
import dev.tollbridge.webhook.stored.StoredKind;
import dev.tollbridge.webhook.stored.StoredName;
import dev.tollbridge.webhook.testing.MarkedWords;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// DESIGN 14, rule 13: verdicts worsen at once, and improve only when stored content is shown
/// clean.
class VerdictIndexTest {

    private static final StoredName NAME = new StoredName(StoredKind.SECRET, "team", "login");

    private final VerdictIndex index = new VerdictIndex();

    private static ObjectVerdict bad(String key) {
        Judgement judgement =
                new MarkedWords().judge(Content.env(key, MarkedWords.LOGIN + " of " + key));
        return new ObjectVerdict(Map.of(key, judgement));
    }

    private static void stored(
            VerdictIndex index, StoredName name, ObjectVerdict verdict, String version) {
        index.saw(name, new Observation.Stored(verdict, version));
    }

    private static void admitted(
            VerdictIndex index, StoredName name, ObjectVerdict verdict, String replaces) {
        index.saw(name, new Observation.Admitted(verdict, replaces));
    }

    private static void refused(VerdictIndex index, StoredName name, ObjectVerdict verdict) {
        index.saw(name, new Observation.Refused(verdict));
    }

    private boolean clean() {
        return Objects.requireNonNull(index.of(NAME)).verdict().clean();
    }

    @Test
    void worsensWithTheFirstWriteThatIsAdmitted() {
        stored(index, NAME, ObjectVerdict.CLEAN, "5");
        admitted(index, NAME, bad("a"), "5");

        assertThat(clean()).isFalse();
    }

    @Test
    void doesNotImproveBecauseSomethingCleanWasAdmitted() {
        admitted(index, NAME, bad("a"), "");
        admitted(index, NAME, ObjectVerdict.CLEAN, "6");

        assertThat(clean()).isFalse();
    }

    @Test
    void improvesWhenStoredContentIsShownClean() {
        admitted(index, NAME, bad("a"), "5");
        stored(index, NAME, ObjectVerdict.CLEAN, "7");

        assertThat(clean()).isTrue();
    }

    @Test
    void doesNotBelieveContentFromBeforeTheWriteThatMadeItWorse() {
        stored(index, NAME, ObjectVerdict.CLEAN, "9");
        admitted(index, NAME, bad("a"), "9");
        stored(index, NAME, ObjectVerdict.CLEAN, "9");
        assertThat(clean()).isFalse();
        stored(index, NAME, ObjectVerdict.CLEAN, "8");
        assertThat(clean()).isFalse();

        stored(index, NAME, ObjectVerdict.CLEAN, "10");
        assertThat(clean()).isTrue();
    }

    @Test
    void keepsWhatIsKnownOfEachKey() {
        admitted(index, NAME, bad("a"), "");
        admitted(index, NAME, bad("b"), "");

        assertThat(Objects.requireNonNull(index.of(NAME)).verdict().keys())
                .containsOnlyKeys("a", "b");
    }

    @Test
    void aRefusedWriteSpoilsNothingThatIsKnown() {
        stored(index, NAME, ObjectVerdict.CLEAN, "5");
        refused(index, NAME, bad("a"));
        assertThat(clean()).isTrue();

        index.saw(NAME, new Observation.Gone());
        refused(index, NAME, bad("a"));
        assertThat(clean()).isFalse();
    }

    @Test
    void forgetsWhatIsCleanFirst() {
        VerdictIndex small = new VerdictIndex((_, _) -> {}, 3);
        admitted(small, NAME, bad("a"), "");
        for (int i = 0; i < 5; i++) {
            stored(
                    small,
                    new StoredName(StoredKind.SECRET, "team", "s" + i),
                    ObjectVerdict.CLEAN,
                    "1");
        }

        assertThat(small.size()).isEqualTo(3);
        assertThat(small.of(NAME)).isNotNull();
        assertThat(small.of(new StoredName(StoredKind.SECRET, "team", "s0"))).isNull();
    }

    @Test
    void aCleanWriteAfterOneThatWasRefusedCounts() {
        refused(index, NAME, bad("a"));
        admitted(index, NAME, ObjectVerdict.CLEAN, "");

        assertThat(clean()).isTrue();
    }

    @Test
    void doesNotBelieveContentFromBeforeWhatWasShownStored() {
        stored(index, NAME, bad("a"), "7");
        stored(index, NAME, ObjectVerdict.CLEAN, "6");
        assertThat(clean()).isFalse();

        // A newer version of the detectors may judge the same content better.
        stored(index, NAME, ObjectVerdict.CLEAN, "7");
        assertThat(clean()).isTrue();
    }

    @Test
    void somethingNewUnderAnOldNameIsNotImprovedByWhatWasThereBefore() {
        stored(index, NAME, ObjectVerdict.CLEAN, "5");
        admitted(index, NAME, bad("a"), "");
        stored(index, NAME, ObjectVerdict.CLEAN, "5");

        assertThat(clean()).isFalse();
    }

    @Test
    void aDeletionForgetsWhatIsCleanAndNothingElse() {
        stored(index, NAME, ObjectVerdict.CLEAN, "5");
        index.saw(NAME, new Observation.Deleting());
        assertThat(index.of(NAME)).isNull();

        stored(index, NAME, bad("a"), "6");
        index.saw(NAME, new Observation.Deleting());
        assertThat(clean()).isFalse();
    }

    @Test
    void manySmallFindingsDoNotPushAGraveOneOut() {
        stored(index, NAME, bad("a"), "5");
        for (int i = 0; i < 3 * ObjectVerdict.MOST_PER_KEY; i++) {
            Judgement small =
                    new MarkedWords().judge(Content.env("a", MarkedWords.TOKEN + " number " + i));
            admitted(index, NAME, new ObjectVerdict(Map.of("a", small)), "5");
        }

        ObjectVerdict verdict = Objects.requireNonNull(index.of(NAME)).verdict();
        Judgement kept = Objects.requireNonNull(verdict.keys().get("a"));
        assertThat(kept.findings()).hasSize(ObjectVerdict.MOST_PER_KEY);
        assertThat(kept.blocks()).isTrue();
    }

    @Test
    void whatManyKeysHoldIsReachedByEachOfThem() {
        Map<String, Judgement> keys = new HashMap<>();
        for (int i = 0; i < 3 * ObjectVerdict.MOST_KEYS; i++) {
            keys.put("key" + i, bad("key" + i).keys().get("key" + i));
        }
        ObjectVerdict verdict = new ObjectVerdict(keys);

        assertThat(verdict.keys()).hasSize(ObjectVerdict.MOST_KEYS + 1);
        keys.keySet().forEach(key -> assertThat(verdict.reachedBy(Set.of(key))).isNotEmpty());
    }

    @Test
    void tellsOthersWhatMattersToThem() {
        List<Observation> told = new ArrayList<>();
        VerdictIndex shared = new VerdictIndex((_, seen) -> told.add(seen));
        refused(shared, NAME, bad("a"));
        assertThat(told).as("a write that was tried").isEmpty();
        stored(shared, NAME, ObjectVerdict.CLEAN, "5");
        assertThat(told).hasSize(1);
        stored(shared, NAME, ObjectVerdict.CLEAN, "6");
        admitted(shared, NAME, ObjectVerdict.CLEAN, "6");
        assertThat(told).as("clean, and again clean").hasSize(1);
        admitted(shared, NAME, bad("a"), "6");
        assertThat(told).hasSize(2);
    }
}
