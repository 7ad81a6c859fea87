package dev.tollbridge.webhook.scan;

import java.util.List;
import java.util.Map;

/// What every SARIF 2.1.0 (OASIS) log of ours has around its results: one run of one tool, and
/// places with a line.
public final class SarifEnvelope {

    private SarifEnvelope() {}

    /// @param run the tool, its results, and whatever else
    public static Map<String, Object> of(Map<String, Object> run) {
        return Report.object(
                "$schema",
                "https://json.schemastore.org/sarif-2.1.0.json",
                "version",
                "2.1.0",
                "runs",
                List.of(run));
    }

    /// @param uri relative to the folder of the run, or absolute
    /// @param line from 1; what has none is shown at the first
    public static List<Map<String, Object>> locations(String uri, int line) {
        return List.of(
                object(
                        "physicalLocation",
                        object(
                                "artifactLocation",
                                object("uri", uri),
                                "region",
                                object("startLine", Math.max(1, line)))));
    }

    /// In the order written: reports are compared as text.
    public static Map<String, Object> object(Object... namesAndValues) {
        return Report.object(namesAndValues);
    }
}
