package dev.tollbridge.bridge.ledger.file;

import static dev.tollbridge.bridge.refusal.RefusalReason.LEDGER_UNAVAILABLE;
import static dev.tollbridge.bridge.refusal.RefusalReason.OVERLOADED;
import static dev.tollbridge.bridge.refusal.RefusalReason.TOKEN_REPLAYED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollbridge.bridge.audit.AuditVerification;
import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.Issuances;
import dev.tollbridge.bridge.ledger.Reservation;
import dev.tollbridge.bridge.ledger.TestClock;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLedgerDiskTest {

    @TempDir private Path data;

    private final TestClock clock = new TestClock();
    private final BrokenDisk disk = new BrokenDisk();
    private final List<String> ends = new CopyOnWriteArrayList<>();
    private final Issuances issuances = new Issuances();
    private final FileLedgerSettings settings =
            FileLedgerSettings.standard(clock)
                    .withDisk(disk)
                    .withEnd(ends::add)
                    .withDeadline(Duration.ofMillis(60));

    private static RefusalReason refusal(Runnable step) {
        Refusal refusal = catchThrowableOfType(Refusal.class, step::run);
        assertThat(refusal).as("refusal").isNotNull();
        return refusal.reason();
    }

    private static void issue(FileLedger ledger, Issuance issuance) {
        ledger.issued(ledger.reserve(issuance, true), issuance.expires(), Duration.ZERO);
    }

    @Test
    void hangingDiskRefusesWithinTheDeadlineAndRecovers() {
        try (FileLedger ledger = FileLedger.open(data, settings)) {
            Reservation reservation = ledger.reserve(issuances.token(1).next(), false);
            disk.hang();

            assertThat(
                            refusal(() ->
                                    ledger.issued(
                                            reservation,
                                            reservation.issuance().expires(),
                                            Duration.ZERO)))
                    .isEqualTo(LEDGER_UNAVAILABLE);
            assertThat(ledger.healthy()).isFalse();
            // Who comes now is told at once.
            assertThat(refusal(() -> ledger.reserve(issuances.token(2).next(), false)))
                    .isEqualTo(LEDGER_UNAVAILABLE);

            disk.goOn();
            while (!ledger.healthy()) {
                Thread.onSpinWait();
            }
            issue(ledger, issuances.token(3).next());
            assertThat(ends).isEmpty();
        }
    }

    @Test
    void fullDiskRefusesAndRecoversWhenThereIsSpace() throws Exception {
        Issuance later = issuances.token(2).next();
        try (FileLedger ledger = FileLedger.open(data, settings)) {
            issue(ledger, issuances.token(1).next());
            disk.full = true;
            assertThat(refusal(() -> issue(ledger, later))).isEqualTo(LEDGER_UNAVAILABLE);
            assertThat(ends).isEmpty();

            disk.full = false;
            issue(ledger, issuances.token(2).presentation("again").next());
        }
        // The half that was written is gone, and the chain holds.
        AuditVerification.Result result = AuditVerification.verify(data.resolve("audit"), null);
        assertThat(result.problem()).isNull();
        assertThat(result.unfinished()).isZero();
    }

    @Test
    @DisplayName("DESIGN 14 rule 4: a failed force to disk ends the process")
    void rule4_failedForceEndsTheProcess() {
        FileLedger ledger = FileLedger.open(data, settings);
        disk.forceFails = true;

        assertThat(refusal(() -> issue(ledger, issuances.next()))).isEqualTo(LEDGER_UNAVAILABLE);

        assertThat(ends).hasSize(1);
        assertThat(ends.getFirst()).contains("forced");
        assertThat(ledger.healthy()).isFalse();
        ledger.close();
    }

    @Test
    void fullQueueRefusesAsOverloaded() {
        try (FileLedger ledger = FileLedger.open(data, settings.withQueue(4))) {
            disk.hang();
            // One is being written, four wait.
            int refused = 0;
            for (int i = 0; i < 6 && refused == 0; i++) {
                Issuance issuance = issuances.token(i).next();
                Reservation reservation = ledger.reserve(issuance, false);
                try {
                    ledger.failed(reservation, OVERLOADED, "x", false, Duration.ZERO);
                    ledger.trail()
                            .append(
                                    Records.of(
                                            reservation,
                                            dev.tollbridge.bridge.audit.AuditRecord.Kind.SHADOW,
                                            clock.instant(),
                                            issuance.expires(),
                                            null,
                                            null,
                                            null))
                            .getNow(null);
                } catch (java.util.concurrent.CompletionException e) {
                    assertThat(e.getCause())
                            .isInstanceOfSatisfying(
                                    Refusal.class,
                                    refusal -> assertThat(refusal.reason()).isEqualTo(OVERLOADED));
                    refused++;
                }
            }
            assertThat(refused).isEqualTo(1);
            disk.goOn();
        }
    }

    @Test
    void replayTableThatIsFullFailsClosed() {
        try (FileLedger ledger = FileLedger.open(data, settings.withReplayEntries(256 * 16))) {
            RefusalReason reason = null;
            for (int i = 0; i < 256 * 40 && reason == null; i++) {
                try {
                    ledger.reserve(issuances.token(i).next(), false);
                } catch (Refusal refusal) {
                    reason = refusal.reason();
                }
            }
            assertThat(reason).isEqualTo(OVERLOADED);
            assertThat(
                            refusal(() ->
                                    ledger.reserve(
                                            issuances.token(1).presentation("x").next(), false)))
                    .isEqualTo(TOKEN_REPLAYED);
            // What has passed leaves by itself.
            clock.advance(Duration.ofHours(1));
            for (int i = 0; i < 1000; i++) {
                ledger.reserve(issuances.at(clock.instant()).token(1_000_000 + i).next(), false);
            }
        }
    }
}
