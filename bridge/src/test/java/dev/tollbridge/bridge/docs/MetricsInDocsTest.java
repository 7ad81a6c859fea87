package dev.tollbridge.bridge.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.metrics.BridgeMetrics;
import dev.tollbridge.bridge.serve.AuditSettings;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.TestIssuer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The metrics that the pages name are those that the bridge has, and the other way round.
final class MetricsInDocsTest {

    private static final Pattern METRIC = Pattern.compile("\\btollbridge_[a-z_]+");
    private static final Pattern LITERAL =
            Pattern.compile("\"(tollbridge[._](?:webhook|sidecar|config)[._][a-z._]+)\"");
    private static final Pattern FAMILY = Pattern.compile("(?m)^# TYPE (tollbridge_[a-z_]+) ");

    @Test
    void pagesNameTheMetricsThatThereAre(@TempDir Path folder) throws IOException {
        String scrape = scrape(folder);
        Set<String> present = names(METRIC, scrape);

        Set<String> elsewhere = namedBy("webhook");
        elsewhere.addAll(namedBy("sidecar"));

        List<String> missing = new ArrayList<>();
        for (Page page : Page.all()) {
            for (String name : names(METRIC, page.text())) {
                if (!present.contains(name) && elsewhere.stream().noneMatch(name::startsWith)) {
                    missing.add(page + ": " + name);
                }
            }
        }
        assertThat(missing).isEmpty();

        Set<String> documented = names(METRIC, Page.of("docs/operations/monitoring.md").text());
        for (String family : names(FAMILY, scrape)) {
            assertThat(documented).as(family).anyMatch(family::startsWith);
        }
    }

    /// The webhook and the sidecar are programs with metrics of their own: what their sources name,
    /// which a unit or `_total` may follow.
    private static Set<String> namedBy(String module) throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
                Matcher literal = LITERAL.matcher(Files.readString(file));
                while (literal.find()) {
                    names.add(literal.group(1).replace('.', '_'));
                }
            }
        }
        return names;
    }

    /// Of a bridge with one issuer, and of what a bridge counts only on bad days.
    private static String scrape(Path folder) throws IOException {
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(
                config.resolve("issuer.yaml"),
                """
                apiVersion: tollbridge.dev/v1alpha1
                kind: TrustedIssuer
                metadata: {name: ci}
                spec:
                  issuer: https://ci.acme.example
                  audience: https://tollbridge.acme.example
                  keys: {inline: {keys: []}}
                """
                        .replace("{keys: []}", TestIssuer.rsa().jwks()));
        try (ServedBridge bridge = new ServedBridge(settings(config, folder.resolve("data")));
                BridgeMetrics metrics = new BridgeMetrics()) {
            bridge.exchange("no token", "no-target");
            metrics.exchange("token", "issued", "", "jwt", Duration.ofMillis(3));
            metrics.minted("aws", "deploy", "minted", Duration.ofMillis(80));
            metrics.kindGauge("tollbridge.mint.circuits.open", "as wired", "aws", () -> 0);
            metrics.turnedAway("no_such_path");
            metrics.configReload("applied");
            metrics.sessionOpened();
            metrics.sessionEnded("revoked");
            metrics.sessionAlarm("replayed");
            return bridge.metrics() + metrics.scrape();
        }
    }

    /// With an outlet that nobody takes anything from.
    private static ServeSettings settings(Path config, Path data) {
        return ServeSettings.local(config, data)
                .withAudit(
                        new AuditSettings(
                                false,
                                new AuditSettings.Endpoint("https://localhost:1/hook", null),
                                null,
                                null));
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
