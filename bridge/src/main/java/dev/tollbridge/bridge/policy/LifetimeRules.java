package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.target.KindFacts;
import java.time.Duration;

/// Rules about how long things last.
final class LifetimeRules {

    private static final int MANY_VALUES = 10;

    private LifetimeRules() {}

    static void outlivesSubject(LintSubject subject, LintRule.Findings findings) {
        if (Boolean.TRUE.equals(subject.spec().mayOutliveSubject())
                && !subject.issuer().mayOutlive()) {
            findings.add(
                    "mayOutliveSubject",
                    "the credential would still be good when what it was given for is gone",
                    "leave it out");
        }
    }

    static void ttlBelowMinimum(LintSubject subject, LintRule.Findings findings) {
        subject.eachTarget((allow, target) -> {
            Duration minimum = KindFacts.of(target.settings()).minimumTtl();
            Duration most = least(target.maxTtl(), subject.issuer().cap());
            Duration ttl = allow.ttl() == null ? most : least(allow.ttl(), most);
            if (ttl.compareTo(minimum) < 0) {
                findings.add(
                        "allow",
                        "target "
                                + target.name()
                                + " would get "
                                + ttl.toSeconds()
                                + "s, and a credential of kind "
                                + target.kind()
                                + " cannot live less than "
                                + minimum.toSeconds()
                                + "s",
                        "ttl: " + minimum.toSeconds() + "s");
            }
        });
    }

    static void ttlCapped(LintSubject subject, LintRule.Findings findings) {
        subject.eachTarget((allow, target) -> {
            Duration most = least(target.maxTtl(), subject.issuer().cap());
            if (allow.ttl() != null && allow.ttl().compareTo(most) > 0) {
                findings.add(
                        "allow",
                        "target "
                                + target.name()
                                + ": "
                                + allow.ttl().toSeconds()
                                + "s will be cut to the "
                                + most.toSeconds()
                                + "s that target and issuer allow",
                        null);
            }
        });
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    static void wideWithoutExpiry(LintSubject subject, LintRule.Findings findings) {
        if (subject.spec().expires() != null) {
            return;
        }
        subject.constraints()
                .byClaim()
                .forEach((claim, constraint) -> {
                    var forms = constraint.allowed();
                    if (constraint.byPattern() || forms != null && forms.size() > MANY_VALUES) {
                        findings.add(
                                "match." + claim,
                                "admits more than its author can list, for ever",
                                "expires: a date on which somebody looks at it again");
                    }
                });
    }

    static void expired(LintSubject subject, LintRule.Findings findings) {
        if (subject.grant().expired(subject.now())) {
            findings.add("expires", "has expired and is without effect", "delete the grant");
        }
    }
}
