package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.config.TargetSpec.Google;

/// Rules about what kinds of target a grant gives.
final class TargetUseRules {

    private TargetUseRules() {}

    /// DESIGN 14, rule 17.
    static void googleUnimpersonated(LintSubject subject, LintRule.Findings findings) {
        subject.eachTarget((allow, target) -> {
            if (target.settings() instanceof Google google && google.serviceAccount() == null) {
                findings.add(
                        "allow",
                        "target "
                                + allow.target()
                                + " gives a federated token itself, with whatever its pool"
                                + " is granted anywhere",
                        "name a serviceAccount in the target");
            }
        });
    }
}
