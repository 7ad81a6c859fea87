package dev.tollbridge.bridge.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefusedStreamTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir private Path folder;

    private static AuditRecord refusal(int number, String peer) {
        return AuditRecord.of(NOON, AuditRecord.Kind.REFUSED)
                .receipt("rct_" + number)
                .reason("token_malformed")
                .detail("x".repeat(200))
                .peer(peer)
                .build();
    }

    private long bytes() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    @Test
    void findsRefusalByReceipt() {
        try (RefusedStream stream = RefusedStream.open(folder, 1 << 20, () -> NOON)) {
            stream.append(refusal(1, "192.0.2.1")).join();

            AuditRecord found = stream.find("rct_1").orElseThrow();
            assertThat(found.reason()).isEqualTo("token_malformed");
            assertThat(stream.find("rct_2")).isEmpty();
        }
    }

    @Test
    @DisplayName("DESIGN 14 rule 5: refusals anybody can cause are sampled per peer above a rate")
    void rule5_samplesPerPeer() {
        try (RefusedStream stream = RefusedStream.open(folder, 1 << 20, () -> NOON)) {
            for (int i = 0; i < 640; i++) {
                stream.append(refusal(i, "192.0.2.1")).join();
            }
            stream.append(refusal(9999, "198.51.100.7")).join();

            assertThat(stream.leftOut()).isBetween(550L, 600L);
            assertThat(stream.find("rct_9999")).isPresent();
        }
    }

    @Test
    @DisplayName("DESIGN 14 rule 5: a flood of garbage cannot fill the disk")
    void rule5_diskSpaceIsBounded() throws IOException {
        int bound = 40_000;
        try (RefusedStream stream = RefusedStream.open(folder, bound, () -> NOON)) {
            for (int i = 0; i < 3000; i++) {
                stream.append(refusal(i, "192.0.2." + i)).join();
                if (i % 30 == 0) {
                    stream.find("rct_wait");
                }
            }
        }
        assertThat(bytes()).isBetween(1L, (long) bound);
    }
}
