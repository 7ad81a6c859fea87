package dev.tollbridge.bridge.chart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The alerts and the dashboard: Prometheus' own parser takes them, and the pages name what they
/// name. Whether Grafana takes the dashboard was not tried.
class ChartMonitoringTest {

    private static final Path RULES = Helm.CHART.resolve("files/rules.yaml");
    private static final Path DASHBOARD = Helm.CHART.resolve("files/dashboard.json");
    private static final Path PAGE = Path.of("../docs/operations/monitoring.md");
    private static final Path WEBHOOK_PAGE = Path.of("../docs/webhook.md");
    private static final Pattern METRIC = Pattern.compile("\\btollbridge_[a-z_]+");
    private static final Pattern ALERT = Pattern.compile("- alert: (\\w+)");

    @Test
    void prometheusTakesTheRules() throws Exception {
        Process process =
                new ProcessBuilder(Tools.program("promrules"), RULES.toString())
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    @Test
    void prometheusTakesTheExpressionsOfTheDashboard() throws Exception {
        StringBuilder expressions = new StringBuilder();
        for (JsonNode panel : panels()) {
            for (JsonNode target : panel.path("targets")) {
                expressions
                        .append(target.path("expr").asText().replace("$__rate_interval", "5m"))
                        .append('\n');
            }
        }
        assertThat(expressions.toString().lines()).hasSizeGreaterThan(12);
        Process process =
                new ProcessBuilder(Tools.program("promrules"), "-expr")
                        .redirectErrorStream(true)
                        .start();
        try (var input = process.getOutputStream()) {
            input.write(expressions.toString().getBytes(UTF_8));
        }
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    @Test
    void panelsHaveIdsOfTheirOwnAndDoNotOverlap() throws IOException {
        Set<Integer> ids = new HashSet<>();
        Set<String> places = new HashSet<>();
        for (JsonNode panel : panels()) {
            assertThat(ids.add(panel.path("id").asInt())).as(panel.path("title").asText()).isTrue();
            JsonNode at = panel.path("gridPos");
            assertThat(places.add(at.path("x") + "," + at.path("y"))).isTrue();
            assertThat(at.path("x").asInt() + at.path("w").asInt()).isLessThanOrEqualTo(24);
        }
    }

    @Test
    void everyMetricIsDocumented() throws IOException {
        String pages = Files.readString(PAGE) + Files.readString(WEBHOOK_PAGE);
        Set<String> documented = names(METRIC, pages);
        Set<String> used = names(METRIC, Files.readString(RULES) + Files.readString(DASHBOARD));
        assertThat(used).hasSizeGreaterThan(15);
        for (String metric : used) {
            assertThat(documented).contains(metric.replaceFirst("_bucket$", ""));
        }
    }

    @Test
    void theChartAlertsWhatThePageAlerts() throws IOException {
        assertThat(names(ALERT, Files.readString(RULES)))
                .isEqualTo(names(ALERT, Files.readString(PAGE)));
    }

    @Test
    void arePutIntoTheObjectsAsTheyAre() throws IOException {
        Rendering rendering =
                Rendering.of(
                        Variants.of(
                                "monitoring.prometheusRule.enabled=true",
                                "monitoring.dashboard.enabled=true"));
        assertThat(rendering.one("PrometheusRule", "tollbridge").at("/spec/groups"))
                .isEqualTo(
                        Rendering.read(Files.readString(RULES)).objects().getFirst().at("/groups"));
        assertThat(
                        new ObjectMapper()
                                .readTree(
                                        rendering
                                                .one("ConfigMap", "tollbridge-dashboard")
                                                .at("/data/tollbridge.json")
                                                .asText()))
                .isEqualTo(new ObjectMapper().readTree(Files.readString(DASHBOARD)));
    }

    private static List<JsonNode> panels() throws IOException {
        JsonNode dashboard = new ObjectMapper().readTree(Files.readString(DASHBOARD));
        return dashboard.path("panels").valueStream().toList();
    }

    private static Set<String> names(Pattern pattern, String text) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            names.add(matcher.group(matcher.groupCount()));
        }
        return names;
    }
}
