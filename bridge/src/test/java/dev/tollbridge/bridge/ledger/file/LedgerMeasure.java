package dev.tollbridge.bridge.ledger.file;

import com.sun.management.OperatingSystemMXBean;
import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.Issuances;
import dev.tollbridge.bridge.ledger.Reservation;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/// What a record costs: 48 callers reserve and issue as fast as they can, on the real disk. Run by
/// hand: `LedgerMeasure [records] [durable]`.
final class LedgerMeasure {
    private static final int IN_FLIGHT = 48;

    private LedgerMeasure() {}

    public static void main(String[] args) throws Exception {
        long records = args.length > 0 ? Long.parseLong(args[0]) : 300_000;
        boolean durable = args.length > 1 && Boolean.parseBoolean(args[1]);
        Path data = Files.createTempDirectory("ledger-measure");
        FileLedgerSettings settings = FileLedgerSettings.standard(InstantSource.system());
        FileLedger ledger = FileLedger.open(data, settings);
        round(ledger, 1L << 40, 100_000, durable, "warm-up");
        round(ledger, 0, records, durable, "measured");
        Instant before = Instant.now();
        ledger.close();
        System.out.println(
                "close    " + Duration.between(before, Instant.now()).toMillis() + " ms");
        before = Instant.now();
        FileLedger again = FileLedger.open(data, settings);
        System.out.println(
                "reopen   " + Duration.between(before, Instant.now()).toMillis() + " ms");
        again.close();
        System.out.println(data);
    }

    private static void round(
            FileLedger ledger, long from, long records, boolean durable, String name)
            throws InterruptedException {
        AtomicLong next = new AtomicLong(from);
        // What the callers do beside the ledger is measured first, to be taken off.
        long idle = cpu();
        for (int i = 0; i < 50_000; i++) {
            issuance(from + (1L << 50) + i);
        }
        double own = (cpu() - idle) / 50_000.0;
        long cpu = cpu();
        long start = System.nanoTime();
        Thread[] callers = new Thread[IN_FLIGHT];
        for (int i = 0; i < IN_FLIGHT; i++) {
            callers[i] =
                    Thread.ofVirtual()
                            .start(() -> {
                                long token = next.getAndIncrement();
                                while (token < from + records) {
                                    Issuance issuance = issuance(token);
                                    Reservation right = ledger.reserve(issuance, durable);
                                    ledger.issued(right, issuance.expires(), Duration.ZERO);
                                    token = next.getAndIncrement();
                                }
                            });
        }
        for (Thread caller : callers) {
            caller.join();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        double each = (cpu() - cpu) / (double) records;
        System.out.printf(
                "%s %.0f issuances/s, CPU %.1f us each (%.1f us of it making the issuance)%n",
                name, records / seconds, each / 1000, own / 1000);
    }

    private static final Issuances ISSUANCES = new Issuances();

    private static Issuance issuance(long token) {
        synchronized (ISSUANCES) {
            return ISSUANCES.at(Instant.now()).token(token).next();
        }
    }

    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
