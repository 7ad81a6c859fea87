package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.ledger.file.FileLedger;
import dev.tollbridge.bridge.metrics.BridgeMetrics;
import dev.tollbridge.bridge.rules.LiveRules;
import dev.tollbridge.bridge.session.Sessions;
import dev.tollbridge.bridge.token.keys.IssuerKeyStatus;
import dev.tollbridge.bridge.token.keys.JwksIssuerKeys;
import java.time.Duration;
import java.util.function.ToDoubleFunction;

/// Values that are looked at when the metrics are read.
record Gauges(
        BridgeMetrics metrics,
        LiveRules live,
        JwksIssuerKeys issuerKeys,
        Ledger ledger,
        FileLedger record) {

    void register() {
        metrics.gauge(
                "tollbridge.config.stale",
                "1 while the last edit of the configuration is refused",
                () -> live.refusedEdit().isEmpty() ? 0 : 1);
        metrics.gauge(
                "tollbridge.grants",
                "Grants in force",
                () -> live.inForce().documents().grants().size());
        metrics.gauge(
                "tollbridge.ledger.healthy",
                "1 while the ledger takes reservations",
                () -> ledger.healthy() ? 1 : 0);
        metrics.gauge(
                "tollbridge.refusals.sampled.away",
                "Refusals counted and not written because too many came, since start",
                record::refusalsLeftOut);
        for (IssuerKeyStatus status : issuerKeys.status()) {
            register(status.name());
        }
    }

    void sessions(Sessions sessions) {
        metrics.gauge("tollbridge.sessions", "Job sessions that have not ended", sessions::count);
    }

    /// For one trusted issuer; harmless when they are there already.
    void register(String issuer) {
        metrics.issuerGauge(
                "tollbridge.jwks.age.seconds",
                "Age of the key set at hand; NaN without one",
                issuer,
                () -> value(issuer, status -> seconds(status.age())));
        metrics.issuerGauge(
                "tollbridge.jwks.keys",
                "Keys that are believed",
                issuer,
                () -> value(issuer, IssuerKeyStatus::keys));
        metrics.issuerGauge(
                "tollbridge.jwks.fetches",
                "Attempts to fetch keys since start",
                issuer,
                () -> value(issuer, IssuerKeyStatus::fetches));
        metrics.issuerGauge(
                "tollbridge.jwks.failures",
                "Attempts that failed since start",
                issuer,
                () -> value(issuer, IssuerKeyStatus::failures));
    }

    private double value(String issuer, ToDoubleFunction<IssuerKeyStatus> of) {
        for (IssuerKeyStatus status : issuerKeys.status()) {
            if (status.name().equals(issuer)) {
                return of.applyAsDouble(status);
            }
        }
        return Double.NaN;
    }

    private static double seconds(@org.jspecify.annotations.Nullable Duration age) {
        return age == null ? Double.NaN : age.toMillis() / 1000.0;
    }
}
