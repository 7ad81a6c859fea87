package dev.tollbridge.bridge.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.config.TargetSpec.Jwt;
import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.policy.GivenDecision;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.token.GivenIdentity;
import dev.tollbridge.bridge.token.SenderProof;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("DESIGN 14 rule 5: issuance is limited per issuer, subject and target")
class ThrottleTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final double NONE = IssuanceLimits.UNLIMITED;
    private long nanos;

    private static Decision decision(String subject, String target) {
        return GivenDecision.of(
                GivenIdentity.of(subject, new Claims(Map.of()), NOW),
                new Target(
                        target,
                        "team@acme.example",
                        null,
                        Duration.ofHours(1),
                        true,
                        SenderConstraint.NONE,
                        new Jwt("https://api.acme.example", List.of(), Map.of(), "ES256"),
                        null),
                Set.of(),
                Duration.ofMinutes(5),
                NOW,
                SenderProof.NONE);
    }

    private Throttle throttle(double issuer, double subject, double target) {
        return new Throttle(
                new IssuanceLimits(issuer, subject, target, subject, target), () -> nanos);
    }

    @Test
    void letsTheRateThroughAndNoMore() {
        Throttle throttle = throttle(NONE, 2, NONE);
        Decision decision = decision("ci:a", "api");
        throttle.admit(decision, true);
        throttle.admit(decision, true);
        Refusal refusal = catchThrowableOfType(Refusal.class, () -> throttle.admit(decision, true));
        assertThat(refusal.reason()).isEqualTo(RefusalReason.OVERLOADED);
        assertThat(refusal.retryAfter()).isPositive();

        nanos += 500_000_000;
        assertThatCode(() -> throttle.admit(decision, true)).doesNotThrowAnyException();
    }

    @Test
    void oneWorkloadDoesNotUseUpAnothersRate() {
        Throttle throttle = throttle(NONE, 1, NONE);
        throttle.admit(decision("ci:a", "api"), true);
        assertThatCode(() -> throttle.admit(decision("ci:b", "api"), true))
                .doesNotThrowAnyException();
    }

    @Test
    void aTargetIsLimitedForAllWorkloadsTogether() {
        Throttle throttle = throttle(NONE, NONE, 1);
        throttle.admit(decision("ci:a", "api"), true);
        Refusal refusal =
                catchThrowableOfType(
                        Refusal.class, () -> throttle.admit(decision("ci:b", "api"), true));
        assertThat(refusal.reason()).isEqualTo(RefusalReason.OVERLOADED);
        assertThatCode(() -> throttle.admit(decision("ci:b", "other"), true))
                .doesNotThrowAnyException();
    }

    @Test
    void anIssuerIsLimitedForAllItsWorkloadsTogether() {
        Throttle throttle = throttle(1, NONE, NONE);
        throttle.admit(decision("ci:a", "api"), true);
        assertThat(
                        catchThrowableOfType(
                                        Refusal.class,
                                        () -> throttle.admit(decision("ci:b", "other"), true))
                                .detail())
                .contains("issuer");
    }

    @Test
    void targetsOfProvidersHaveLimitsOfTheirOwnByDefault() {
        Throttle throttle = new Throttle(IssuanceLimits.DEFAULT, () -> nanos);
        Decision decision = decision("ci:a", "api");
        for (int i = 0; i < 100; i++) {
            throttle.admit(decision, false);
        }
        assertThat(catchThrowableOfType(Refusal.class, () -> throttle.admit(decision, false)))
                .isNotNull();
        assertThatCode(() -> throttle.admit(decision, true)).doesNotThrowAnyException();
    }

    @Test
    void aBucketIsNeverFullerThanItsRateAndEmptiesWhole() {
        TokenBucket bucket = new TokenBucket(0.5, 0);
        assertThat(bucket.take(0)).isTrue();
        assertThat(bucket.take(1_999_999_999L)).isFalse();
        assertThat(bucket.take(2_000_000_000L)).isTrue();
        assertThat(bucket.take(1_000_000_000_000L)).isTrue();
        assertThat(bucket.take(1_000_000_000_000L)).isFalse();
    }

    @Test
    void aClockThatGoesBackFillsNoBucket() {
        TokenBucket bucket = new TokenBucket(1, 5_000_000_000L);
        assertThat(bucket.take(5_000_000_000L)).isTrue();
        assertThat(bucket.take(1)).isFalse();
    }
}
