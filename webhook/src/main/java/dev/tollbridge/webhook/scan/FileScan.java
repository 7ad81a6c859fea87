package dev.tollbridge.webhook.scan;

import dev.tollbridge.webhook.detect.Content;
import dev.tollbridge.webhook.detect.Detectors;
import dev.tollbridge.webhook.detect.Finding;
import dev.tollbridge.webhook.detect.Judgement;
import dev.tollbridge.webhook.detect.Place;
import dev.tollbridge.webhook.detect.Uninspected;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/// Judges one file: whole if it is small, member by member if it is a large archive, in windows
/// that overlap if it is a large text. Safe for use by several threads.
final class FileScan {

    /// Up to here a file is judged as a whole, structure and all.
    static final int WHOLE = 8 << 20;

    /// Archives above this are not opened in memory all at once: what is in them may be many times
    /// as much.
    private static final int PACKED = 1 << 20;

    private static final int WINDOW = 4 << 20;

    /// Longer than any credential, and than most documents that hold one.
    private static final int OVERLAP = 64 << 10;

    private final Detectors detectors;
    private final InHand inHand;
    private final Progress progress;
    private final Consumer<Located> findings;
    private final Consumer<NotInspected> notInspected;

    FileScan(
            Detectors detectors,
            InHand inHand,
            Progress progress,
            Consumer<Located> findings,
            Consumer<NotInspected> notInspected) {
        this.detectors = detectors;
        this.inHand = inHand;
        this.progress = progress;
        this.findings = findings;
        this.notInspected = notInspected;
    }

    void scan(Path file) {
        String path = TreeWalk.name(file);
        try {
            long size = Files.size(file);
            if (size <= PACKED) {
                inHand.hold(size, () -> judge(path, path, Files.readAllBytes(file)));
            } else {
                inHand.hold(Math.min(size, WHOLE), () -> larger(file, path, size));
            }
            progress.file(size);
        } catch (IOException e) {
            progress.file(0);
            notInspected.accept(TreeWalk.unreadable(file));
        } catch (RuntimeException e) {
            // A mistake of ours must not end the scan, nor be silent. What it was about stays
            // unsaid.
            notInspected.accept(
                    new NotInspected(path, "", "failed inside: " + e.getClass().getSimpleName()));
        }
    }

    private void larger(Path file, String path, long size) throws IOException {
        try (BufferedInputStream in =
                new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            if (size <= WHOLE && !LargeFile.packed(in)) {
                judge(path, path, in.readNBytes(WHOLE));
            } else {
                new LargeFile(this, path, size).scan(in);
            }
        }
    }

    /// @param path of the file on disk
    /// @param name of the content, which is a member's where the file is an archive
    void judge(String path, String name, byte[] bytes) {
        Judgement judgement = detectors.judge(Content.file(name, bytes));
        judgement
                .findings()
                .forEach(finding -> findings.accept(new Located(path, in(path, name, finding))));
        judgement.uninspected().forEach(part -> note(path, name, part));
    }

    private static Finding in(String path, String name, Finding finding) {
        return path.equals(name) ? finding : finding.at(finding.place().inside(name));
    }

    private void note(String path, String name, Uninspected part) {
        Place place = path.equals(name) ? part.place() : part.place().inside(name);
        notInspected.accept(
                new NotInspected(path, String.join(" > ", place.within()), part.reason().words()));
    }

    void tooLarge(String path, String part) {
        notInspected.accept(
                new NotInspected(
                        path,
                        part,
                        "larger than "
                                + (WHOLE >> 20)
                                + " MiB: looked through for tokens and commands, its structure not read"));
    }

    void damaged(String path, String part, String reason) {
        notInspected.accept(new NotInspected(path, part, reason));
    }

    /// A text of any length. What lies in the overlap is seen twice and said once.
    void windows(String path, String name, InputStream in) throws IOException {
        byte[] buffer = new byte[WINDOW + OVERLAP];
        Set<String> said = new HashSet<>();
        int kept = 0;
        int line = 0;
        while (true) {
            int read = in.readNBytes(buffer, kept, buffer.length - kept);
            int length = kept + read;
            if (read > 0 || line == 0) {
                byte[] window = Arrays.copyOf(buffer, length);
                int before = line;
                for (Finding finding : detectors.judge(Content.file(name, window)).findings()) {
                    if (said.add(finding.detector() + finding.fingerprint())) {
                        Finding moved = finding.at(finding.place().movedBy(before));
                        findings.accept(new Located(path, in(path, name, moved)));
                    }
                }
            }
            if (length < buffer.length) {
                return;
            }
            for (int i = 0; i < WINDOW; i++) {
                if (buffer[i] == '\n') {
                    line++;
                }
            }
            System.arraycopy(buffer, WINDOW, buffer, 0, OVERLAP);
            kept = OVERLAP;
        }
    }
}
