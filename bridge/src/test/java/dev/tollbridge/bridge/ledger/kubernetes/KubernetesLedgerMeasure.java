package dev.tollbridge.bridge.ledger.kubernetes;

import dev.tollbridge.bridge.cluster.Resources;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.Issuances;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.ledger.Reservation;
import dev.tollbridge.testing.cluster.ClusterFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// How much the ledger carries, with the API server and etcd on the same machine. Run by hand,
/// alone: `java -cp ... dev.tollbridge.bridge.ledger.kubernetes.KubernetesLedgerMeasure`.
final class KubernetesLedgerMeasure {

    private static final int IN_FLIGHT = 48;
    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final Duration MEASURED = Duration.ofSeconds(15);
    private static final Duration TOOK = Duration.ofMillis(1);

    private final AtomicLong number = new AtomicLong();

    private KubernetesLedgerMeasure() {}

    public static void main(String[] arguments) throws Exception {
        new KubernetesLedgerMeasure().run();
        System.exit(0);
    }

    private void run() throws IOException, InterruptedException {
        ClusterFixture cluster = ClusterFixture.another();
        Resources.install(cluster);
        Path data = Files.createTempDirectory("measure-");
        try (LedgerNamespace namespace = new LedgerNamespace(cluster);
                KubernetesLedger one =
                        namespace.open(data.resolve("1"), "bridge-1", InstantSource.system());
                KubernetesLedger two =
                        namespace.open(data.resolve("2"), "bridge-2", InstantSource.system())) {
            ExecutorService looks = Executors.newVirtualThreadPerTaskExecutor();
            var schedule = Executors.newSingleThreadScheduledExecutor();
            var _ =
                    schedule.scheduleWithFixedDelay(
                            () ->
                                    looks.execute(() ->
                                            List.of(one, two).forEach(KubernetesLedger::look)),
                            0,
                            2,
                            TimeUnit.SECONDS);
            measure("jwt, single-use, one bridge", List.of(one), Replay.SINGLE_USE, false);
            measure("jwt, record, one bridge", List.of(one), Replay.RECORD, false);
            measure("elsewhere, single-use, one bridge", List.of(one), Replay.SINGLE_USE, true);
            measure("jwt, single-use, two bridges", List.of(one, two), Replay.SINGLE_USE, false);
            schedule.shutdownNow();
        } finally {
            cluster.stop();
        }
    }

    private void measure(
            String what, List<? extends Ledger> ledgers, Replay replay, boolean durable)
            throws InterruptedException {
        go(ledgers, replay, durable, WARM_UP);
        long[] micros = go(ledgers, replay, durable, MEASURED);
        Arrays.sort(micros);
        System.out.printf(
                "%-36s %6.0f/s  p50 %.1f ms  p99 %.1f ms%n",
                what,
                micros.length / (double) MEASURED.toSeconds(),
                micros[micros.length / 2] / 1000.0,
                micros[(int) (micros.length * 0.99)] / 1000.0);
    }

    private long[] go(List<? extends Ledger> ledgers, Replay replay, boolean durable, Duration time)
            throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        List<long[]> all = java.util.Collections.synchronizedList(new java.util.ArrayList<>());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < IN_FLIGHT; i++) {
                Ledger ledger = ledgers.get(i % ledgers.size());
                threads.execute(() -> {
                    Issuances issuances = new Issuances().replay(replay);
                    long[] took = new long[100_000];
                    int count = 0;
                    while (System.nanoTime() < end) {
                        long begin = System.nanoTime();
                        exchange(ledger, issuances, durable);
                        took[count++] = (System.nanoTime() - begin) / 1000;
                    }
                    all.add(Arrays.copyOf(took, count));
                });
            }
        }
        return all.stream().flatMapToLong(Arrays::stream).toArray();
    }

    private void exchange(Ledger ledger, Issuances issuances, boolean durable) {
        long n = number.incrementAndGet();
        Issuance issuance = issuances.token(n).at(Instant.now()).next();
        Issuance own = withId(issuance, n);
        Reservation reservation = ledger.reserve(own, durable);
        ledger.issued(reservation, own.expires(), TOOK);
    }

    /// Every thread's ids begin the same.
    private static Issuance withId(Issuance i, long number) {
        String tail = "%022d".formatted(number);
        return new Issuance(
                "iss_01MM" + tail,
                "rct_01MM" + tail,
                i.time(),
                i.presentation(),
                i.issuer(),
                i.subject(),
                i.claims(),
                i.tokenFingerprint(),
                i.jtiHash(),
                i.replay(),
                i.subjectIssuedAt(),
                i.subjectExpires(),
                i.replayUntil(),
                i.grant(),
                i.target(),
                i.targetKind(),
                i.scope(),
                i.ttl(),
                i.expires(),
                i.senderConstraint(),
                i.peer(),
                i.userAgent(),
                i.owner(),
                i.named(),
                i.session());
    }
}
