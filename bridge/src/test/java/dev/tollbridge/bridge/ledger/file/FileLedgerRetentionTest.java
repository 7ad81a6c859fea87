package dev.tollbridge.bridge.ledger.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollbridge.bridge.audit.AuditVerification;
import dev.tollbridge.bridge.audit.ChainHead;
import dev.tollbridge.bridge.audit.JournalBeginning;
import dev.tollbridge.bridge.audit.JournalTail;
import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.Issuances;
import dev.tollbridge.bridge.ledger.KillSwitch;
import dev.tollbridge.bridge.ledger.TestClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Old files go, and what is left still begins somewhere, answers, and is no lost memory.
class FileLedgerRetentionTest {

    private static final Duration KEPT = Duration.ofDays(30);

    @TempDir private Path data;

    private final TestClock clock = new TestClock();
    private final Issuances issuances = new Issuances();
    private Path folder;
    private @Nullable ChainHead signed;

    @BeforeEach
    void folder() {
        folder = data.resolve("audit");
    }

    private FileLedger open() {
        return FileLedger.open(data, FileLedgerSettings.standard(clock).withSegmentBytes(10_000));
    }

    private Issuance issue(FileLedger ledger, long token) {
        Issuance issuance = issuances.at(clock.instant()).token(token).next();
        ledger.issued(ledger.reserve(issuance, false), issuance.expires(), Duration.ZERO);
        return issuance;
    }

    private int retain(FileLedger ledger) throws IOException {
        return ledger.retain(
                KEPT,
                head -> {
                    signed = head;
                    return "signed";
                });
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().matches("audit-.*jsonl"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void removesWhatIsOldAndTheChainThatIsLeftBeginsWhereItSays() throws IOException {
        Issuance old;
        Issuance recent;
        try (FileLedger ledger = open()) {
            ledger.switchedOff(Set.of(new KillSwitch(KillSwitch.Kind.TARGET, "gone-api")));
            old = issue(ledger, 1);
            for (int i = 2; i < 60; i++) {
                issue(ledger, i);
            }
            assertThat(retain(ledger)).as("nothing is old").isZero();
            clock.advance(KEPT.plusDays(1));
            recent = issue(ledger, 100);
            for (int i = 101; i < 160; i++) {
                issue(ledger, i);
            }
            int before = files().size();

            int removed = retain(ledger);

            assertThat(removed).isGreaterThan(2);
            assertThat(files()).hasSize(before - removed);
            assertThat(ledger.find(old.id())).isEmpty();
            assertThat(ledger.find(recent.id())).isPresent();
            assertThat(Files.readString(folder.resolve(JournalBeginning.FILE)))
                    .isEqualTo("signed\n");
        }
        ChainHead begin = java.util.Objects.requireNonNull(signed);
        AuditVerification.Result whole = AuditVerification.verify(folder, null, begin, 1);
        assertThat(whole.problem()).isNull();
        assertThat(whole.firstSeq()).isEqualTo(begin.seq() + 1);
        assertThat(
                        AuditVerification.verify(
                                        folder,
                                        null,
                                        new ChainHead(begin.ledger(), begin.seq(), "0".repeat(64)),
                                        1)
                                .holds())
                .as("another beginning")
                .isFalse();

        Files.delete(files().getFirst());
        assertThat(AuditVerification.verify(folder, null, begin, 1).problem())
                .contains("missing at its beginning");
    }

    @Test
    void theNextStartLosesNoMemoryAndKnowsWhatIsSwitchedOffWithoutAnyIndex() throws IOException {
        try (FileLedger ledger = open()) {
            ledger.switchedOff(Set.of(new KillSwitch(KillSwitch.Kind.TARGET, "internal-api")));
            ledger.switchedOff(Set.of(new KillSwitch(KillSwitch.Kind.TARGET, "gone-api")));
            for (int i = 0; i < 60; i++) {
                issue(ledger, i);
            }
            clock.advance(KEPT.plusDays(1));
            for (int i = 100; i < 160; i++) {
                issue(ledger, i);
            }
            assertThat(retain(ledger)).isGreaterThan(0);
        }
        for (Path file : files()) {
            Files.deleteIfExists(IndexFile.beside(file));
        }
        try (FileLedger ledger = open()) {
            assertThat(ledger.floor()).as("no memory was lost").isNull();
            assertThatThrownBy(() ->
                            ledger.reserve(issuances.token(999).target("gone-api").next(), false))
                    .hasMessageContaining("switched off");
        }
    }

    @Test
    void aFileStaysAsLongAsAUseOrAReservationOfItMatters() throws IOException {
        try (FileLedger ledger = open()) {
            Issuance open = issuances.at(clock.instant()).token(1).next();
            ledger.reserve(open, true);
            for (int i = 2; i < 60; i++) {
                issue(ledger, i);
            }
            clock.advance(KEPT.plusDays(1));
            for (int i = 100; i < 160; i++) {
                issue(ledger, i);
            }
            assertThat(retain(ledger)).isZero();
            assertThat(ledger.find(open.id())).isPresent();
        }
    }

    @Test
    void lessThanAWeekIsNoRetention() {
        try (FileLedger ledger = open()) {
            assertThatThrownBy(() -> ledger.retain(Duration.ofDays(6), _ -> ""))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void aTailReadsEveryLineOnceOverAllFilesAndSaysWhatIsGone() throws IOException {
        try (FileLedger ledger = open();
                JournalTail tail = ledger.tail(0)) {
            for (int i = 0; i < 60; i++) {
                issue(ledger, i);
            }
            List<String> read = new ArrayList<>();
            for (JournalTail.Batch batch = tail.read(7, 4_000);
                    !batch.lines().isEmpty();
                    batch = tail.read(7, 4_000)) {
                assertThat(batch.lost()).isZero();
                assertThat(batch.first()).isEqualTo(read.size() + 1);
                batch.lines().forEach(line -> read.add(new String(line, StandardCharsets.UTF_8)));
            }
            assertThat(read).isEqualTo(written());

            Issuance next = issue(ledger, 60);
            assertThat(tail.read(7, 10_000).lines())
                    .anyMatch(line -> new String(line, StandardCharsets.UTF_8).contains(next.id()));

            clock.advance(KEPT.plusDays(1));
            for (int i = 100; i < 160; i++) {
                issue(ledger, i);
            }
            int before = written().size();
            retain(ledger);
            try (JournalTail late = ledger.tail(3)) {
                JournalTail.Batch batch = late.read(7, 4_000);
                assertThat(batch.lost())
                        .isEqualTo(before - written().size() + lines(ledger, before) - 3);
            }
        }
    }

    /// Lines that retention itself wrote.
    private static long lines(FileLedger ledger, int before) {
        return ledger.head().seq() - before;
    }

    private List<String> written() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path file : files()) {
            lines.addAll(Files.readAllLines(file));
        }
        return lines;
    }
}
