package dev.tollbridge.sidecar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Keeping a credential fresh")
class RefreshLoopTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    private final AtomicLong clock = new AtomicLong(-5_000_000_000L);
    private final List<Long> asked = new ArrayList<>();
    private final List<@Nullable Credential> handedOver = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private Supplier<Answer> bridge = () -> issued(600);
    private boolean diskFull;
    private Duration jumped = Duration.ZERO;
    private Handover.@Nullable Left left;
    private final List<String> revoked = new ArrayList<>();
    private int issuances;

    private RefreshLoop loop = loop();

    private RefreshLoop loop() {
        return new RefreshLoop(
                "api",
                new Bridge() {
                    @Override
                    public Answer exchange(String target) {
                        asked.add(clock.get());
                        return bridge.get();
                    }

                    @Override
                    public boolean revoke(String handle) {
                        revoked.add(handle);
                        return true;
                    }
                },
                new Handover() {
                    @Override
                    public void of(@Nullable Credential credential) throws IOException {
                        if (diskFull && credential != null) {
                            throw new IOException("No space left on device");
                        }
                        handedOver.add(credential);
                    }

                    @Override
                    public @Nullable Left takeOver() {
                        return left;
                    }
                },
                new Time() {
                    @Override
                    public long nanos() {
                        return clock.get();
                    }

                    @Override
                    public Instant calendar() {
                        return NOON.plusNanos(clock.get()).plus(jumped);
                    }

                    @Override
                    public void sleep(Duration time) {
                        throw new AssertionError("nobody waits here");
                    }
                },
                new Random(3),
                (target, what) -> log.add(what));
    }

    private Answer issued(long seconds) {
        issuances++;
        return new Answer.Issued(
                new Credential(
                        "token-" + issuances,
                        Credential.Form.TOKEN,
                        "2026-11-21T10:20:00Z",
                        seconds,
                        "",
                        "iss_" + issuances,
                        "rvk_" + issuances));
    }

    /// Does what is due, for this long.
    private void live(Duration time) {
        long until = clock.get() + time.toNanos();
        while (true) {
            Duration wait = loop.step();
            if (clock.get() + wait.toNanos() > until) {
                clock.set(until);
                return;
            }
            clock.addAndGet(Math.max(1, wait.toNanos()));
        }
    }

    private String valid() {
        Credential credential = loop.valid();
        return credential == null ? "" : credential.value();
    }

    @Test
    void asksAgainAtHalfToTwoThirdsOfALifeForTwoHoursAndNeverLacksOne() {
        for (int minute = 0; minute < 120; minute++) {
            live(Duration.ofMinutes(1));
            assertThat(loop.ready()).isTrue();
            assertThat(loop.secondsUntilExpiry()).isGreaterThan(600 * 0.33);
        }
        for (int i = 1; i < asked.size(); i++) {
            double between = (asked.get(i) - asked.get(i - 1)) / 1e9;
            assertThat(between).isBetween(300.0, 396.0);
        }
        assertThat(asked.stream().distinct().count()).isBetween(18L, 25L);
        assertThat(loop.handles()).as("those that may still be in use").hasSizeBetween(1, 3);
    }

    @Test
    void servesWhatIsStillValidWhileTheBridgeIsAwayAndNotAMomentLonger() {
        live(Duration.ofMinutes(1));
        bridge = () -> new Answer.Later("bridge.example cannot be reached", null);
        live(Duration.ofMinutes(8));
        assertThat(valid()).isEqualTo("token-1");
        assertThat(loop.state()).isEqualTo("waiting");
        live(Duration.ofMinutes(2));
        assertThat(loop.valid()).isNull();
        assertThat(handedOver.getLast()).as("files are taken away").isNull();
        assertThat(asked.size()).as("with growing pauses, a minute at most").isBetween(8, 30);

        bridge = () -> issued(600);
        live(Duration.ofMinutes(2));
        assertThat(loop.ready()).isTrue();
    }

    @Test
    void waitsAsLongAsTheBridgeAsksFor() {
        bridge = () -> new Answer.Later("overloaded", Duration.ofSeconds(45));
        assertThat(loop.step()).isEqualTo(Duration.ofSeconds(45));
        clock.addAndGet(Duration.ofSeconds(44).toNanos());
        loop.step();
        assertThat(asked).hasSize(1);
        clock.addAndGet(Duration.ofSeconds(1).toNanos());
        loop.step();
        assertThat(asked).hasSize(2);
    }

    @Test
    void aRefusalIsNotTheEndAndTheLastCredentialLivesOn() {
        live(Duration.ofMinutes(1));
        bridge = () -> new Answer.Refused("grant_missing", "rct_1");
        live(Duration.ofMinutes(6));
        assertThat(loop.state()).isEqualTo("refused");
        assertThat(valid()).isEqualTo("token-1");
        assertThat(log).anyMatch(line -> line.contains("grant_missing (receipt rct_1)"));
        bridge = () -> issued(600);
        live(Duration.ofMinutes(1));
        assertThat(valid()).isEqualTo("token-2");
    }

    @Test
    void aWorkloadThatIsGoneLosesItsCredentialAtOnce() {
        live(Duration.ofMinutes(1));
        bridge = () -> new Answer.Gone("subject_gone", "rct_1");
        live(Duration.ofMinutes(6));
        assertThat(loop.valid()).isNull();
        assertThat(loop.state()).isEqualTo("gone");
        assertThat(handedOver.getLast()).isNull();
    }

    @Test
    void aFullDiskLeavesTheOldFileAndIsTriedAgain() {
        live(Duration.ofMinutes(1));
        diskFull = true;
        live(Duration.ofMinutes(6));
        assertThat(loop.ready()).as("tools have an old one").isFalse();
        assertThat(valid()).as("the endpoint has the new one").isNotEqualTo("token-1");
        assertThat(loop.state()).isEqualTo("cannot write");
        assertThat(handedOver).hasSize(1);
        diskFull = false;
        live(Duration.ofMinutes(2));
        assertThat(loop.ready()).isTrue();
    }

    @Test
    void aFullDiskCostsNoCredentialsAndLeavesNoFileThatIsOver() {
        live(Duration.ofMinutes(1));
        diskFull = true;
        live(Duration.ofMinutes(8));
        assertThat(asked).as("what is at hand is written later, not asked for again").hasSize(2);
        assertThat(handedOver).hasSize(1);
        live(Duration.ofMinutes(1));
        assertThat(handedOver.getLast()).as("what is over makes room").isNull();
        assertThat(valid()).as("the endpoint goes on").isNotEmpty();
        diskFull = false;
        live(Duration.ofMinutes(2));
        assertThat(loop.ready()).isTrue();
    }

    @Test
    void aJumpOfTheCalendarIsAReasonToAskAndForNothingElse() {
        live(Duration.ofMinutes(1));
        for (Duration jump : List.of(Duration.ofHours(3), Duration.ofHours(-5))) {
            int before = asked.size();
            String served = valid();
            jumped = jumped.plus(jump);
            bridge = () -> new Answer.Later("away", null);
            live(Duration.ofMinutes(1));
            assertThat(asked.size()).isGreaterThan(before);
            assertThat(valid()).as("by the clock that counts it is valid").isEqualTo(served);
            bridge = () -> issued(600);
            live(Duration.ofMinutes(2));
            assertThat(loop.ready()).isTrue();
        }
        int settled = asked.size();
        live(Duration.ofMinutes(4));
        assertThat(asked).as("once for each").hasSize(settled);
    }

    @Test
    void whatAKilledOneLeftServesUntilItsEndAndEndsWithThePod() {
        left = new Handover.Left(NOON.plusNanos(clock.get()).plusSeconds(300), "rvk_left");
        bridge = () -> new Answer.Later("away", null);
        loop = loop();
        live(Duration.ofMinutes(4));
        assertThat(handedOver).as("tools still read it").isEmpty();
        assertThat(loop.ready()).isFalse();
        assertThat(loop.handles()).containsExactly("rvk_left");
        live(Duration.ofMinutes(1));
        assertThat(handedOver).containsExactly((Credential) null);
    }

    @Test
    void whatAKilledOneLeftAndIsOverIsGoneAtOnce() {
        left = new Handover.Left(NOON.plusNanos(clock.get()).minusSeconds(1), null);
        loop = loop();
        assertThat(handedOver).containsExactly((Credential) null);
    }

    @Test
    void whatComesAfterTheGoodbyeIsEndedAndNotHandedOver() {
        live(Duration.ofMinutes(1));
        bridge =
                () -> {
                    assertThat(loop.end()).containsExactly("rvk_1");
                    return issued(600);
                };
        live(Duration.ofMinutes(6));
        assertThat(revoked).containsExactly("rvk_2");
        assertThat(handedOver.getLast()).isNull();
        assertThat(loop.valid()).isNull();
        int settled = asked.size();
        live(Duration.ofMinutes(10));
        assertThat(asked).hasSize(settled);
    }

    @Test
    void nothingInFrontOfTheBridgeKeepsAPodWaitingForADay() {
        bridge = () -> new Answer.Later("overloaded", Duration.ofDays(1));
        live(Duration.ofMinutes(11));
        assertThat(asked).hasSize(3);
    }

    @Test
    void noMessageHoldsACredential() {
        live(Duration.ofMinutes(30));
        bridge = () -> new Answer.Later("away", null);
        live(Duration.ofMinutes(30));
        assertThat(String.join("\n", log)).doesNotContain("token-", "rvk_");
        assertThat(String.valueOf(handedOver)).doesNotContain("token-", "rvk_");
    }
}
