package dev.tollbridge.webhook.scan;

import dev.tollbridge.webhook.detect.Detectors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/// Judges every file under some paths, several at once. Memory is bounded by the heap, not by the
/// tree: each worker holds one file or one window of a large one, and all together as much as
/// {@link InHand} lets them.
public final class Scan {

    /// Files that wait for a worker: enough to keep them busy, few enough to hold no memory.
    private static final int WAITING = 256;

    private final Detectors detectors;
    private final int workers;
    private final Progress progress;
    private final ConcurrentLinkedQueue<Located> findings = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<NotInspected> notInspected = new ConcurrentLinkedQueue<>();

    /// @param workers at least 1
    public Scan(Detectors detectors, int workers, Progress progress) {
        this.detectors = detectors;
        this.workers = workers;
        this.progress = progress;
    }

    /// @param baseline what is known already
    /// @param paths files and folders
    public ScanReport run(List<Path> paths, Baseline baseline) {
        Semaphore room = new Semaphore(WAITING);
        FileScan file =
                new FileScan(
                        detectors,
                        new InHand(Runtime.getRuntime().maxMemory()),
                        progress,
                        findings::add,
                        notInspected::add);
        try (ExecutorService pool = Executors.newFixedThreadPool(workers)) {
            TreeWalk walk = new TreeWalk(notInspected::add);
            for (Path path : paths) {
                walk.files(
                        path,
                        found -> {
                            room.acquireUninterruptibly();
                            pool.execute(() -> {
                                try {
                                    file.scan(found);
                                } finally {
                                    room.release();
                                }
                            });
                        });
            }
        }
        return report(baseline);
    }

    private ScanReport report(Baseline baseline) {
        List<Located> fresh = new ArrayList<>();
        int known = 0;
        for (Located located : findings) {
            if (baseline.knows(located)) {
                known++;
            } else {
                fresh.add(located);
            }
        }
        fresh.sort(
                Comparator.comparing(Located::path)
                        .thenComparingInt(located -> located.finding().place().line())
                        .thenComparing(located -> located.finding().detector())
                        .thenComparing(located -> located.finding().fingerprint()));
        List<NotInspected> notes = new ArrayList<>(notInspected);
        notes.sort(Comparator.comparing(NotInspected::path).thenComparing(NotInspected::part));
        return new ScanReport(
                fresh, notes, known, progress.files(), progress.bytes(), baseline.fingerprintKey());
    }
}
