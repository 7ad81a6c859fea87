package dev.tollbridge.bridge.signing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The states of signing keys")
class KeysTest {

    private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
    private static final KeyringSettings SETTINGS = KeyringSettings.DEFAULT;
    private static final Duration CACHE = SETTINGS.cacheTime();

    private final SigningKey first = KeyMaker.make(SigningAlgorithm.ES256, START);
    private final SigningKey second = KeyMaker.make(SigningAlgorithm.ES256, START);
    private final Keys keys = new Keys(OwnIssuer.BRIDGE, List.of(first.activated(START), second));

    private static SigningKey make(SigningAlgorithm algorithm) {
        return KeyMaker.make(algorithm, START);
    }

    private static KeyState state(Keys keys, SigningKey key) {
        return requireNonNull(keys.find(key.kid())).state();
    }

    @Test
    void refusesASecondNextKeyOfOneAlgorithm() {
        assertThatThrownBy(() -> keys.staged(make(SigningAlgorithm.ES256)))
                .isInstanceOf(KeyChangeRefused.class)
                .hasMessageContaining(second.kid());
    }

    @Test
    void stagesANextKeyOfAnotherAlgorithm() throws KeyChangeRefused {
        SigningKey ed = make(SigningAlgorithm.EDDSA);
        assertThat(state(keys.staged(ed), ed)).isEqualTo(KeyState.NEXT);
    }

    @Test
    void refusesToActivateAKeyOthersMayNotHaveYet() {
        assertThatThrownBy(() ->
                        keys.activated(
                                second.kid(), START.plus(CACHE).minusSeconds(1), CACHE, false))
                .isInstanceOf(KeyChangeRefused.class)
                .hasMessageContaining("2026-11-21T11:00:00Z");
    }

    @Test
    void activatesAKeyEveryoneHasAndRetiresTheOther() throws KeyChangeRefused {
        Keys after = keys.activated(second.kid(), START.plus(CACHE), CACHE, false);
        assertThat(state(after, second)).isEqualTo(KeyState.ACTIVE);
        assertThat(state(after, first)).isEqualTo(KeyState.RETIRED);
    }

    @Test
    void activatesAtOnceWhenForced() throws KeyChangeRefused {
        assertThat(state(keys.activated(second.kid(), START, CACHE, true), second))
                .isEqualTo(KeyState.ACTIVE);
    }

    @Test
    void neverActivatesAKeyTwiceOrAnEndedOne() throws KeyChangeRefused {
        Keys after = keys.activated(second.kid(), START, CACHE, true);
        for (SigningKey key : List.of(first, second)) {
            assertThatThrownBy(() -> after.activated(key.kid(), START, CACHE, true))
                    .isInstanceOf(KeyChangeRefused.class)
                    .hasMessageContaining("only a next key");
        }
    }

    @Test
    void refusesToRetireTheOnlyKeyThatSigns() {
        assertThatThrownBy(() -> keys.retired(first.kid(), START))
                .isInstanceOf(KeyChangeRefused.class)
                .hasMessageContaining("activate " + second.kid());
    }

    @Test
    void retiresANextKeyThatIsNotWanted() throws KeyChangeRefused {
        assertThat(state(keys.retired(second.kid(), START), second)).isEqualTo(KeyState.RETIRED);
    }

    @Test
    void retiringAnAlgorithmMadeOnDemandEndsItsNextKeyToo() throws KeyChangeRefused {
        Keys with =
                keys.ready(SigningAlgorithm.EDDSA, START, KeysTest::make)
                        .staged(make(SigningAlgorithm.EDDSA));
        SigningKey active = requireNonNull(with.in(KeyState.ACTIVE, SigningAlgorithm.EDDSA));
        Keys after = with.retired(active.kid(), START);
        assertThat(after.in(KeyState.ACTIVE, SigningAlgorithm.EDDSA)).isNull();
        assertThat(after.in(KeyState.NEXT, SigningAlgorithm.EDDSA)).isNull();
        assertThat(after.needsKeeping(START, SETTINGS)).isFalse();
    }

