package dev.tollbridge.webhook.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.webhook.detect.Content;
import dev.tollbridge.webhook.detect.Judgement;
import dev.tollbridge.webhook.stored.StoredKind;
import dev.tollbridge.webhook.stored.StoredName;
import dev.tollbridge.webhook.testing.MarkedWords;
import java.util.Map;
import java.util.Objects;
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

    private boolean clean() {
        return Objects.requireNonNull(index.of(NAME)).verdict().clean();
    }

    @Test
    void worsensWithTheFirstWriteThatIsAdmitted() {
        index.stored(NAME, ObjectVerdict.CLEAN, "5");
        index.admitted(NAME, bad("a"), "5");

        assertThat(clean()).isFalse();
    }

    @Test
    void doesNotImproveBecauseSomethingCleanWasAdmitted() {
        index.admitted(NAME, bad("a"), "");
        index.admitted(NAME, ObjectVerdict.CLEAN, "6");

        assertThat(clean()).isFalse();
    }

    @Test
    void improvesWhenStoredContentIsShownClean() {
        index.admitted(NAME, bad("a"), "5");
        index.stored(NAME, ObjectVerdict.CLEAN, "7");

        assertThat(clean()).isTrue();
    }

    @Test
    void doesNotBelieveContentFromBeforeTheWriteThatMadeItWorse() {
        index.stored(NAME, ObjectVerdict.CLEAN, "9");
        index.admitted(NAME, bad("a"), "9");
        index.stored(NAME, ObjectVerdict.CLEAN, "9");
        assertThat(clean()).isFalse();
        index.stored(NAME, ObjectVerdict.CLEAN, "8");
        assertThat(clean()).isFalse();

        index.stored(NAME, ObjectVerdict.CLEAN, "10");
        assertThat(clean()).isTrue();
    }

    @Test
    void keepsWhatIsKnownOfEachKey() {
        index.admitted(NAME, bad("a"), "");
        index.admitted(NAME, bad("b"), "");

        assertThat(Objects.requireNonNull(index.of(NAME)).verdict().keys())
                .containsOnlyKeys("a", "b");
    }

    @Test
    void aRefusedWriteSpoilsNothingThatIsKnown() {
        index.stored(NAME, ObjectVerdict.CLEAN, "5");
        index.refused(NAME, bad("a"));
        assertThat(clean()).isTrue();

        index.gone(NAME);
        index.refused(NAME, bad("a"));
        assertThat(clean()).isFalse();
    }

    @Test
    void forgetsWhatIsCleanFirst() {
        VerdictIndex small = new VerdictIndex(3);
        small.admitted(NAME, bad("a"), "");
        for (int i = 0; i < 5; i++) {
            small.stored(
                    new StoredName(StoredKind.SECRET, "team", "s" + i), ObjectVerdict.CLEAN, "1");
        }

        assertThat(small.size()).isEqualTo(3);
        assertThat(small.of(NAME)).isNotNull();
        assertThat(small.of(new StoredName(StoredKind.SECRET, "team", "s0"))).isNull();
    }
}
