package dev.tollbridge.bridge.policy;

import dev.tollbridge.bridge.config.GrantSpec;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A grant, compiled.
///
/// @param condition null: none
/// @param until the first moment at which it no longer holds; null: it has no end
/// @param allowances by target name
record Grant(
        String name,
        GrantSpec spec,
        Match match,
        @Nullable Condition condition,
        @Nullable Instant until,
        Map<String, Allowance> allowances) {

    static @Nullable Instant until(GrantSpec spec) {
        return spec.expires() == null
                ? null
                : spec.expires().plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /// How long a job may refresh; null: it gives no session.
    @Nullable Duration sessionMax() {
        return spec.session() == null ? null : spec.session().max();
    }

    boolean shadow() {
        return spec.mode() == GrantSpec.Mode.SHADOW;
    }

    boolean expired(Instant now) {
        return until != null && !now.isBefore(until);
    }

    /// Whether the subject fits, whatever is asked for: match first, then the condition.
    boolean admits(Subject subject) {
        return match.holds(subject.claims())
                && (condition == null || condition.holds(subject.conditionClaims()));
    }

    /// Whether a credential may live longer than the subject token. A grant that loosens what its
    /// issuer says does so only if it acknowledges that; the linter refuses it otherwise, and so
    /// does this.
    boolean mayOutlive(TrustedIssuer issuer) {
        Boolean own = spec.mayOutliveSubject();
        if (own == null) {
            return issuer.mayOutlive();
        }
        return own && (issuer.mayOutlive() || spec.acknowledge().contains(OUTLIVES_SUBJECT));
    }

    /// The lint rule about grants that loosen {@link TrustedIssuer#mayOutlive}.
    static final String OUTLIVES_SUBJECT = "outlives-subject";
}
