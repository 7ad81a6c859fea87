package dev.tollbridge.webhook.scan;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.tollbridge.webhook.detect.Fingerprints;
import dev.tollbridge.webhook.detect.engine.StandardDetectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A tree of any files under names that mean something: scanned to its end, each file counted, the
/// same twice, and no failure of ours hidden in a note.
class TreeFuzzTest {

    private static final String KEY = "00".repeat(31) + "01";
    private static final StandardDetectors DETECTORS =
            StandardDetectors.shipped(
                    Fingerprints.keyed(
                            "a key for these tests"
                                    .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    private static final List<String> NAMES =
            List.of(
                    ".netrc",
                    "hosts.yml",
                    "config",
                    "config.json",
                    ".env",
                    "auth.json",
                    "run.sh",
                    "a.zip",
                    "b.tar.gz",
                    "credentials.db",
                    ".vault-token",
                    "Dockerfile",
                    "kubeconfig",
                    "default.toml",
                    "x.log",
                    ".bash_history");

    @FuzzTest(maxDuration = "60s")
    void isScannedToItsEnd(byte[] input) throws IOException {
        Path tree = Files.createTempDirectory("tree");
        try {
            int files = write(tree, input);
            ScanReport one = scan(tree, 1);
            ScanReport two = scan(tree, 3);
            boolean failed =
                    one.notInspected().stream()
                            .anyMatch(note -> note.reason().startsWith("failed"));
            if (failed || one.files() != files || !one.findings().equals(two.findings())) {
                throw new AssertionError(one.notInspected() + ", " + one.files() + " of " + files);
            }
        } finally {
            delete(tree);
        }
    }

    /// A byte for the name, two for the length, then so many.
    private static int write(Path tree, byte[] input) throws IOException {
        int files = 0;
        int at = 0;
        while (at + 3 < input.length && files < 16) {
            int length = (input[at + 1] & 0x0f) << 8 | (input[at + 2] & 0xff);
            int end = Math.min(input.length, at + 3 + Math.max(1, length));
            Path folder = Files.createDirectories(tree.resolve("d" + files));
            String name = NAMES.get((input[at] & 0xff) % NAMES.size());
            Files.write(folder.resolve(name), Arrays.copyOfRange(input, at + 3, end));
            files++;
            at = end;
        }
        return files;
    }

    private static ScanReport scan(Path tree, int workers) {
        return new Scan(DETECTORS, workers, new Progress()).run(List.of(tree), Baseline.none(KEY));
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
