package dev.tollbridge.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollbridge.bridge.config.ConfigDirectory;
import dev.tollbridge.bridge.config.Loaded;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// That the benchmark can start; it does not run in tests.
class WorkloadTest {

    @Test
    void documentsCanBeLoaded(@TempDir Path folder) throws IOException {
        Workload.writeDocuments(folder, "{\"keys\":[]}", "12h", 25);

        Loaded loaded = new ConfigDirectory(InstantSource.system()).load(folder);

        assertThat(loaded.problems()).isEmpty();
        assertThat(loaded.documents().grants()).hasSize(25);
    }

    @Test
    void tokensHaveTheSameLength() {
        assertThat(Workload.claims(0, 1_795_255_200, 1_795_255_500))
                .hasSameSizeAs(Workload.claims(399_999, 1_795_255_200, 1_795_255_500))
                .contains("\"repository_id\":\"200000\"");
    }

    @Test
    void latenciesAreReadBackWithinTheirBucket() {
        Latencies latencies = new Latencies();
        for (int micros = 1; micros <= 1000; micros++) {
            latencies.add(micros * 1000L);
        }

        assertThat(latencies.millis(0.5)).isBetween(0.5, 0.52);
        assertThat(latencies.millis(0.99)).isBetween(0.99, 1.03);
    }

    @Test
    void optionsThatDoNotExistAreRefused() {
        assertThat(Options.parse(new String[] {"--quick", "--rounds", "3"}).rounds()).isEqualTo(3);
        assertThatThrownBy(() -> Options.parse(new String[] {"--fast", "1"}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
