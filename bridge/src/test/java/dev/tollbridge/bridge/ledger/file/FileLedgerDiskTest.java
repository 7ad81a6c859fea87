package dev.tollbridge.bridge.ledger.file;

import static dev.tollbridge.bridge.refusal.RefusalReason.LEDGER_UNAVAILABLE;
import static dev.tollbridge.bridge.refusal.RefusalReason.OVERLOADED;
import static dev.tollbridge.bridge.refusal.RefusalReason.TOKEN_REPLAYED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollbridge.bridge.audit.AuditVerification;
import dev.tollbridge.bridge.audit.FileChannelDisk;
import dev.tollbridge.bridge.audit.JournalDisk;
import dev.tollbridge.bridge.audit.JournalTail;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.IssuanceState;
import dev.tollbridge.bridge.ledger.Issuances;
import dev.tollbridge.bridge.ledger.KillSwitch;
import dev.tollbridge.bridge.ledger.Reservation;
import dev.tollbridge.bridge.ledger.TestClock;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    /// Where nothing hangs, a busy machine is no reason to give up.
    private final FileLedgerSettings patient = settings.withDeadline(Duration.ofSeconds(30));

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
        try (FileLedger ledger = FileLedger.open(data, patient)) {
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
    void aTailNeverShowsWhatWasCutOffAgain() throws Exception {
        try (FileLedger ledger = FileLedger.open(data, patient);
                JournalTail tail = ledger.tail(0)) {
            issue(ledger, issuances.token(1).next());
            disk.full = true;
            Issuance lost = issuances.token(2).next();
            assertThat(refusal(() -> issue(ledger, lost))).isEqualTo(LEDGER_UNAVAILABLE);
            List<byte[]> read = new ArrayList<>(tail.read(100, 1 << 20).lines());
            disk.full = false;
            issue(ledger, issuances.token(3).next());
            read.addAll(tail.read(100, 1 << 20).lines());

            assertThat(read.stream().map(line -> new String(line, StandardCharsets.UTF_8)).toList())
                    .isEqualTo(
                            Files.readAllLines(data.resolve("audit/audit-000000000000001.jsonl")));
        }
    }

    @Test
    @DisplayName("DESIGN 14 rule 3: a kill switch that could not be written is written later")
    void rule3_aSwitchThatCouldNotBeWrittenIsInForceAndWrittenOnceThereIsSpace() {
        Set<KillSwitch> off = Set.of(new KillSwitch(KillSwitch.Kind.TARGET, "internal-api"));
        Issuance named = issuances.token(1).next();
        try (FileLedger ledger = FileLedger.open(data, patient)) {
            disk.full = true;
            assertThat(refusal(() -> ledger.switchedOff(off))).isEqualTo(LEDGER_UNAVAILABLE);
            assertThat(refusal(() -> ledger.reserve(named, false)))
                    .isEqualTo(RefusalReason.GRANT_MISSING);
            // The same set again is no reason to think that it was written.
            assertThat(refusal(() -> ledger.switchedOff(off))).isEqualTo(LEDGER_UNAVAILABLE);

            disk.full = false;
            ledger.upkeep();
        }
        try (FileLedger ledger = FileLedger.open(data, patient)) {
            assertThat(refusal(() -> ledger.reserve(named, false)))
                    .isEqualTo(RefusalReason.GRANT_MISSING);
        }
    }

    @Test
    void revocationsAreBoundedAndWhatCannotBeRememberedIsNotCalledRevoked() {
        // Its table has 4,096 places in 256 parts: one of them is full long before all are.
        try (FileLedger ledger =
                FileLedger.open(data, patient.withReplayEntries(1).withDisk(new Unforced()))) {
            Refusal full = null;
            Issuance last = issuances.next();
            for (int i = 0; i < 4_097 && full == null; i++) {
                last = issuances.token(i).replay(Replay.OFF).next();
                issue(ledger, last);
                String id = last.id();
                try {
                    assertThat(ledger.revoke(id, "test", clock.instant())).isTrue();
                } catch (Refusal refusal) {
                    full = refusal;
                }
            }
            assertThat(Optional.ofNullable(full).map(Refusal::reason))
                    .contains(RefusalReason.OVERLOADED);
            assertThat(ledger.find(last.id()).orElseThrow().status())
                    .isEqualTo(IssuanceState.Status.ISSUED);
        }
    }

    /// Many lines, and nothing to learn from the disk.
    private static final class Unforced implements JournalDisk {
        private final FileChannelDisk real = new FileChannelDisk();

        @Override
        public Appender open(Path file) throws IOException {
            Appender appender = real.open(file);
            return new Appender() {
                @Override
                public void append(ByteBuffer bytes) throws IOException {
                    appender.append(bytes);
                }

                @Override
                public void force() {}

                @Override
                public void truncate(long size) throws IOException {
                    appender.truncate(size);
                }

                @Override
                public void close() throws IOException {
                    appender.close();
                }
            };
        }
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