    @Test
    void revokingTheActiveKeyLetsTheNextOneTakeOverAtOnce() throws KeyChangeRefused {
        Keys after = keys.revoked(first.kid(), START, KeysTest::make);
        assertThat(state(after, first)).isEqualTo(KeyState.REVOKED);
        assertThat(state(after, second)).isEqualTo(KeyState.ACTIVE);
    }

    @Test
    void revokingBothKeysMakesANewOne() throws KeyChangeRefused {
        Keys after =
                keys.revoked(second.kid(), START, KeysTest::make)
                        .revoked(first.kid(), START, KeysTest::make);
        SigningKey active = requireNonNull(after.in(KeyState.ACTIVE, SigningAlgorithm.ES256));
        assertThat(active.kid()).isNotIn(first.kid(), second.kid());
    }

    @Test
    void refusesToRevokeTwice() throws KeyChangeRefused {
        Keys after = keys.revoked(first.kid(), START, KeysTest::make);
        assertThatThrownBy(() -> after.revoked(first.kid(), START, KeysTest::make))
                .isInstanceOf(KeyChangeRefused.class);
    }

    @Test
    void revokesARetiredKey() throws KeyChangeRefused {
        Keys after =
                keys.activated(second.kid(), START, CACHE, true)
                        .revoked(first.kid(), START, KeysTest::make);
        assertThat(state(after, first)).isEqualTo(KeyState.REVOKED);
        assertThat(state(after, second)).isEqualTo(KeyState.ACTIVE);
    }

    @Test
    void forgetsThePrivateHalfOfWhatHasEnded() throws KeyChangeRefused {
        Keys after = keys.activated(second.kid(), START, CACHE, true);
        SigningKey retired = requireNonNull(after.find(first.kid()));
        assertThat(retired.privateKey()).isNull();
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> keys.retired("nobody", START))
                .isInstanceOf(KeyChangeRefused.class)
                .hasMessage("there is no such key");
    }

    @Test
    void nothingIsDueBeforeItsTime() {
        Instant justBefore = START.plus(SETTINGS.rotation()).minusSeconds(1);
        assertThat(keys.needsKeeping(justBefore, SETTINGS)).isFalse();
        assertThat(keys.kept(justBefore, SETTINGS, KeysTest::make)).isSameAs(keys);
    }

    @Test
    void theNextKeyTakesOverByTheScheduleAndAnotherIsStaged() {
        Instant due = START.plus(SETTINGS.rotation());
        assertThat(keys.needsKeeping(due, SETTINGS)).isTrue();
        Keys after = keys.kept(due, SETTINGS, KeysTest::make);
        assertThat(state(after, first)).isEqualTo(KeyState.RETIRED);
        assertThat(state(after, second)).isEqualTo(KeyState.ACTIVE);
        assertThat(after.in(KeyState.NEXT, SigningAlgorithm.ES256)).isNotNull();
    }

    @Test
    void theScheduleWaitsForAKeyThatWasPublishedTooLate() {
        Instant due = START.plus(SETTINGS.rotation());
        SigningKey late = KeyMaker.make(SigningAlgorithm.ES256, due.minusSeconds(60));
        Keys lately = new Keys(OwnIssuer.BRIDGE, List.of(first.activated(START), late));
        assertThat(state(lately.kept(due, SETTINGS, KeysTest::make), first))
                .isEqualTo(KeyState.ACTIVE);
    }

    @Test
    void zeroRotationNeverRotates() {
        Instant later = START.plus(Duration.ofDays(4000));
        assertThat(keys.needsKeeping(later, SETTINGS.withRotation(Duration.ZERO))).isFalse();
    }

    @Test
    void aRetiredKeyStaysUntilItsLastTokenHasEnded() throws KeyChangeRefused {
        Keys retired =
                keys.activated(second.kid(), START, CACHE, true)
                        .staged(make(SigningAlgorithm.ES256));
        Instant end = START.plus(SETTINGS.longestTokenLife()).plus(SETTINGS.margin());
        KeyringSettings still = SETTINGS.withRotation(Duration.ZERO);
        assertThat(retired.kept(end.minusSeconds(1), still, KeysTest::make).find(first.kid()))
                .isNotNull();
        assertThat(retired.kept(end, still, KeysTest::make).find(first.kid())).isNull();
    }
}
