package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.issuer.ClaimFact;
import dev.tollbridge.bridge.issuer.Preset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Rules about whom a grant is for. They need a preset's facts: without one there is nothing to
/// know.
final class IdentityRules {

    /// What every token of an issuer has alike, or what any job can ask for.
    private static final Set<String> SAYS_NOBODY = Set.of("aud", "iss", "exp", "iat", "nbf", "jti");

    private static final String UID = "/kubernetes.io/serviceaccount/uid";

    private IdentityRules() {}

    static void audienceOnly(LintSubject subject, LintRule.Findings findings) {
        if (subject.preset() != null && onlyAudience(subject)) {
            findings.add(
                    "match",
                    "only says for whom the token was made, not who has it: anybody the issuer knows"
                            + " can ask for such a token",
                    null);
        }
    }

    private static boolean onlyAudience(LintSubject subject) {
        return !subject.claims().isEmpty() && SAYS_NOBODY.containsAll(subject.claims());
    }

    static void noIdentity(LintSubject subject, LintRule.Findings findings) {
        Preset preset = subject.preset();
        if (preset == null || preset.dangers().anchors().isEmpty() || onlyAudience(subject)) {
            return;
        }
        List<List<String>> anchors = preset.dangers().anchors();
        boolean anchored =
                anchors.stream()
                        .anyMatch(
                                anchor -> anchor.stream().allMatch(subject.constraints()::pinned));
        if (!anchored) {
            findings.add(
                    "match",
                    "does not say whose workload it is",
                    "pin " + String.join(" and ", anchors.getFirst()) + " to exact values");
        }
    }

    static void namesWithoutIds(LintSubject subject, LintRule.Findings findings) {
        Preset preset = subject.preset();
        if (preset == null) {
            return;
        }
        preset.dangers()
                .names()
                .forEach((name, ids) -> {
                    Constraint constraint = subject.constraints().get(name);
                    if (constraint != null
                            && constraint.allowed() != null
                            && !ids.isEmpty()
                            && ids.stream().noneMatch(subject.constraints()::pinned)) {
                        findings.add(
                                "match." + name,
                                "a name can be given up and taken by somebody else",
                                "pin " + String.join(" or ", ids) + " too");
                    }
                });
    }

    static void writerControlledOnly(LintSubject subject, LintRule.Findings findings) {
        Preset preset = subject.preset();
        if (preset == null || onlyAudience(subject)) {
            return;
        }
        List<String> steered = new ArrayList<>();
        for (String claim : subject.claims()) {
            ClaimFact fact = preset.fact(claim);
            // An outsider's workload has an id too, but never the one that is pinned here.
            boolean id = preset.immutableIds().contains(claim);
            if (fact == null || id || !fact.attackerControlled()) {
                return;
            }
            steered.add(claim);
        }
        if (!steered.isEmpty()) {
            findings.add(
                    "match",
                    "all that it looks at ("
                            + String.join(", ", steered)
                            + ") can be chosen by whoever writes or starts the job",
                    preset.immutableIds().isEmpty()
                            ? null
                            : "pin " + preset.immutableIds().getFirst());
        }
    }

    static void subjectWildcard(LintSubject subject, LintRule.Findings findings) {
        Preset preset = subject.preset();
        if (preset == null) {
            return;
        }
        subject.constraints()
                .byClaim()
                .forEach((claim, constraint) -> {
                    if (constraint.byPattern()
                            && (claim.equals("sub")
                                    || preset.dangers().wholeOnly().contains(claim))) {
                        findings.add(
                                "match." + claim,
                                "only means something as a whole: a part of it can be made"
                                        + " to look like another's",
                                "write the whole value, or pin the claims it is made of");
                    }
                });
    }

    static void serviceAccountUid(LintSubject subject, LintRule.Findings findings) {
        if (subject.issuer().kubernetes() && !subject.constraints().pinned(UID)) {
            findings.add(
                    "match",
                    "a service account that is deleted and made again has the same name",
                    "pin \"" + UID + "\" where the account is long-lived");
        }
    }
}
