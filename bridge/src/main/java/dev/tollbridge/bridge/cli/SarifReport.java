package dev.tollbridge.bridge.cli;

import static dev.tollbridge.webhook.scan.SarifEnvelope.object;

import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.webhook.scan.SarifEnvelope;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Problems as SARIF 2.1.0 (OASIS), the form that code hosts show beside the lines of a change.
final class SarifReport {

    private SarifReport() {}

    /// @param directory of the documents, as it was given: code hosts want places relative to the
    ///   folder the command was run in
    static Map<String, Object> of(List<Problem> problems, Path directory) {
        List<Map<String, Object>> rules =
                problems.stream()
                        .map(Problem::rule)
                        .distinct()
                        .sorted()
                        .map(rule -> Map.<String, Object>of("id", rule))
                        .toList();
        Map<String, Object> driver =
                object("name", "tollbridge check", "version", Version.current(), "rules", rules);
        List<Map<String, Object>> results =
                problems.stream().map(problem -> result(problem, directory)).toList();
        return SarifEnvelope.of(object("tool", Map.of("driver", driver), "results", results));
    }

    private static Map<String, Object> result(Problem problem, Path directory) {
        String advice = problem.suggestion() == null ? "" : " " + problem.suggestion();
        return object(
                "ruleId",
                problem.rule(),
                "level",
                problem.severity() == Problem.Severity.ERROR ? "error" : "warning",
                "message",
                Map.of("text", problem.path() + ": " + problem.message() + advice),
                "locations",
                SarifEnvelope.locations(
                        uri(directory, problem.place().file()), problem.place().line()));
    }

    /// A relative reference where the directory is one.
    private static String uri(Path directory, String file) {
        Path path = directory.resolve(file).normalize();
        if (path.isAbsolute()) {
            return path.toUri().toString();
        }
        try {
            String text = path.toString().replace('\\', '/');
            return new URI(null, null, text, null).getRawPath();
        } catch (URISyntaxException e) {
            return file;
        }
    }
}
