package dev.tollbridge.bench.scan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bench.Bench;
import dev.tollbridge.bench.Machine;
import dev.tollbridge.bench.TwoColumns;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/// `tollbridge scan` and gitleaks on the same trees, in the same run: how fast, and what they find
/// of the samples that the webhook's tests have.
public final class ScanBench {

    private static final long LARGE = 10_000_000_000L;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path project;
    private final Path gitleaks;
    private final Path work;

    private ScanBench(Path project, Path gitleaks, Path work) {
        this.project = project;
        this.gitleaks = gitleaks;
        this.work = work;
    }

    /// @param arguments the project's folder, gitleaks, then a tree to scan instead of the made one
    public static void main(String[] arguments) throws IOException {
        Path project = Path.of(arguments[0]).toAbsolutePath();
        Path work = Files.createTempDirectory(project.resolve("bench/target"), "scan-");
        try {
            ScanBench bench = new ScanBench(project, Path.of(arguments[1]), work);
            System.out.printf("machine: %s%n", Machine.describe());
            bench.samples();
            bench.speed(arguments.length > 2 ? Path.of(arguments[2]) : bench.tree());
        } finally {
            Bench.delete(work);
        }
    }

    /// Made once; what is in it depends on the machine only.
    private Path tree() throws IOException {
        Path tree = project.resolve("bench/target/mixed-tree");
        if (!Files.isRegularFile(project.resolve("bench/target/mixed-tree.made"))) {
            System.err.println("making the tree");
            if (Files.exists(tree)) {
                Bench.delete(tree);
            }
            MixedTree.write(tree, project);
            Files.createFile(project.resolve("bench/target/mixed-tree.made"));
        }
        return tree;
    }

    private void speed(Path tree) throws IOException {
        long[] size = read(tree);
        System.out.printf(
                Locale.ROOT,
                "%ntree: %s, %,d files, %.0f MB, read once before%n",
                tree.getFileName(),
                size[0],
                size[1] / 1e6);
        Path report = work.resolve("report.json");
        Measured warm = Measured.run(ours(tree), report);
        Measured first = Measured.run(ours(tree), report);
        JsonNode summary = JSON.readTree(report.toFile()).path("summary");
        Measured other = Measured.run(theirs(tree, work.resolve("theirs.json")), report);
        Measured ours = warm.seconds() < first.seconds() ? warm : first;
        double megabytes = size[1] / 1e6;
        TwoColumns table = new TwoColumns(System.out);
        table.head("the same tree, all processors", "tollbridge", "gitleaks");
        table.row("MB/s", megabytes / ours.seconds(), megabytes / other.seconds(), "%.1f");
        table.row(
                "MB per processor second",
                megabytes / ours.cpuSeconds(),
                megabytes / other.cpuSeconds(),
                "%.1f");
        table.row("seconds", ours.seconds(), other.seconds(), "%.1f");
        table.row("memory at its highest, MiB", ours.memory(), other.memory(), "%.0f");
        table.row(
                "findings",
                summary.path("errors").asDouble() + summary.path("warnings").asDouble(),
                JSON.readTree(work.resolve("theirs.json").toFile()).size(),
                "%.0f");
        System.out.printf(
                "not inspected, and said so: %s%n", summary.path("notInspected").asText());
        large(tree, size[1]);
    }

    /// What a scan costs once it has started, and whether its memory grows: the tree as often as
    /// makes ten gigabytes, each time read and judged anew.
    private void large(Path tree, long size) throws IOException {
        int times = (int) Math.ceilDiv(LARGE, size);
        List<String> command = new ArrayList<>(ours(tree));
        command.addAll(Collections.nCopies(times - 1, tree.toString()));
        Measured measured = Measured.run(command, work.resolve("large.json"));
        double megabytes = size * times / 1e6;
        System.out.printf(
                Locale.ROOT,
                "%n%d times over, %.1f GB in one scan: %.0f MB/s, %.0f MB per processor second, %.0f MiB at its highest%n",
                times,
                megabytes / 1e3,
                megabytes / measured.seconds(),
                megabytes / measured.cpuSeconds(),
                measured.memory());
    }

    /// Each sample lies in a folder of its own, under the name that it has on a disk.
    private void samples() throws IOException {
        Path samples = project.resolve("webhook/src/test/resources/detect/samples");
        Path tree = Files.createDirectory(work.resolve("samples"));
        Set<String> block = new HashSet<>();
        Set<String> allow = new HashSet<>();
        int number = 0;
        for (JsonNode sample : JSON.readTree(samples.resolve("index.json").toFile())) {
            Path file = samples.resolve(sample.path("file").asText());
            Path folder = Files.createDirectory(tree.resolve("s" + number++));
            Files.copy(
                    file,
                    folder.resolve(sample.path("asName").asText(file.getFileName().toString())));
            (sample.path("expect").asText().equals("block") ? block : allow)
                    .add(folder.getFileName().toString());
        }
        Path report = work.resolve("samples.json");
        Measured.run(ours(tree), report);
        Set<String> ours = new HashSet<>();
        Set<String> warned = new HashSet<>();
        for (JsonNode finding : JSON.readTree(report.toFile()).path("findings")) {
            boolean error = finding.path("level").asText().equals("error");
            (error ? ours : warned).add(sample(tree, finding.path("path").asText()));
        }
        warned.removeAll(ours);
        Path other = work.resolve("gitleaks.json");
        Measured.run(theirs(tree, other), report);
        Set<String> theirs = new HashSet<>();
        for (JsonNode finding : JSON.readTree(other.toFile())) {
            theirs.add(sample(tree, finding.path("File").asText()));
        }
        System.out.printf("%n%-38s %12s %12s%n", "samples", "tollbridge", "gitleaks");
        count("logins found, of " + block.size(), ours, theirs, block);
        count("false alarms, of " + allow.size(), ours, theirs, allow);
        warned.retainAll(allow);
        System.out.printf("(and %d warnings of ours on those)%n", warned.size());
    }

    private static void count(
            String what, Set<String> ours, Set<String> theirs, Set<String> among) {
        System.out.printf(
                "%-38s %12d %12d%n",
                what,
                ours.stream().filter(among::contains).count(),
                theirs.stream().filter(among::contains).count());
    }

    private static String sample(Path tree, String file) {
        return tree.relativize(Path.of(file)).getName(0).toString();
    }

    private List<String> ours(Path tree) {
        return List.of(
                project.resolve("tollbridge").toString(),
                "scan",
                "--exit-zero",
                "--output",
                "json",
                tree.toString());
    }

    private List<String> theirs(Path tree, Path report) {
        return List.of(
                gitleaks.toString(),
                "dir",
                "--no-banner",
                "--exit-code",
                "0",
                "--report-format",
                "json",
                "--report-path",
                report.toString(),
                tree.toString());
    }

    /// So that neither waits for the disk.
    private static long[] read(Path tree) throws IOException {
        long[] size = new long[2];
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(tree)) {
            all.filter(Files::isRegularFile).forEach(files::add);
        }
        byte[] buffer = new byte[1 << 20];
        for (Path file : files) {
            size[0]++;
            try (InputStream in = Files.newInputStream(file)) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    size[1] += read;
                }
            }
        }
        return size;
    }
}
