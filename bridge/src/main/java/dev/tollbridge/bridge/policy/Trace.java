package dev.tollbridge.bridge.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How far one grant got with one subject, condition by condition.
///
/// @param outcome one word or two, for people and programs
/// @param refusal what it refused after it matched, or null
record Trace(Grant grant, Outcome outcome, List<Step> steps, Ruling.@Nullable Refused refusal) {

    enum Outcome {
        DECIDES("decides"),
        WOULD_DO_TOO("would do too"),
        SHADOW("matches, in shadow mode"),
        REFUSES("matches, refuses the request"),
        EXPIRED("has expired"),
        DISABLED("is disabled"),
        NO_MATCH("does not match");

        private final String words;

        Outcome(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /// @param what `match.ref`, or a term of the condition
    /// @param expected null for a term, which says so itself
    /// @param actual the claim's value as text; null for a term that evaluates
    record Step(String what, @Nullable String expected, @Nullable String actual, boolean holds) {

        String words() {
            if (expected == null) {
                return what + (actual == null ? "" : " (" + actual + ")");
            }
            return holds
                    ? what + " is " + actual
                    : what + " is " + actual + ", expected " + expected;
        }
    }

    static List<Step> steps(Grant grant, Subject subject) {
        List<Step> steps = new ArrayList<>();
        for (Match.Part part : grant.match().parts()) {
            Object value = part.claim().in(subject.claims());
            steps.add(
                    new Step(
                            "match." + part.claim(),
                            part.matcher().words(),
                            shown(value),
                            part.matcher().matches(value)));
        }
        if (grant.condition() != null) {
            for (Condition term : grant.condition().terms()) {
                Condition.Outcome outcome = term.evaluate(subject.conditionClaims());
                steps.add(
                        new Step(
                                "condition " + term.text(),
                                null,
                                outcome.error(),
                                outcome.holds()));
            }
        }
        return steps;
    }

    boolean matches() {
        return steps.stream().allMatch(Step::holds);
    }

    int failures() {
        return (int) steps.stream().filter(step -> !step.holds()).count();
    }

    @Nullable Step firstFailing() {
        return steps.stream().filter(step -> !step.holds()).findFirst().orElse(null);
    }

    Map<String, @Nullable Object> tree() {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("grant", grant.name());
        tree.put("outcome", outcome.words());
        Step failing = firstFailing();
        if (failing != null) {
            tree.put("first_failing", failing.words());
        }
        if (refusal != null) {
            tree.put("reason", refusal.reason().code());
            tree.put("detail", refusal.detail());
        }
        List<Object> conditions = new ArrayList<>();
        for (Step step : steps) {
            Map<String, @Nullable Object> condition = new LinkedHashMap<>();
            condition.put("condition", step.what());
            if (step.expected() != null) {
                condition.put("expected", step.expected());
            }
            if (step.actual() != null) {
                condition.put("actual", step.actual());
            }
            condition.put("holds", step.holds());
            conditions.add(condition);
        }
        tree.put("conditions", conditions);
        return tree;
    }

    /// A claim's value for people: cut, control characters replaced, its type recognisable.
    private static String shown(@Nullable Object value) {
        if (value == null) {
            return "missing";
        }
        String text = value instanceof String string ? "'" + string + "'" : String.valueOf(value);
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < 200; i++) {
            char c = text.charAt(i);
            shown.append(Character.isISOControl(c) ? '?' : c);
        }
        if (text.length() > 200) {
            shown.append("...");
        }
        if (value instanceof Number) {
            shown.append(" (a number)");
        } else if (value instanceof Boolean) {
            shown.append(" (not a text)");
        } else if (!(value instanceof String)) {
            shown.append(value instanceof List ? " (a list)" : " (an object)");
        }
        return shown.toString();
    }
}
