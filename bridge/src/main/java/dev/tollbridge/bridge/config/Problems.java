package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.Document.Place;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects problems, up to a bound.
final class Problems {

    /// More than anybody reads at once, and few enough for a log.
    static final int MAX = 1_000;

    private static final int QUOTED = 60;

    private final List<Problem> problems = new ArrayList<>();
    private int errors;

    void error(SchemaRule rule, Place place, String path, String message) {
        error(rule, place, path, message, null);
    }

    void error(
            SchemaRule rule,
            Place place,
            String path,
            String message,
            @Nullable String suggestion) {
        errors++;
        add(new Problem(Problem.Severity.ERROR, rule.id(), place, path, message, suggestion));
    }

    void warning(
            SchemaRule rule,
            Place place,
            String path,
            String message,
            @Nullable String suggestion) {
        add(new Problem(Problem.Severity.WARNING, rule.id(), place, path, message, suggestion));
    }

    private void add(Problem problem) {
        if (problems.size() < MAX) {
            problems.add(problem);
        } else if (problems.size() == MAX) {
            problems.add(
                    new Problem(
                            Problem.Severity.ERROR,
                            SchemaRule.TOO_MANY_PROBLEMS.id(),
                            problem.place(),
                            "",
                            "more than " + MAX + " problems; the rest is not listed",
                            null));
        }
    }

    /// Errors so far, listed or not: grows when a part that was read is unsound.
    int errors() {
        return errors;
    }

    List<Problem> all() {
        return List.copyOf(problems);
    }

    /// What was written, fit for a message: bounded, on one line, printable.
    static String quoted(String written) {
        StringBuilder text = new StringBuilder(written.length() + 2).append('\'');
        int end = Math.min(written.length(), QUOTED);
        for (int i = 0; i < end; i++) {
            char c = written.charAt(i);
            boolean printable = (c >= ' ' && c < 127) || Character.isLetterOrDigit(c);
            text.append(printable ? c : '?');
        }
        return text.append(end < written.length() ? "...'" : "'").toString();
    }
}
