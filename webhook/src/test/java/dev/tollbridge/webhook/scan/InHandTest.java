package dev.tollbridge.webhook.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InHandTest {

    private static final int MIB = 1 << 20;

    @Test
    void aFileLargerThanTheShareIsLetInByItself() {
        AtomicInteger ran = new AtomicInteger();
        new InHand(MIB).hold(8L << 20, ran::incrementAndGet);
        assertThat(ran).hasValue(1);
    }

    @Test
    void manyWorkersHoldNoMoreThanTheHeapHasRoomFor() {
        InHand inHand = new InHand(100L * MIB);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (var pool = Executors.newFixedThreadPool(16)) {
            for (int i = 0; i < 64; i++) {
                pool.execute(() -> {
                    inHand.hold(
                            MIB,
                            () -> {
                                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                                now.decrementAndGet();
                            });
                });
            }
        }
        // a twenty-fourth of the heap, in files of a MiB
        assertThat(most.get()).isBetween(1, 4);
    }

    @Test
    void roomIsGivenBackWhenAFileFails() {
        InHand inHand = new InHand(MIB);
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            try {
                inHand.hold(
                        MIB,
                        () -> {
                            ran.incrementAndGet();
                            throw new IllegalStateException("a mistake");
                        });
            } catch (IllegalStateException e) {
                // the next one has to get in
            }
        }
        assertThat(ran).hasValue(3);
    }
}
