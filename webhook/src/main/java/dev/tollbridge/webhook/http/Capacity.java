package dev.tollbridge.webhook.http;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// How much is in flight. Without a lock: event loops ask.
final class Capacity {

    private final Limits limits;
    private final AtomicInteger reviews = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    Capacity(Limits limits) {
        this.limits = limits;
    }

    boolean enter() {
        if (reviews.incrementAndGet() > limits.maxInFlight()) {
            reviews.decrementAndGet();
            return false;
        }
        return true;
    }

    void leave(long held) {
        reviews.decrementAndGet();
        bytes.addAndGet(-held);
    }

    /// @return false where these bytes are too many; they are not counted then
    boolean hold(long more) {
        if (bytes.addAndGet(more) > limits.maxBytesInFlight()) {
            bytes.addAndGet(-more);
            return false;
        }
        return true;
    }

    int inFlight() {
        return reviews.get();
    }
}
