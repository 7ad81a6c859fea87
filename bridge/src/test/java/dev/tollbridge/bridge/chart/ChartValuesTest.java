package dev.tollbridge.bridge.chart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// The chart's values, their schema, and the table of its README, which is made from both:
/// `-Dtollbridge.regenerate=true` writes it anew.
class ChartValuesTest {

    private static final Path README = Helm.CHART.resolve("README.md");
    private static final String BEGIN =
            "<!-- values: made from values.schema.json and values.yaml -->\n";
    private static final String END = "<!-- end of values -->\n";

    private final JsonNode schema;
    private final JsonNode values;

    ChartValuesTest() throws IOException {
        schema = new ObjectMapper().readTree(Helm.CHART.resolve("values.schema.json").toFile());
        values =
                Rendering.read(Files.readString(Helm.CHART.resolve("values.yaml")))
                        .objects()
                        .getFirst();
    }

    @Test
    void everyValueIsInTheSchemaWithWhatItIs() {
        described("", schema, values);
    }

    private static void described(String place, JsonNode schema, JsonNode value) {
        value.properties()
                .forEach(entry ->
                        assertThat(schema.path("properties").has(entry.getKey()))
                                .as(place + entry.getKey())
                                .isTrue());
        schema.path("properties")
                .properties()
                .forEach(entry -> {
                    String name = place + entry.getKey();
                    JsonNode below = entry.getValue();
                    assertThat(below.path("description").asText()).as(name).endsWith(".");
                    if (below.has("properties")) {
                        assertThat(below.path("additionalProperties").asBoolean(true))
                                .as(name)
                                .isFalse();
                        described(name + ".", below, value.path(entry.getKey()));
                    }
                });
    }

    @Test
    void everyPlaceOfTheSchemaHasADefault() {
        StringBuilder rows = new StringBuilder();
        rows("", schema, values, rows);
        assertThat(rows.toString()).doesNotContain("| `` |");
    }

    @Test
    void theReadmeSaysWhatTheSchemaSays() throws IOException {
        String readme = Files.readString(README);
        StringBuilder table = new StringBuilder("\n| value | default | |\n|---|---|---|\n");
        rows("", schema, values, table);
        int begin = readme.indexOf(BEGIN) + BEGIN.length();
        int end = readme.indexOf(END);
        assertThat(end).isGreaterThanOrEqualTo(begin);
        String made = readme.substring(0, begin) + table + "\n" + readme.substring(end);
        if (Boolean.getBoolean("tollbridge.regenerate")) {
            Files.writeString(README, made);
        }
        assertThat(README)
                .as("run with -Dtollbridge.regenerate=true and commit what changes")
                .content()
                .isEqualTo(made);
    }

    private static void rows(String place, JsonNode schema, JsonNode value, StringBuilder rows) {
        schema.path("properties")
                .properties()
                .forEach(entry -> {
                    JsonNode below = entry.getValue();
                    JsonNode set = value.path(entry.getKey());
                    String name = place + entry.getKey();
                    boolean folder = below.has("properties");
                    if (!folder && set.isMissingNode()) {
                        return;
                    }
                    rows.append("| `")
                            .append(name)
                            .append("` | ")
                            .append(folder ? "" : "`" + set + "`")
                            .append(" | ")
                            .append(below.path("description").asText())
                            .append(" |\n");
                    if (folder) {
                        rows(name + ".", below, set, rows);
                    }
                });
    }
}
