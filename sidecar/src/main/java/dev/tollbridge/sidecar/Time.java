package dev.tollbridge.sidecar;

import java.time.Duration;
import java.time.Instant;

/// The machine's two clocks, and waiting by one of them.
public interface Time {

    /// Never goes back, and may stand still while the machine sleeps: as `System.nanoTime`.
    long nanos();

    /// What the calendar says; somebody may set it.
    Instant calendar();

    /// By {@link #nanos}.
    void sleep(Duration time) throws InterruptedException;

    Time SYSTEM =
            new Time() {
                @Override
                public long nanos() {
                    return System.nanoTime();
                }

                @Override
                public Instant calendar() {
                    return Instant.now();
                }

                @Override
                public void sleep(Duration time) throws InterruptedException {
                    Thread.sleep(time);
                }
            };
}
