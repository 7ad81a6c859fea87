package dev.tollbridge.bridge.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir private Path folder;

    private final SplittableRandom random = new SplittableRandom();

    /// Remembers nothing.
    private static final JournalFollower NOBODY =
            new JournalFollower() {
                @Override
                public @Nullable Known known(Path file, long size) {
                    return null;
                }

                @Override
                public void file(Path file, long firstSeq) {}

                @Override
                public void record(AuditRecord record, long offset, int length) {}

                @Override
                public void sealed(Path file, Known all) {}
            };

    private Journal open(JournalDisk disk) {
        return JournalOpening.read(folder, NOBODY)
                .start(
                        "lgr_1",
                        new Journal.Settings(
                                () -> NOON, Duration.ofSeconds(5), 10_000, 3000, disk, _ -> {}));
    }

    private List<AuditRecord> records() {
        List<AuditRecord> records = new ArrayList<>();
        AuditReader.forwards(
                folder,
                r -> r.kind() != AuditRecord.Kind.CONFIG,
                line -> records.add(line.record()));
        return records;
    }

    private @Nullable String text() {
        if (random.nextInt(4) == 0) {
            return null;
        }
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(40); i > 0; i--) {
            text.append(
                    switch (random.nextInt(5)) {
                        case 0 -> Character.toString(random.nextInt(0x20));
                        case 1 -> Character.toString(random.nextInt(0x20, 0x7f));
                        case 2 -> Character.toString(random.nextInt(0x80, 0xd800));
                        case 3 -> Character.toString(random.nextInt(0x10000, 0x110000));
                        default -> "\"\\";
                    });
        }
        return text.toString();
    }

    private @Nullable Instant time() {
        return random.nextBoolean()
                ? null
                : Instant.ofEpochSecond(random.nextLong(0, 4_000_000_000L));
    }

    private AuditRecord anyRecord() {
        Map<String, String> claims = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            claims.put("claim " + i + '"', String.valueOf(text()));
        }
        return AuditRecord.of(
                        Instant.ofEpochMilli(random.nextLong(0, 4_000_000_000_000L)),
                        AuditRecord.Kind.REFUSED)
                .id(text())
                .receipt(text())
                .reason(text())
                .detail(text())
                .issuer(text())
                .subject(text())
                .claims(claims)
                .tokenFingerprint(text())
                .jtiHash(text())
                .subjectExpires(time())
                .presentation(text())
                .replay(text())
                .grant(text())
                .target(text())
                .targetKind(text())
                .scope(text())
                .ttl(random.nextBoolean() ? null : Duration.ofSeconds(random.nextInt(100_000)))
                .expires(time())
                .senderConstraint(text())
                .peer(text())
                .userAgent(text())
                .owner(text())
                .otherPeer(random.nextBoolean())
                .duration(random.nextBoolean() ? null : Duration.ofMillis(random.nextInt(100_000)))
                .replayUntil(time())
                .build();
    }

    @RepeatedTest(20)
    void anyRecordsReadBackAsTheyWereAndTheChainHolds() throws IOException {
        List<AuditRecord> written = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            try (Journal journal = open(new FileChannelDisk())) {
                for (int i = random.nextInt(20); i > 0; i--) {
                    AuditRecord record = anyRecord();
                    written.add(record);
                    if (random.nextBoolean()) {
                        journal.write(record);
                    } else {
                        journal.send(record);
                    }
                }
            }
        }
        assertThat(records()).isEqualTo(written);
        assertThat(AuditVerification.verify(folder, null).problem()).isNull();
    }

    @RepeatedTest(20)
    void anyChangedByteIsFound() throws IOException {
        try (Journal journal = open(new FileChannelDisk())) {
            for (int i = 0; i < 12; i++) {
                journal.write(anyRecord());
            }
        }
        ChainHead head = AuditVerification.verify(folder, null).head();
        List<Path> files = SegmentFiles.in(folder);
        Path file = files.get(random.nextInt(files.size()));
        byte[] bytes = Files.readAllBytes(file);
        int at = random.nextInt(bytes.length);
        bytes[at] ^= (byte) (1 << random.nextInt(7));
        Files.write(file, bytes);

        AuditVerification.Result result = AuditVerification.verify(folder, head);
        assertThat(result.problem()).as("byte %d of %s", at, file).isNotNull();
    }

    @Test
    void missingTailIsFoundByAHeadKeptElsewhere() throws IOException {
        try (Journal journal = open(new FileChannelDisk())) {
            for (int i = 0; i < 12; i++) {
                journal.write(anyRecord());
            }
        }
        ChainHead head = AuditVerification.verify(folder, null).head();
        Files.delete(SegmentFiles.in(folder).getLast());

        assertThat(AuditVerification.verify(folder, null).problem()).isNull();
        assertThat(AuditVerification.verify(folder, head).problem()).contains("missing at its end");
    }

    @Test
    void missingBeginningIsFoundUnlessSomebodyVouchesForWhatIsLeft() throws IOException {
        try (Journal journal = open(new FileChannelDisk())) {
            for (int i = 0; i < 12; i++) {
                journal.write(anyRecord());
            }
        }
        Files.delete(SegmentFiles.in(folder).getFirst());
        long first = SegmentFiles.firstSeq(SegmentFiles.in(folder).getFirst());

        assertThat(AuditVerification.verify(folder, null).problem())
                .isEqualTo(
                        "lines 1 to %d are missing at its beginning: nothing that the bridge signed"
                                        .formatted(first - 1)
                                + " says that retention removed them");
        assertThat(AuditVerification.verify(folder, null, null, first).problem()).isNull();
        assertThat(AuditVerification.verify(folder, null, null, first - 1).problem())
                .contains("missing at its beginning");
    }

    @Test
    void whatWaitsWhileOneGroupIsForcedMakesTheNext() throws Exception {
        AtomicInteger forces = new AtomicInteger();
        var disk =
                new JournalDisk() {
                    private final java.util.concurrent.Semaphore may =
                            new java.util.concurrent.Semaphore(2);

                    @Override
                    public Appender open(Path file) throws IOException {
                        Appender real = new FileChannelDisk().open(file);
                        return new Appender() {
                            @Override
                            public void append(java.nio.ByteBuffer bytes) throws IOException {
                                real.append(bytes);
                            }

                            @Override
                            public void force() throws IOException {
                                may.acquireUninterruptibly();
                                forces.incrementAndGet();
                            }

                            @Override
                            public void truncate(long size) throws IOException {
                                real.truncate(size);
                            }

                            @Override
                            public void close() throws IOException {
                                real.close();
                            }
                        };
                    }
                };
        try (Journal journal = open(disk)) {
            journal.write(AuditRecord.note(NOON, AuditRecord.Kind.KEY, "first", null));
            int before = forces.get();
            var done = journal.append(AuditRecord.note(NOON, AuditRecord.Kind.KEY, "alone", null));
            // Give the writer its group, then let three more wait behind it.
            while (disk.may.getQueueLength() == 0) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 3; i++) {
                done = journal.append(AuditRecord.note(NOON, AuditRecord.Kind.KEY, "k" + i, null));
            }
            disk.may.release(100);
            done.join();
            assertThat(forces.get() - before).isEqualTo(2);
        }
        assertThat(records())
                .extracting(AuditRecord::id)
                .containsExactly("first", "alone", "k0", "k1", "k2");
    }

    @Test
    void longTextsAreCut() throws IOException {
        try (Journal journal = open(new FileChannelDisk())) {
            AuditRecord record = anyRecord();
            journal.write(
                    AuditRecord.of(record.time(), record.kind())
                            .userAgent("a".repeat(100_000))
                            .build());
        }
        assertThat(records().getFirst().userAgent()).hasSize(4099).endsWith("a...");
    }

    @Test
    void linesAreJsonThatOtherToolsCheck() throws IOException {
        try (Journal journal = open(new FileChannelDisk())) {
            journal.write(AuditRecord.note(NOON, AuditRecord.Kind.KEY, "a", null));
        }
        String[] lines = Files.readString(SegmentFiles.in(folder).getFirst()).split("\n", -1);
        assertThat(lines[0]).startsWith("{\"format\":1,\"seq\":1,\"prev\":\"" + "0".repeat(64));
        String hash =
                java.util.HexFormat.of()
                        .formatHex(LineWriter.sha256().digest(lines[0].getBytes(UTF_8)));
        assertThat(lines[1])
                .isEqualTo(
                        "{\"seq\":2,\"prev\":\""
                                + hash
                                + "\",\"time\":\"2026-11-21T12:00:00.000Z\",\"kind\":\"key\",\"id\":\"a\"}");
    }

    @Test
    void idsSayWhenTheyWereMade() {
        Ids ids = new Ids(() -> NOON.plusMillis(17), new SplittableRandom(3));
        String id = ids.issuance();

        assertThat(id).startsWith("iss_").hasSize(30).matches("iss_[0-9A-HJKMNP-TV-Z]{26}");
        assertThat(Ids.millisOf(id)).isEqualTo(NOON.plusMillis(17).toEpochMilli());
        assertThat(Ids.millisOf("iss_short")).isEqualTo(-1);
        assertThat(ids.issuance(NOON.truncatedTo(ChronoUnit.DAYS))).isLessThan(id);
        assertThat(ids.receipt()).isNotEqualTo(ids.receipt());
    }
}
