package dev.tollbridge.webhook.scan;

import static dev.tollbridge.webhook.scan.Report.object;

import dev.tollbridge.webhook.detect.Confidence;
import dev.tollbridge.webhook.detect.Finding;
import dev.tollbridge.webhook.detect.Fingerprints;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A report as SARIF 2.1.0 (OASIS), within what GitHub's code scanning and GitLab's import ask for:
/// every result has a rule, a message, and a place with a line.
public final class Sarif {

    private static final String NOT_INSPECTED = "not-inspected";

    /// Of the fingerprints of places, which hold nothing secret: any fixed key does.
    private static final Fingerprints PLACES =
            Fingerprints.keyed("tollbridge scan: places".getBytes(StandardCharsets.UTF_8));

    private final ScanReport report;
    private final Path folder;
    private final String version;
    private final String documentation;

    /// @param folder that the command was run in: hosts want places relative to it
    /// @param documentation the address below which docs/ is served
    public Sarif(ScanReport report, Path folder, String version, String documentation) {
        this.report = report;
        this.folder = folder;
        this.version = version;
        this.documentation = documentation;
    }

    public Map<String, Object> log() {
        Map<String, Map<String, Object>> rules = rules();
        List<String> order = List.copyOf(rules.keySet());
        List<Object> results = new ArrayList<>();
        report.findings().forEach(located -> results.add(result(located, order)));
        report.notInspected().forEach(note -> results.add(result(note, order)));
        Map<String, Object> driver =
                object(
                        "name",
                        "tollbridge scan",
                        "version",
                        version,
                        "informationUri",
                        documentation + "scan.md",
                        "rules",
                        List.copyOf(rules.values()));
        return SarifEnvelope.of(
                object(
                        "tool",
                        object("driver", driver),
                        "invocations",
                        List.of(object("executionSuccessful", true)),
                        "columnKind",
                        "utf16CodeUnits",
                        "results",
                        results,
                        "properties",
                        object(Report.KEY, report.fingerprintKey())));
    }

    private Map<String, Map<String, Object>> rules() {
        Map<String, Map<String, Object>> rules = new TreeMap<>();
        for (Located located : report.findings()) {
            Finding finding = located.finding();
            rules.computeIfAbsent(finding.detector(), _ -> rule(finding));
        }
        if (!report.notInspected().isEmpty()) {
            rules.put(
                    NOT_INSPECTED,
                    rule(
                            NOT_INSPECTED,
                            "Not inspected",
                            "A file or a part of one that could not be looked into.",
                            documentation + "scan.md#what-cannot-be-inspected",
                            Level.NOTE,
                            object("tags", List.of("security"))));
        }
        return rules;
    }

    private Map<String, Object> rule(Finding finding) {
        boolean error = Level.of(finding) == Level.ERROR;
        return rule(
                finding.detector(),
                "Interactive login: " + finding.tool(),
                finding.advice().words(),
                documentation + finding.page(),
                Level.of(finding),
                object(
                        "tags",
                        List.of("security", "external/cwe/cwe-522"),
                        "precision",
                        finding.confidence() == Confidence.HIGH ? "very-high" : "high",
                        // GitHub's scale: 7 and above is high, 4 and above medium
                        "security-severity",
                        error ? "8.0" : "5.0"));
    }

    private static Map<String, Object> rule(
            String id,
            String name,
            String help,
            String page,
            Level level,
            Map<String, Object> properties) {
        return object(
                "id",
                id,
                "name",
                id,
                "shortDescription",
                object("text", name),
                "fullDescription",
                object("text", help),
                "help",
                object("text", help + " " + page, "markdown", help + " [More](" + page + ")"),
                "helpUri",
                page,
                "defaultConfiguration",
                object("level", level.code()),
                "properties",
                properties);
    }

    private Map<String, Object> result(Located located, List<String> order) {
        Finding finding = located.finding();
        String within = String.join(" > ", finding.place().within());
        String words =
                finding.verdict().words()
                        + ": "
                        + finding.tool()
                        + (within.isEmpty() ? "" : ", in " + within)
                        + ". "
                        + (finding.provenance().isEmpty() ? "" : finding.provenance() + ". ")
                        + finding.advice().words()
                        + " See "
                        + documentation
                        + "advise.md#"
                        + finding.advice().id();
        Map<String, Object> result =
                result(
                        finding.detector(),
                        order,
                        Level.of(finding),
                        words,
                        located.path(),
                        finding.place().line());
        result.put("fingerprints", object(Report.VALUE, finding.fingerprint()));
        result.put(
                "partialFingerprints",
                object(
                        "tollbridge/place/v1",
                        PLACES.of(
                                finding.detector()
                                        + "\n"
                                        + located.path()
                                        + "\n"
                                        + within
                                        + "\n"
                                        + finding.key())));
        result.put(
                "properties",
                object(
                        "verdict",
                        Report.code(finding.verdict()),
                        "confidence",
                        Report.code(finding.confidence()),
                        "agreeing",
                        finding.agreeing()));
        return result;
    }

    private Map<String, Object> result(NotInspected note, List<String> order) {
        String part = note.part().isEmpty() ? "" : " (" + note.part() + ")";
        Map<String, Object> result =
                result(
                        NOT_INSPECTED,
                        order,
                        Level.NOTE,
                        "Not inspected" + part + ": " + note.reason() + ".",
                        note.path(),
                        0);
        result.put(
                "partialFingerprints",
                object(
                        "tollbridge/place/v1",
                        PLACES.of("note\n" + note.path() + "\n" + note.part())));
        return result;
    }

    private Map<String, Object> result(
            String rule, List<String> order, Level level, String words, String path, int line) {
        return new LinkedHashMap<>(
                object(
                        "ruleId",
                        rule,
                        "ruleIndex",
                        order.indexOf(rule),
                        "level",
                        level.code(),
                        "message",
                        object("text", words),
                        "locations",
                        SarifEnvelope.locations(uri(path), line)));
    }

    /// A relative reference where the file is below the folder.
    private String uri(String file) {
        Path path = folder.resolve(file).normalize();
        if (!path.startsWith(folder)) {
            return path.toUri().toString();
        }
        try {
            String relative = folder.relativize(path).toString().replace('\\', '/');
            return new URI(null, null, relative, null).toASCIIString();
        } catch (URISyntaxException e) {
            return path.toUri().toString();
        }
    }
}
