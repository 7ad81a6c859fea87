package dev.tollbridge.bridge.exchange;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import java.time.Duration;
import java.util.function.LongSupplier;

/// Limits how fast one issuer's workloads, one workload, or one target may be issued to, so that
/// whoever holds a grant can drain neither a provider's quota nor the disk (DESIGN 14, rule 5).
///
/// Counts decisions, not requests: what was refused before costs no provider anything. Refuses with
/// `overloaded`, which says nothing about the target.
final class Throttle {

    /// Distinct issuers, workloads and targets remembered. One that falls out starts with a full
    /// bucket, which errs on the side of service.
    private static final long REMEMBERED = 100_000;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final IssuanceLimits limits;
    private final LongSupplier ticker;
    private final Cache<String, TokenBucket> buckets =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    /// @param ticker nanoseconds that never go back
    Throttle(IssuanceLimits limits, LongSupplier ticker) {
        this.limits = limits;
        this.ticker = ticker;
    }

    /// @throws Refusal `overloaded`
    void admit(Decision decision, boolean inProcess) {
        double perTarget = inProcess ? limits.perTarget() : limits.perProviderTarget();
        double perSubject = inProcess ? limits.perSubject() : limits.perProviderSubject();
        take("issuer ", decision.identity().token().issuer().name(), limits.perIssuer());
        take("target ", decision.target().name(), perTarget);
        take(
                inProcess ? "subject " : "provider-subject ",
                decision.identity().subject(),
                perSubject);
    }

    private void take(String kind, String name, double perSecond) {
        if (perSecond == IssuanceLimits.UNLIMITED) {
            return;
        }
        TokenBucket bucket =
                buckets.get(kind + name, key -> new TokenBucket(perSecond, ticker.getAsLong()));
        if (!bucket.take(ticker.getAsLong())) {
            throw new Refusal(
                    RefusalReason.OVERLOADED,
                    "the issuance rate of this " + kind.strip() + " is used up",
                    RETRY_AFTER);
        }
    }
}
