package dev.tollbridge.bridge.cli;

import dev.tollbridge.webhook.scan.Progress;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/// Says every few seconds how far a long scan is, on stderr; a short one says nothing.
final class ScanProgress implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(5);

    private final Thread teller;

    private ScanProgress(Thread teller) {
        this.teller = teller;
    }

    static ScanProgress show(Progress progress, PrintWriter err) {
        Thread teller =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                while (true) {
                                    Thread.sleep(EVERY);
                                    err.println(line(progress));
                                    err.flush();
                                }
                            } catch (InterruptedException e) {
                                // The scan has ended.
                            }
                        });
        return new ScanProgress(teller);
    }

    static String line(Progress progress) {
        return String.format(
                Locale.ROOT,
                "  scanned %,d files, %,d MiB",
                progress.files(),
                progress.bytes() >> 20);
    }

    @Override
    public void close() {
        teller.interrupt();
    }
}
