package dev.tollbridge.webhook.detect;

import java.util.List;

/// What the detectors say of one content.
///
/// @param findings the gravest first; empty when there is nothing to report
/// @param uninspected what could not be looked into; the content may still have findings
public record Judgement(List<Finding> findings, List<Uninspected> uninspected) {

    public Judgement {
        findings = List.copyOf(findings);
        uninspected = List.copyOf(uninspected);
    }

    public static Judgement clean() {
        return new Judgement(List.of(), List.of());
    }

    /// Whether a namespace that enforces would refuse it.
    public boolean blocks() {
        return findings.stream().anyMatch(finding -> finding.action() == Action.BLOCK);
    }
}
