package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.target.KindFacts;
import dev.tollbridge.bridge.target.Target;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How long a credential may live, and what says so (DESIGN 3.5): the least of what was asked for
/// and of what grant, target, issuer and, where it may not be outlived, subject token allow.
///
/// @param ttl whole seconds, rounded down; may be zero or less when the subject token has ended
/// @param minimum below this the target's provider issues nothing
record Lifetime(Duration ttl, Bound bound, Duration minimum) {

    enum Bound {
        REQUEST("the request"),
        GRANT("the grant or its target's maxTtl"),
        ISSUER("the issuer's cap"),
        SUBJECT("the subject token's end");

        private final String words;

        Bound(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    boolean possible() {
        return ttl.compareTo(minimum) >= 0;
    }

    static Lifetime of(
            Subject subject,
            Grant grant,
            Allowance allowance,
            Target target,
            @Nullable Duration asked,
            Instant now) {
        Duration least = allowance.ttl();
        Bound bound = Bound.GRANT;
        if (subject.issuer().cap().compareTo(least) < 0) {
            least = subject.issuer().cap();
            bound = Bound.ISSUER;
        }
        Instant end = subject.expiresAt();
        if (end != null && !grant.mayOutlive(subject.issuer())) {
            Duration left = Duration.between(now, end);
            if (left.compareTo(least) < 0) {
                least = left;
                bound = Bound.SUBJECT;
            }
        }
        if (asked != null && asked.compareTo(least) < 0) {
            least = asked;
            bound = Bound.REQUEST;
        }
        return new Lifetime(
                Duration.ofSeconds(least.toSeconds()),
                bound,
                KindFacts.of(target.settings()).minimumTtl());
    }
}
