package dev.tollbridge.bridge.ledger.file;

import static dev.tollbridge.bridge.refusal.RefusalReason.TOKEN_REPLAYED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.Issuances;
import dev.tollbridge.bridge.ledger.TestClock;
import dev.tollbridge.bridge.refusal.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Moments of a kill that a test with a real process hits once in a hundred runs, made on purpose.
class FileLedgerKilledBetweenTest {

    private static final int SEGMENT = 20_000;

    @TempDir private Path data;

    private final TestClock clock = new TestClock();
    private final Issuances issuances = new Issuances();

    @Test
    void remembersUsesWhenKilledBetweenANewFileAndItsFirstLine() throws IOException {
        issue(0, 20);
        Path written = files(".jsonl").getLast();
        // The next file was made, nothing is in it yet, and the index beside the one before was
        // still being written.
        Files.deleteIfExists(IndexFile.beside(written));
        int next = Files.readAllLines(written).size() + 1;
        Files.createFile(written.resolveSibling("audit-%015d.jsonl".formatted(next)));

        issue(20, 200);

        assertThat(files(".jsonl")).hasSizeGreaterThan(2);
        refusesAll(220);
    }

    @Test
    void startsWhenKilledBeforeAnOldIndexWasReplaced() throws IOException {
        issue(0, 20);
        Path written = files(".jsonl").getLast();
        Path old = data.resolve("old.idx");
        Files.copy(IndexFile.beside(written), old);

        issue(20, 200);
        Files.copy(old, IndexFile.beside(written), StandardCopyOption.REPLACE_EXISTING);

        refusesAll(220);
        // And once more, with what that start wrote.
        refusesAll(220);
    }

    private void issue(int from, int count) {
        try (FileLedger ledger = open()) {
            for (int i = from; i < from + count; i++) {
                Issuance issuance = issuances.token(i).next();
                ledger.issued(ledger.reserve(issuance, false), issuance.expires(), Duration.ZERO);
            }
        }
    }

    private void refusesAll(int count) {
        try (FileLedger ledger = open()) {
            assertThat(ledger.floor()).isNull();
            for (int i = 0; i < count; i++) {
                Issuance again = issuances.token(i).presentation("again").next();
                Refusal refusal =
                        catchThrowableOfType(Refusal.class, () -> ledger.reserve(again, false));
                assertThat(refusal).as("replay of %d", i).isNotNull();
                assertThat(refusal.reason()).isEqualTo(TOKEN_REPLAYED);
            }
        }
    }

    private FileLedger open() {
        return FileLedger.open(data, FileLedgerSettings.standard(clock).withSegmentBytes(SEGMENT));
    }

    private List<Path> files(String end) throws IOException {
        try (Stream<Path> all = Files.list(data.resolve("audit"))) {
            return all.filter(file ->
                            file.getFileName().toString().startsWith("audit-")
                                    && file.toString().endsWith(end))
                    .sorted()
                    .toList();
        }
    }
}
