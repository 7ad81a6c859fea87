package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.config.Problem.Severity;
import org.jspecify.annotations.Nullable;

/// One danger that a grant can hold.
///
/// @param id stable; has a page `docs/lint/<id>.md`, and can be written in `acknowledge`
/// @param acknowledgeable whether a grant can accept the danger. What cannot work cannot be
///   accepted
record LintRule(String id, Severity severity, boolean acknowledgeable, Check check) {

    static LintRule danger(String id, Check check) {
        return new LintRule(id, Severity.ERROR, true, check);
    }

    static LintRule mistake(String id, Check check) {
        return new LintRule(id, Severity.ERROR, false, check);
    }

    static LintRule advice(String id, Check check) {
        return new LintRule(id, Severity.WARNING, true, check);
    }

    interface Check {
        void look(LintSubject subject, Findings findings);
    }

    interface Findings {
        /// @param path inside the document's `spec`
        void add(String path, String message, @Nullable String suggestion);
    }
}
