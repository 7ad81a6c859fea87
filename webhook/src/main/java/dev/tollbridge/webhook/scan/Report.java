package dev.tollbridge.webhook.scan;

import dev.tollbridge.webhook.detect.Finding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A report as JSON, in the order written: reports are compared as text.
public final class Report {

    /// The member that holds the key of the fingerprints.
    static final String KEY = "fingerprintKey";

    /// The name of the fingerprint of a value in SARIF.
    static final String VALUE = "tollbridge/value/v1";

    private Report() {}

    public static Map<String, Object> json(ScanReport report) {
        return object(
                "findings",
                report.findings().stream().map(Report::json).toList(),
                "notInspected",
                report.notInspected().stream()
                        .map(note ->
                                object(
                                        "path",
                                        note.path(),
                                        "part",
                                        note.part(),
                                        "reason",
                                        note.reason()))
                        .toList(),
                "summary",
                object(
                        "errors",
                        report.errors(),
                        "warnings",
                        report.warnings(),
                        "notInspected",
                        report.notInspected().size(),
                        "known",
                        report.known(),
                        "files",
                        report.files(),
                        "bytes",
                        report.bytes()),
                KEY,
                report.fingerprintKey());
    }

    private static Map<String, Object> json(Located located) {
        Finding finding = located.finding();
        return object(
                "level",
                Level.of(finding).code(),
                "detector",
                finding.detector(),
                "tool",
                finding.tool(),
                "verdict",
                code(finding.verdict()),
                "action",
                code(finding.action()),
                "confidence",
                code(finding.confidence()),
                "path",
                located.path(),
                "line",
                finding.place().line(),
                "within",
                finding.place().within(),
                "key",
                finding.key(),
                "provenance",
                finding.provenance(),
                "advice",
                object(
                        "id",
                        finding.advice().id(),
                        "words",
                        finding.advice().words(),
                        "command",
                        finding.advice().command()),
                "agreeing",
                finding.agreeing(),
                "fingerprint",
                finding.fingerprint());
    }

    static String code(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Map<String, Object> object(Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return object;
    }

    /// How many lines a text report has for one finding, for callers that page it.
    static List<String> words(Located located) {
        Finding finding = located.finding();
        String where =
                finding.place().within().isEmpty()
                        ? ""
                        : " in " + String.join(" > ", finding.place().within());
        String key = finding.key().isEmpty() ? "" : ", field " + finding.key();
        return List.of(
                located.path()
                        + (finding.place().line() == 0 ? "" : ":" + finding.place().line())
                        + ": "
                        + Level.of(finding).code()
                        + ": "
                        + finding.verdict().words()
                        + ": "
                        + finding.tool()
                        + where
                        + key
                        + " ["
                        + finding.detector()
                        + "]",
                "    "
                        + (finding.provenance().isEmpty()
                                ? ""
                                : "how it is known: " + finding.provenance()),
                "    instead: " + finding.advice().words(),
                "    more: " + finding.advice().command());
    }

    /// For people.
    public static List<String> text(ScanReport report) {
        List<String> lines = new java.util.ArrayList<>();
        for (Located located : report.findings()) {
            words(located).stream().filter(line -> !line.isBlank()).forEach(lines::add);
        }
        for (NotInspected note : report.notInspected()) {
            String part = note.part().isEmpty() ? "" : " (" + note.part() + ")";
            lines.add(note.path() + ": note: not inspected" + part + ": " + note.reason());
        }
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%,d files, %,d bytes: %d errors, %d warnings, %d not inspected%s",
                        report.files(),
                        report.bytes(),
                        report.errors(),
                        report.warnings(),
                        report.notInspected().size(),
                        report.known() == 0 ? "" : ", " + report.known() + " in the baseline"));
        return lines;
    }
}
