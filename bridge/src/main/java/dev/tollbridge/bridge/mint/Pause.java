package dev.tollbridge.bridge.mint;

import java.time.Duration;

/// Waits before a provider is asked again.
@FunctionalInterface
public interface Pause {

    Pause SLEEPING = Thread::sleep;

    void of(Duration time) throws InterruptedException;
}
