package dev.tollbridge.webhook.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class WatchPaceTest {

    private final List<Duration> waited = new ArrayList<>();
    private long now = -5;
    private double random = 1;
    private final WatchPace<Object> pace =
            new WatchPace<>(
                    () -> now,
                    () -> random,
                    (time, _) -> {
                        waited.add(time);
                        now += time.toNanos();
                    });

    private void listedAfter(Duration lasted) {
        now += lasted.toNanos();
        pace.onList("1", false);
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    @Test
    void theFirstWatchAndOneAfterASteadyOneBeginAtOnce() {
        listedAfter(seconds(0));
        listedAfter(WatchPace.STEADY);
        listedAfter(WatchPace.STEADY.multipliedBy(100));

        assertThat(waited).isEmpty();
    }

    @Test
    void thatEndAgainAndAgainAreFurtherAndFurtherApart() {
        listedAfter(seconds(0));
        for (int i = 0; i < 6; i++) {
            listedAfter(seconds(1));
        }

        // With the second that each of them lasted.
        assertThat(waited)
                .containsExactly(
                        seconds(1),
                        WatchPace.LONGEST.minusSeconds(1),
                        WatchPace.LONGEST.minusSeconds(1),
                        WatchPace.LONGEST.minusSeconds(1),
                        WatchPace.LONGEST.minusSeconds(1),
                        WatchPace.LONGEST.minusSeconds(1));
    }

    @Test
    void replicasDoNotComeBackInTheSameMoment() {
        random = 0;
        listedAfter(seconds(0));
        listedAfter(seconds(0));
        random = 0.5;
        listedAfter(seconds(0));

        assertThat(waited).containsExactly(seconds(1), seconds(3));
    }

    @Test
    void whatTookLongerThanItsTurnWaitsNoMore() {
        listedAfter(seconds(0));
        listedAfter(seconds(2));
        listedAfter(seconds(30));

        assertThat(waited).isEmpty();
    }

    @Test
    void aSteadyWatchEndsTheStorm() {
        listedAfter(seconds(0));
        listedAfter(seconds(1));
        listedAfter(seconds(1));
        listedAfter(WatchPace.STEADY);
        waited.clear();
        listedAfter(seconds(1));

        assertThat(waited).containsExactly(seconds(1));
    }

    @Test
    void closingItEndsAWait() {
        List<CountDownLatch> given = new ArrayList<>();
        try (WatchPace<Object> closing =
                new WatchPace<>(() -> 0, () -> 0, (_, until) -> given.add(until))) {
            closing.onList("1", false);
            closing.onList("2", false);
            assertThat(given).singleElement().matches(until -> until.getCount() == 1);
        }
        assertThat(given).singleElement().matches(until -> until.getCount() == 0);
    }
}
