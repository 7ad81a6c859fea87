package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.config.GrantSpec;
import dev.tollbridge.bridge.issuer.Dangers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Rules about job sessions: what a job may have again for hours, decided on claims that are as old
/// as its first token.
final class SessionRules {

    /// As long as a job of a hosted runner can last.
    private static final Duration LONG = Duration.ofHours(6);

    /// Runs of code nobody has looked at, or that a person other than the workflow's author steers.
    private static final List<LintRule.Check> UNREVIEWED =
            List.of(
                    GuardRules.of(Dangers.Kind.PULL_REQUEST_RUN),
                    GuardRules.of(Dangers.Kind.UNREVIEWED_RUN),
                    GuardRules.of(Dangers.Kind.STEERED_RUN),
                    GuardRules.of(Dangers.Kind.PERSON_IN_JOB));

    private SessionRules() {}

    static void ofLease(LintSubject subject, LintRule.Findings findings) {
        if (session(subject) && lease(subject)) {
            findings.add(
                    "session",
                    "a pod gets a new token as long as it runs, and none when it is gone: a session"
                            + " would outlive it, so none is opened",
                    "leave it out");
        }
    }

    static void endsWithToken(LintSubject subject, LintRule.Findings findings) {
        if (session(subject) && !lease(subject) && !subject.grant().mayOutlive(subject.issuer())) {
            findings.add(
                    "session",
                    "credentials may not outlive the subject token here, so the session gives"
                            + " nothing once that has ended",
                    null);
        }
    }

    static void tooLong(LintSubject subject, LintRule.Findings findings) {
        GrantSpec.Session session = subject.spec().session();
        if (session != null && session.max().compareTo(LONG) > 0) {
            findings.add(
                    "session.max",
                    "for "
                            + session.max().toHours()
                            + " hours a job that was trusted once is trusted again, on the claims"
                            + " of its first token",
                    "max: 2h, or as long as the job may take");
        }
    }

    static void unreviewed(LintSubject subject, LintRule.Findings findings) {
        if (!session(subject)) {
            return;
        }
        List<String> dangers = new ArrayList<>();
        UNREVIEWED.forEach(check -> check.look(subject, (_, danger, _) -> dangers.add(danger)));
        if (!dangers.isEmpty()) {
            findings.add(
                    "session",
                    dangers.getFirst() + "; with a session such a run could refresh for hours",
                    "a grant of its own for those runs, without session");
        }
    }

    private static boolean session(LintSubject subject) {
        return subject.spec().session() != null;
    }

    private static boolean lease(LintSubject subject) {
        return subject.issuer().kubernetes() || subject.issuer().tokenReview() != null;
    }
}
