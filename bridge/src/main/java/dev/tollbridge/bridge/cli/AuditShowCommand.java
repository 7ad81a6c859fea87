package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.audit.AuditReader;
import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.audit.RecordLine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tollbridge audit show`.
@Command(
        name = "show",
        description = "Shows lines of the record, oldest first.",
        mixinStandardHelpOptions = true,
        exitCodeList = {
            "0:done, whether there are any or not",
            "1:the record holds what is no line of it",
            "2:wrong usage"
        },
        footer = {
            "",
            "Examples:",
            "  tollbridge audit show --data ./data --since 2h --target internal-api",
            "  tollbridge audit show --data ./data --receipt rct_01KAH2Q4W0V8M6T3N5R7X9Z1BC --output json",
            "",
            "Refusals from before a signature was verified, which anybody can cause, are kept apart:",
            "--unverified shows those. --receipt looks at both."
        })
final class AuditShowCommand implements Callable<Integer> {

    @Mixin private final DataOption data = new DataOption();

    @Mixin private final FilterOption filter = new FilterOption();

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "Only this kind: issued, refused, revoked and so on.")
    private AuditRecord.@Nullable Kind kind;

    @Option(names = "--receipt", paramLabel = "ID", description = "Only this receipt.")
    private @Nullable String receipt;

    @Option(names = "--issuance", paramLabel = "ID", description = "Only this issuance.")
    private @Nullable String issuance;

    @Option(
            names = "--unverified",
            description = "Refusals from before a signature was verified, instead.")
    private boolean unverified;

    @Mixin private final OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        Path folder = data.with(AuditCommand.FOLDER).resolve(AuditCommand.FOLDER);
        Predicate<AuditRecord> wanted = wanted();
        RecordLines lines = new RecordLines(output.out(), output.json());
        lines.begin();
        try {
            if (!unverified) {
                AuditReader.forwards(folder, wanted, lines::print);
            }
            if (unverified || receipt != null) {
                unverified(folder, wanted).forEach(lines::print);
            }
        } catch (UncheckedIOException e) {
            throw CommandFailure.no(String.valueOf(e.getMessage()));
        } finally {
            lines.end();
        }
        return ExitCode.DONE;
    }

    private Predicate<AuditRecord> wanted() {
        Instant from = filter.since();
        return record ->
                (from == null || !record.time().isBefore(from))
                        && (kind == null || kind == record.kind())
                        && is(filter.target(), record.target())
                        && is(filter.subject(), record.subject())
                        && is(receipt, record.receipt())
                        && is(issuance, record.id());
    }

    private static boolean is(@Nullable String wanted, @Nullable String there) {
        return wanted == null || wanted.equals(there);
    }

    /// A ring of files of bounded size, so all of it may be held.
    private static List<RecordLine> unverified(Path folder, Predicate<AuditRecord> wanted) {
        List<RecordLine> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "refused-*.jsonl")) {
            for (Path file : files) {
                AuditReader.backwards(
                        file,
                        line -> {
                            if (wanted.test(line.record())) {
                                found.add(line);
                            }
                            return true;
                        });
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.sort(Comparator.comparing((RecordLine line) -> line.record().time()));
        return found;
    }
}
