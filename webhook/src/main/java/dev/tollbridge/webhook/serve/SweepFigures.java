package dev.tollbridge.webhook.serve;

import dev.tollbridge.webhook.metrics.WebhookMetrics;
import java.time.Instant;

/// What the last sweep came to.
final class SweepFigures {

    private final WebhookMetrics metrics;
    private volatile Totals last = new Totals(0, 0, 0, Instant.EPOCH);

    private record Totals(int stored, int logins, int uninjected, Instant ended) {}

    SweepFigures(WebhookMetrics metrics) {
        this.metrics = metrics;
        metrics.gauge(
                "tollbridge.webhook.sweep.stored.findings",
                "Secrets and ConfigMaps with a login, at the last sweep.",
                () -> last.stored());
        metrics.gauge(
                "tollbridge.webhook.sweep.pods.findings",
                "Running pods that a login reaches, at the last sweep.",
                () -> last.logins());
        metrics.gauge(
                "tollbridge.webhook.sweep.pods.uninjected",
                "Running pods that asked for injection and miss it, at the last sweep.",
                () -> last.uninjected());
        metrics.gauge(
                "tollbridge.webhook.sweep.ended.seconds",
                "Unix time at which this replica last ended a sweep; 0 where it never did.",
                () -> last.ended().getEpochSecond());
    }

    Round begin() {
        return new Round();
    }

    void evicted(String outcome) {
        metrics.evicted(outcome);
    }

    /// One sweep's counting.
    final class Round {
        private int stored;
        private int logins;
        private int uninjected;

        void stored() {
            stored++;
        }

        void login() {
            logins++;
        }

        void uninjected() {
            uninjected++;
        }

        void end(Instant now) {
            last = new Totals(stored, logins, uninjected, now);
        }
    }
}
