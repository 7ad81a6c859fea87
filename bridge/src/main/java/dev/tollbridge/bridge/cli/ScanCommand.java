package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.webhook.detect.Fingerprints;
import dev.tollbridge.webhook.detect.engine.StandardDetectors;
import dev.tollbridge.webhook.scan.Baseline;
import dev.tollbridge.webhook.scan.Progress;
import dev.tollbridge.webhook.scan.Report;
import dev.tollbridge.webhook.scan.Sarif;
import dev.tollbridge.webhook.scan.Scan;
import dev.tollbridge.webhook.scan.ScanReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `tollbridge scan`: the webhook's detectors on files.
@Command(
        name = "scan",
        description = {
            "Finds interactive logins in files: homes, workspaces, unpacked images, manifests, shell"
                    + " histories, logs.",
            "What it finds is what the webhook would block (error) or warn of (warning). No value is printed."
        },
        mixinStandardHelpOptions = true,
        exitCodeList = {
            "0:nothing found, or --exit-zero",
            "1:findings that the baseline does not have",
            "2:wrong usage"
        },
        footer = {
            "",
            "Examples:",
            "  tollbridge scan ~",
            "  tollbridge scan --output sarif . > scan.sarif",
            "  tollbridge scan --baseline known.json ."
        })
final class ScanCommand implements Callable<Integer> {

    /// Where docs/ is served.
    private static final String DOCUMENTATION = "https://tollbridge.dev/docs/";

    private static final int KEY_BYTES = 32;
    private static final long LARGEST_BASELINE = 256L << 20;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files and folders.")
    private List<Path> paths = List.of();

    @Option(
            names = "--output",
            paramLabel = "text|json|sarif",
            defaultValue = "text",
            description = "Default: ${DEFAULT-VALUE}.")
    private OutputFormat output = OutputFormat.TEXT;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Files judged at once. Default: one for each processor.")
    private int jobs = Runtime.getRuntime().availableProcessors();

    @Option(names = "--exit-zero", description = "Findings do not make the command fail.")
    private boolean exitZero;

    @Option(
            names = "--baseline",
            paramLabel = "FILE",
            description =
                    "Findings of an earlier report (JSON or SARIF) are not reported again. If the file does"
                            + " not exist it is written.")
    private @Nullable Path baseline;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before the command runs
    private CommandSpec spec;

    @Override
    public Integer call() {
        for (Path path : paths) {
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                throw CommandFailure.usage("PATH: " + path + " does not exist");
            }
        }
        if (jobs < 1 || jobs > 1024) {
            throw CommandFailure.usage("--jobs: a number from 1 to 1024");
        }
        Baseline known = known();
        Fingerprints fingerprints =
                Fingerprints.keyed(HexFormat.of().parseHex(known.fingerprintKey()));
        Progress progress = new Progress();
        ScanReport report;
        try (var _ = ScanProgress.show(progress, spec.commandLine().getErr())) {
            report =
                    new Scan(StandardDetectors.shipped(fingerprints), jobs, progress)
                            .run(paths, known);
        }
        print(report);
        record(report);
        return report.findings().isEmpty() || exitZero ? ExitCode.DONE : ExitCode.NO;
    }

    private Baseline known() {
        Path file = baseline;
        if (file == null || !Files.exists(file)) {
            byte[] key = new byte[KEY_BYTES];
            new SecureRandom().nextBytes(key);
            return Baseline.none(HexFormat.of().formatHex(key));
        }
        try {
            if (Files.size(file) > LARGEST_BASELINE) {
                throw CommandFailure.usage("--baseline: " + file + " is larger than 256 MiB");
            }
            return Baseline.read(Files.readAllBytes(file));
        } catch (IllegalArgumentException e) {
            throw CommandFailure.usage("--baseline: " + file + " " + e.getMessage());
        } catch (IOException e) {
            throw CommandFailure.usage("--baseline: " + file + " cannot be read");
        }
    }

    private void print(ScanReport report) {
        PrintWriter out = spec.commandLine().getOut();
        switch (output) {
            case TEXT -> Report.text(report).forEach(line -> out.println(Plain.text(line)));
            case JSON -> out.println(JsonOutput.pretty(Report.json(report)));
            case SARIF -> {
                Path folder = Path.of("").toAbsolutePath();
                out.println(
                        JsonOutput.pretty(
                                new Sarif(report, folder, Version.current(), DOCUMENTATION).log()));
            }
        }
        out.flush();
    }

    /// The first run with a baseline writes it. It fails all the same when it found something: a
    /// misspelt name must not let everything through.
    private void record(ScanReport report) {
        Path file = baseline;
        if (file != null && !Files.exists(file)) {
            PrivateFile.write(file, Secret.of(JsonOutput.pretty(Report.json(report)) + "\n"));
            spec.commandLine()
                    .getErr()
                    .println(
                            "tollbridge: "
                                    + report.findings().size()
                                    + " findings recorded in "
                                    + file
                                    + "; the next run reports what is new");
        }
    }
}
