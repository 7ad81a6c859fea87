package dev.tollbridge.webhook.advise;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A recommendation for people and for programs.
public final class AdviceReport {

    private AdviceReport() {}

    public static List<String> text(Recommendation advice) {
        List<String> lines = new ArrayList<>();
        String tool = advice.tool().map(t -> ", " + t.title()).orElse("");
        lines.add(advice.runtime().title() + tool);
        lines.add("");
        lines.add("Use " + advice.signIn().words() + ".");
        if (!advice.command().isEmpty()) {
            lines.add("    " + advice.command());
        }
        if (!advice.because().isEmpty()) {
            lines.add(advice.because());
        }
        if (!advice.runtime().how().isEmpty()) {
            lines.add(advice.runtime().how());
        }
        lines.add("");
        lines.add("Why: " + advice.runtime().why());
        if (advice.fallback() != SignIn.NONE) {
            lines.add("");
            lines.add("Where that cannot be done: " + advice.fallback().words() + ".");
            if (!advice.fallbackCommand().isEmpty()) {
                lines.add("    " + advice.fallbackCommand());
            }
        } else if (!advice.runtime().person()) {
            lines.add("A device code is no fallback here: nobody is there to approve it.");
        }
        lines.add("");
        lines.add("Check:");
        for (Check check : advice.checks()) {
            lines.add("  - " + check.words() + " [" + check.source() + "]");
        }
        advice.tool()
                .ifPresent(t -> {
                    lines.add("");
                    lines.add("To end a login: " + t.revoke() + ".");
                });
        lines.add("");
        lines.add("More: docs/advise.md" + advice.tool().map(t -> "#" + t.advice()).orElse(""));
        return lines;
    }

    public static Map<String, Object> json(Recommendation advice) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("runtime", advice.runtime().id());
        advice.tool().ifPresent(tool -> tree.put("tool", tool.id()));
        tree.put("signIn", advice.signIn().id());
        tree.put("command", advice.command());
        tree.put("how", advice.runtime().how());
        tree.put("why", advice.because().isEmpty() ? advice.runtime().why() : advice.because());
        tree.put("fallback", advice.fallback().id());
        tree.put("fallbackCommand", advice.fallbackCommand());
        tree.put(
                "checks",
                advice.checks().stream()
                        .map(check -> {
                            Map<String, Object> one = new LinkedHashMap<>();
                            one.put("id", check.id());
                            one.put("words", check.words());
                            one.put("source", check.source());
                            return one;
                        })
                        .toList());
        advice.tool().ifPresent(tool -> tree.put("revoke", tool.revoke()));
        tree.put("page", "docs/advise.md" + advice.tool().map(t -> "#" + t.advice()).orElse(""));
        return tree;
    }
}
