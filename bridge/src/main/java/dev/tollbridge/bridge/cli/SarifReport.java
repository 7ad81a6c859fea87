package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.config.Problem;
import java.util.List;
import java.util.Map;

/// Problems as SARIF 2.1.0 (OASIS), the form that code hosts show beside the lines of a change.
final class SarifReport {

    private SarifReport() {}

    static Map<String, Object> of(List<Problem> problems) {
        List<Map<String, Object>> rules =
                problems.stream()
                        .map(Problem::rule)
                        .distinct()
                        .sorted()
                        .map(rule -> Map.<String, Object>of("id", rule))
                        .toList();
        Map<String, Object> driver =
                Map.of("name", "tollbridge check", "version", Version.current(), "rules", rules);
        return Map.of(
                "$schema", "https://json.schemastore.org/sarif-2.1.0.json",
                "version", "2.1.0",
                "runs",
                        List.of(
                                Map.of(
                                        "tool", Map.of("driver", driver),
                                        "results",
                                                problems.stream()
                                                        .map(SarifReport::result)
                                                        .toList())));
    }

    private static Map<String, Object> result(Problem problem) {
        String advice = problem.suggestion() == null ? "" : " " + problem.suggestion();
        return Map.of(
                "ruleId", problem.rule(),
                "level", problem.severity() == Problem.Severity.ERROR ? "error" : "warning",
                "message", Map.of("text", problem.path() + ": " + problem.message() + advice),
                "locations",
                        List.of(
                                Map.of(
                                        "physicalLocation",
                                        Map.of(
                                                "artifactLocation",
                                                Map.of("uri", problem.place().file()),
                                                "region",
                                                Map.of(
                                                        "startLine",
                                                        Math.max(1, problem.place().line()))))));
    }
}
