package dev.tollbridge.bridge.ledger.file;

import static dev.tollbridge.bridge.refusal.RefusalReason.TOKEN_REPLAYED;
import static dev.tollbridge.bridge.refusal.RefusalReason.TOKEN_TOO_OLD;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollbridge.bridge.audit.JournalProblem;
import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.IssuanceState.Status;
import dev.tollbridge.bridge.ledger.Issuances;
import dev.tollbridge.bridge.ledger.TestClock;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLedgerDamageTest {

    @TempDir private Path data;

    private final TestClock clock = new TestClock();
    private final Issuances issuances = new Issuances();
    private FileLedgerSettings settings;
    private Path folder;

    @BeforeEach
    void settings() {
        settings = FileLedgerSettings.standard(clock).withSegmentBytes(20_000);
        folder = data.resolve("audit");
    }

    private FileLedger open() {
        return FileLedger.open(data, settings);
    }

    private Issuance issue(FileLedger ledger, long token) {
        Issuance issuance = issuances.token(token).next();
        ledger.issued(ledger.reserve(issuance, false), issuance.expires(), Duration.ZERO);
        return issuance;
    }

    private void fill(int count) {
        try (FileLedger ledger = open()) {
            for (int i = 0; i < count; i++) {
                issue(ledger, i);
            }
        }
    }

    private List<Path> files(String end) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file ->
                            file.getFileName().toString().startsWith("audit-")
                                    && file.toString().endsWith(end))
                    .sorted()
                    .toList();
        }
    }

    private void withoutIndex() throws IOException {
        for (Path index : files(".idx")) {
            Files.delete(index);
        }
    }

    private static RefusalReason refusal(FileLedger ledger, Issuance issuance) {
        Refusal refusal =
                catchThrowableOfType(Refusal.class, () -> ledger.reserve(issuance, false));
        return refusal.reason();
    }

    private Issuance again(long token) {
        return issuances.token(token).presentation("again").next();
    }

    @Test
    void answersOverManyFilesWithAndWithoutIndexFiles() throws IOException {
        fill(200);
        assertThat(files(".jsonl").size()).isGreaterThan(5);
        assertThat(files(".idx")).hasSameSizeAs(files(".jsonl"));
        for (int round = 0; round < 2; round++) {
            try (FileLedger ledger = open()) {
                for (int i = 0; i < 200; i += 13) {
                    assertThat(refusal(ledger, again(i))).isEqualTo(TOKEN_REPLAYED);
                }
                Issuance issuance = issue(ledger, 1000 + round);
                assertThat(ledger.find(issuance.id()).orElseThrow().status())
                        .isEqualTo(Status.ISSUED);
            }
            withoutIndex();
        }
    }

    @Test
    void damagedIndexFileIsMadeAnew() throws IOException {
        fill(60);
        for (Path index : files(".idx")) {
            byte[] bytes = Files.readAllBytes(index);
            bytes[40] ^= 1;
            Files.write(index, bytes);
        }
        try (FileLedger ledger = open()) {
            assertThat(refusal(ledger, again(3))).isEqualTo(TOKEN_REPLAYED);
            assertThat(ledger.floor()).isNull();
        }
    }

    @Test
    void filesAreForTheOwnerOnly() throws IOException {
        fill(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        try (Stream<Path> all = Files.walk(data)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                        .as(file.toString())
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void unfinishedLastLineIsKeptAsideAndRecorded() throws IOException {
        fill(5);
        Path last = files(".jsonl").getLast();
        Files.writeString(last, "{\"seq\":9,\"prev\":\"ab", StandardOpenOption.APPEND);

        try (FileLedger ledger = open()) {
            assertThat(refusal(ledger, again(3))).isEqualTo(TOKEN_REPLAYED);
            assertThat(ledger.floor()).isNull();
        }
        assertThat(Files.readString(last)).contains("\"id\":\"torn\"");
        assertThat(Files.readString(files(".torn").getFirst()))
                .isEqualTo("{\"seq\":9,\"prev\":\"ab");
    }

    @Test
    void blocksThatWereNeverWrittenCountAsUnfinished() throws IOException {
        fill(5);
        Path last = files(".jsonl").getLast();
        Files.write(last, new byte[5000], StandardOpenOption.APPEND);
        Files.writeString(last, "\nrest\n", StandardOpenOption.APPEND);

        try (FileLedger ledger = open()) {
            assertThat(refusal(ledger, again(3))).isEqualTo(TOKEN_REPLAYED);
        }
    }

    @Test
    void damagedMiddleIsReportedAndNothingIsChanged() throws IOException {
        fill(5);
        withoutIndex();
        Path file = files(".jsonl").getFirst();
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, UTF_8).replaceFirst("internal-api", "external-ap");
        Files.writeString(file, text);

        assertThatThrownBy(this::open)
                .isInstanceOf(JournalProblem.class)
                .hasMessageContaining(file.getFileName().toString())
                .hasMessageContaining("line ")
                .hasMessageContaining("move the folder aside");
        assertThat(Files.readString(file)).isEqualTo(text);
    }

    @Test
    void missingFileInTheMiddleIsReported() throws IOException {
        fill(100);
        withoutIndex();
        Files.delete(files(".jsonl").get(1));

        assertThatThrownBy(this::open)
                .isInstanceOf(JournalProblem.class)
                .hasMessageContaining("missing");
    }

    @Test
    void fileOfAnotherVersionIsRefused() throws IOException {
        fill(1);
        withoutIndex();
        Path file = files(".jsonl").getFirst();
        Files.writeString(
                file, Files.readString(file).replaceFirst("\"format\":1", "\"format\":7"));

        assertThatThrownBy(this::open)
                .isInstanceOf(JournalProblem.class)
                .hasMessageContaining("format 7")
                .hasMessageContaining("has not been touched");
    }

    @Test
    void secondBridgeOnTheSameFolderIsRefused() {
        try (FileLedger ledger = open()) {
            assertThat(ledger.healthy()).isTrue();
            assertThatThrownBy(this::open)
                    .isInstanceOf(JournalProblem.class)
                    .hasMessageContaining("in use by another bridge");
        }
    }

    @Test
    @DisplayName("DESIGN 14 rule 4: a new data folder has no floor")
    void rule4_newFolderAcceptsTokensFromBeforeItsFirstStart() {
        try (FileLedger ledger = open()) {
            ledger.reserve(issuances.issuedAt(Issuances.NOON.minusSeconds(3600)).next(), false);
        }
        try (FileLedger ledger = open()) {
            assertThat(ledger.floor()).isNull();
        }
    }

    private void assertFloor() {
        clock.advance(Duration.ofSeconds(10));
        Instant restarted = clock.instant();
        try (FileLedger ledger = open()) {
            assertThat(ledger.floor()).isEqualTo(restarted);
            assertThat(refusal(ledger, issuances.token(77).next())).isEqualTo(TOKEN_TOO_OLD);
            ledger.reserve(issuances.token(78).issuedAt(restarted.plusSeconds(1)).next(), false);
        }
        // And it stays.
        clock.advance(Duration.ofSeconds(10));
        try (FileLedger ledger = open()) {
            assertThat(ledger.floor()).isEqualTo(restarted);
        }
    }

    @Test
    @DisplayName("DESIGN 14 rule 4: a ledger whose record is gone refuses older tokens")
    void rule4_missingRecordRaisesTheFloor() throws IOException {
        fill(5);
        Files.move(folder, data.resolve("aside"));

        assertFloor();
    }

    @Test
    @DisplayName("DESIGN 14 rule 4: a ledger that was truncated refuses older tokens")
    void rule4_truncatedRecordRaisesTheFloor() throws IOException {
        fill(5);
        Path file = files(".jsonl").getLast();
        List<String> lines = Files.readAllLines(file);
        Files.writeString(file, String.join("\n", lines.subList(0, lines.size() - 2)) + "\n");

        assertFloor();
    }

    @Test
    @DisplayName("DESIGN 14 rule 4: a ledger put back from a copy refuses older tokens")
    void rule4_restoredCopyRaisesTheFloor() throws IOException {
        fill(5);
        Path file = files(".jsonl").getLast();
        Path copy = file.resolveSibling("copy");
        Files.copy(file, copy);
        Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);

        assertFloor();
    }

    @Test
    @DisplayName("DESIGN 14 rule 4: a record without its anchor refuses older tokens")
    void rule4_missingAnchorRaisesTheFloor() throws IOException {
        fill(5);
        Files.delete(data.resolve("ledger.json"));

        assertFloor();
    }

    @Test
    @DisplayName("DESIGN 14 rule 4: keys of an earlier run without a record refuse older tokens")
    void rule4_keysWithoutRecordRaiseTheFloor() throws IOException {
        Path key = Files.createDirectories(data.resolve("keys")).resolve("a.jwk");
        Files.writeString(key, "{}");
        Files.setLastModifiedTime(key, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));

        assertFloor();
    }

    @Test
    @DisplayName("DESIGN 14 rule 4: keys that this start made do not count as an earlier run's")
    void rule4_keysOfThisStartRaiseNothing() throws IOException {
        Files.writeString(Files.createDirectories(data.resolve("keys")).resolve("a.jwk"), "{}");

        try (FileLedger ledger = open()) {
            assertThat(ledger.floor()).isNull();
        }
    }
}
