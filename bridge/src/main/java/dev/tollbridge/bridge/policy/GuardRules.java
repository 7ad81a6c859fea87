package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.issuer.Dangers;
import dev.tollbridge.bridge.issuer.Dangers.Guard;
import dev.tollbridge.bridge.issuer.Dangers.Pin;
import dev.tollbridge.bridge.issuer.Preset;
import java.util.ArrayList;
import java.util.List;

/// Rules whose facts the preset brings: which tokens a careful grant shuts out, and how.
final class GuardRules {

    private GuardRules() {}

    static LintRule.Check of(Dangers.Kind kind) {
        return (subject, findings) -> {
            Preset preset = subject.preset();
            if (preset == null) {
                return;
            }
            for (Guard guard : preset.dangers().guards()) {
                if (guard.kind() == kind && concerns(guard, subject) && !shut(guard, subject)) {
                    findings.add("match", guard.danger(), "shut it out: " + ways(guard));
                }
            }
        };
    }

    private static boolean concerns(Guard guard, LintSubject subject) {
        if (guard.when() == null) {
            return true;
        }
        Constraint constraint = subject.constraints().get(guard.when());
        return constraint != null && constraint.allowed() != null;
    }

    private static boolean shut(Guard guard, LintSubject subject) {
        return guard.anyOf().stream()
                .anyMatch(way -> way.stream().allMatch(pin -> satisfied(pin, subject)));
    }

    private static boolean satisfied(Pin pin, LintSubject subject) {
        Constraint constraint = subject.constraints().get(pin.claim());
        return constraint != null && constraint.satisfies(pin);
    }

    private static String ways(Guard guard) {
        List<String> ways = new ArrayList<>();
        for (List<Pin> way : guard.anyOf()) {
            List<String> pins = new ArrayList<>();
            for (Pin pin : way) {
                pins.add(words(pin));
            }
            ways.add(String.join(" and ", pins));
        }
        return String.join("; or ", ways);
    }

    private static String words(Pin pin) {
        if (pin.absent()) {
            return "condition !('" + pin.claim() + "' in claims)";
        }
        if (!pin.only().isEmpty()) {
            return "pin " + pin.claim() + " to " + list(pin.only());
        }
        return "pin " + pin.claim() + (pin.except().isEmpty() ? "" : ", not " + list(pin.except()));
    }

    private static String list(List<Object> values) {
        List<String> words = new ArrayList<>();
        values.forEach(value -> words.add(String.valueOf(value)));
        return String.join(", ", words);
    }
}
