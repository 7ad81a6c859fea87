package dev.tollbridge.webhook.detect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.webhook.detect.engine.StandardDetectors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every researched sample gets its verdict, under the name it has on a disk and under any other.
class SamplesTest {

    private static final Path SAMPLES = Path.of("src/test/resources/detect/samples");

    private final Detectors detectors =
            StandardDetectors.shipped(
                    Fingerprints.keyed("a key for these tests".getBytes(StandardCharsets.UTF_8)));

    @TestFactory
    Stream<DynamicTest> everySampleGetsItsVerdict() throws IOException {
        JsonNode index = new ObjectMapper().readTree(SAMPLES.resolve("index.json").toFile());
        return index.valueStream()
                .map(sample ->
                        DynamicTest.dynamicTest(sample.get("file").asText(), () -> judge(sample)));
    }

    private void judge(JsonNode sample) throws IOException {
        Path file = SAMPLES.resolve(sample.get("file").asText());
        String name =
                sample.has("asName")
                        ? sample.get("asName").asText()
                        : file.getFileName().toString();
        byte[] bytes = Files.readAllBytes(file);

        Judgement judgement = detectors.judge(Content.file(name, bytes));

        assertThat(judgement.uninspected()).isEmpty();
        List<String> blocking =
                judgement.findings().stream()
                        .filter(finding -> finding.action() == Action.BLOCK)
                        .map(Finding::detector)
                        .toList();
        if (sample.get("expect").asText().equals("block")) {
            assertThat(judgement.findings())
                    .extracting(Finding::detector)
                    .startsWith(sample.get("entryId").asText());
            assertThat(blocking).hasSize(1);
        } else {
            assertThat(blocking).isEmpty();
        }
    }
}
