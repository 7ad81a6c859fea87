package dev.tollbridge.bridge.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;

/// Runs over its seeds with the other tests; fuzzes with `JAZZER_FUZZ=1`.
class ConfigurationFuzzTest {

    @FuzzTest
    void readingAConfigurationNeverThrows(byte[] bytes) {
        DocumentReader reader = new DocumentReader(LocalDate.of(2026, 11, 21));
        reader.read("fuzz.yaml", new String(bytes, StandardCharsets.UTF_8));
        Loaded loaded = reader.loaded();
        assertThat(loaded.problems()).hasSizeLessThanOrEqualTo(Problems.MAX + 1);
        TakenAway.apply(loaded.documents(), loaded);
    }
}
