package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.issuer.ClaimFact;
import dev.tollbridge.bridge.issuer.Preset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rules about claims that cannot be as a grant wants them.
final class ClaimRules {

    private ClaimRules() {}

    static void unknownClaim(LintSubject subject, LintRule.Findings findings) {
        Preset preset = subject.preset();
        if (preset == null) {
            return;
        }
        for (String claim : subject.claims()) {
            if (preset.fact(claim) == null) {
                findings.add(
                        "match." + claim,
                        "tokens of " + preset.id() + " are not known to have this claim",
                        Nearest.suggestion(claim, preset.claims().keySet()));
            }
        }
    }

    static void impossibleType(LintSubject subject, LintRule.Findings findings) {
        Preset preset = subject.preset();
        if (preset == null) {
            return;
        }
        subject.constraints()
                .byClaim()
                .forEach((claim, constraint) -> {
                    ClaimFact fact = preset.fact(claim);
                    List<Matcher> forms = constraint.allowed();
                    if (fact == null || forms == null) {
                        return;
                    }
                    for (Matcher form : forms) {
                        if (!possible(fact.type(), form)) {
                            findings.add(
                                    "match." + claim,
                                    "the claim is "
                                            + words(fact.type())
                                            + ", which is never "
                                            + form.words(),
                                    suggestion(fact.type(), claim, form));
                            return;
                        }
                    }
                });
    }

    private static boolean possible(ClaimFact.Type type, Matcher form) {
        boolean text = !(form instanceof Matcher.Exactly(Object value)) || value instanceof String;
        return switch (type) {
            case STRING, STRING_OR_STRINGS -> text;
            case INTEGER -> form instanceof Matcher.Exactly(Object value) && value instanceof Long;
            case BOOLEAN ->
                    form instanceof Matcher.Exactly(Object value) && value instanceof Boolean;
            // `'x' in claims.list` is known as an exact text, and cannot be told from a match here.
            case STRINGS -> text;
            case OBJECT -> false;
            case ANY -> true;
        };
    }

    private static String words(ClaimFact.Type type) {
        return switch (type) {
            case STRING -> "a text";
            case INTEGER -> "a number";
            case BOOLEAN -> "true or false";
            case STRINGS -> "a list of texts";
            case STRING_OR_STRINGS -> "a text or a list of texts";
            case OBJECT -> "an object";
            case ANY -> "anything";
        };
    }

    private static @Nullable String suggestion(ClaimFact.Type type, String claim, Matcher form) {
        return switch (type) {
            case STRING, STRING_OR_STRINGS, STRINGS ->
                    form instanceof Matcher.Exactly(Object value)
                            ? "quote it: \"" + value + "\""
                            : null;
            case INTEGER -> "use the condition: claims['" + claim + "'] == 1";
            case BOOLEAN -> "write true or false without quotes";
            case OBJECT -> "name a member of it by JSON Pointer: /" + claim + "/...";
            case ANY -> null;
        };
    }

    static void neverMatches(LintSubject subject, LintRule.Findings findings) {
        subject.constraints()
                .byClaim()
                .forEach((claim, constraint) -> {
                    if (constraint.impossible()) {
                        findings.add(
                                "match." + claim,
                                "match and condition contradict each other: no token fits",
                                null);
                    }
                });
    }
}
