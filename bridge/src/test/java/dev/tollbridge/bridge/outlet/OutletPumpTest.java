package dev.tollbridge.bridge.outlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.ledger.Issuance;
import dev.tollbridge.bridge.ledger.Issuances;
import dev.tollbridge.bridge.ledger.TestClock;
import dev.tollbridge.bridge.ledger.file.FileLedger;
import dev.tollbridge.bridge.ledger.file.FileLedgerSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A pump between a real journal and an outlet that does as it is told. No thread of its own: each
/// step is one attempt.
class OutletPumpTest {

    @TempDir private Path data;

    private final Issuances issuances = new Issuances();
    private final List<String> arrived = new ArrayList<>();
    private FileLedger ledger;
    private boolean away;
    private String poison = "nothing is";
    private long token;

    @BeforeEach
    void open() {
        ledger = FileLedger.open(data, FileLedgerSettings.standard(new TestClock()));
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    private OutletPump pump() throws IOException {
        OutletCursor cursor =
                OutletCursor.open(data.resolve("outlets"), "webhook", ledger.head(), () -> 0);
        return new OutletPump(
                "webhook",
                ledger.tail(cursor.last()),
                this::take,
                cursor,
                () -> ledger.head().seq());
    }

    private void take(List<byte[]> lines) throws OutletFailure {
        if (away) {
            throw OutletFailure.passing("away");
        }
        List<String> texts =
                lines.stream().map(line -> new String(line, StandardCharsets.UTF_8)).toList();
        if (texts.stream().anyMatch(text -> text.contains(poison))) {
            throw OutletFailure.notTaken("it answered 400");
        }
        arrived.addAll(texts);
    }

    private Issuance issue() {
        Issuance issuance = issuances.token(token++).next();
        ledger.issued(ledger.reserve(issuance, false), issuance.expires(), Duration.ZERO);
        return issuance;
    }

    private static void drain(OutletPump pump) {
        while (pump.step().isZero()) {
            // There is more.
        }
    }

    @Test
    void whatIsDurableArrivesInOrderAndOnce() throws IOException {
        OutletPump pump = pump();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            ids.add(issue().id());
        }
        assertThat(pump.behind()).isEqualTo(700);

        drain(pump);

        assertThat(arrived).hasSize(700);
        for (int i = 0; i < 700; i++) {
            assertThat(arrived.get(i)).contains(ids.get(i)).startsWith("{\"seq\":");
        }
        assertThat(pump.behind()).isZero();
        assertThat(pump.dropped()).isZero();
        assertThat(pump.step()).isEqualTo(OutletPump.IDLE);
    }

    @Test
    void anOutletThatIsAwayHoldsNobodyUpAndGetsEverythingWhenItIsBack() throws IOException {
        OutletPump pump = pump();
        away = true;
        issue();
        List<Duration> pauses = new ArrayList<>();
        for (int i = 0; i < 9; i++) {
            pauses.add(pump.step());
            issue();
        }
        assertThat(pauses)
                .startsWith(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4))
                .endsWith(Duration.ofMinutes(1), Duration.ofMinutes(1));
        assertThat(pump.failures()).isEqualTo(9);
        assertThat(ledger.healthy()).isTrue();

        away = false;
        drain(pump);
        assertThat(arrived).hasSize(10);
        assertThat(pump.dropped()).isZero();
    }

    @Test
    void goesOnAfterARestartWhereItWas() throws IOException {
        try (OutletPump pump = pump()) {
            issue();
            drain(pump);
            away = true;
            issue();
            pump.step();
        }
        away = false;
        ledger.close();
        open();
        Issuance after = issue();

        drain(pump());

        assertThat(arrived).hasSize(3);
        assertThat(arrived.getLast()).contains(after.id());
    }

    @Test
    void whatItWillNeverTakeIsLeftOutAndCountedAndTheRestArrives() throws IOException {
        OutletPump pump = pump();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(issue().id());
        }
        poison = ids.get(7);

        drain(pump);

        assertThat(arrived).hasSize(19).noneMatch(line -> line.contains(poison));
        assertThat(arrived.getLast()).contains(ids.getLast());
        assertThat(pump.dropped()).isEqualTo(1);
    }

    @Test
    void refusalsOutsideTheChainWaitInABoundedQueueAndAreCountedBeyond() throws IOException {
        OutletPump pump = pump();
        away = true;
        for (int i = 0; i < OutletPump.LOOSE + 10; i++) {
            pump.offer(("{\"kind\":\"refused\",\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8));
        }
        pump.step();
        assertThat(pump.dropped()).isEqualTo(10);

        away = false;
        drain(pump);
        assertThat(arrived).hasSize(OutletPump.LOOSE);
    }
}
