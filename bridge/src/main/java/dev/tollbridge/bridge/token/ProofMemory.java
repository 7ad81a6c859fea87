package dev.tollbridge.bridge.token;

import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The DPoP proofs seen while they could be presented again (RFC 9449 section 11.1).
///
/// A proof is kept by when it ends, in slots of some seconds: the same proof always falls into the
/// same slot, and a slot that has passed is dropped as a whole. Bounded; when full, further proofs
/// are refused, never forgotten. Kept by this process only: a proof presented to another replica,
/// or again after a restart, is stopped by a nonce where one is required, and by the subject
/// token's own replay rule.
final class ProofMemory {

    private static final long SLOT_SECONDS = 16;
    private static final Duration RETRY = Duration.ofSeconds(SLOT_SECONDS);

    private record Key(long high, long low) {}

    private final int capacity;
    private final AtomicInteger size = new AtomicInteger();
    private final ConcurrentSkipListMap<Long, Set<Key>> slots = new ConcurrentSkipListMap<>();

    /// @param capacity in proofs; each takes about 80 bytes
    ProofMemory(int capacity) {
        this.capacity = capacity;
    }

    /// @param digest at least 128 bits that stand for the proof
    /// @param ends when the proof can no longer be presented, which depends on the proof alone
    /// @return false when the proof was seen before
    /// @throws Refusal `overloaded` when there is no room to remember it
    boolean first(byte[] digest, Instant ends, Instant now) {
        dropPassed(now);
        long slot = Math.floorDiv(ends.getEpochSecond(), SLOT_SECONDS);
        ByteBuffer bytes = ByteBuffer.wrap(digest);
        Key key = new Key(bytes.getLong(), bytes.getLong());
        Set<Key> seen = slots.computeIfAbsent(slot, _ -> ConcurrentHashMap.newKeySet());
        if (seen.contains(key)) {
            return false;
        }
        if (size.incrementAndGet() > capacity) {
            size.decrementAndGet();
            throw new Refusal(
                    RefusalReason.OVERLOADED, "no room to remember more DPoP proofs", RETRY);
        }
        if (seen.add(key)) {
            return true;
        }
        size.decrementAndGet();
        return false;
    }

    private void dropPassed(Instant now) {
        // One slot longer than needed: callers' clocks were read a moment apart.
        long passed = Math.floorDiv(now.getEpochSecond(), SLOT_SECONDS) - 1;
        Map.Entry<Long, Set<Key>> oldest = slots.firstEntry();
        while (oldest != null && oldest.getKey() < passed) {
            if (slots.remove(oldest.getKey()) != null) {
                size.addAndGet(-oldest.getValue().size());
            }
            oldest = slots.firstEntry();
        }
    }
}
