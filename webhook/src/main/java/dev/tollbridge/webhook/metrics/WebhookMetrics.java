package dev.tollbridge.webhook.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.Supplier;

/// Counts and times. Labels are from closed lists: no name that a tenant chose.
public final class WebhookMetrics implements AutoCloseable {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(3),
        Duration.ofMillis(5),
        Duration.ofMillis(15),
        Duration.ofMillis(50),
        Duration.ofMillis(200),
        Duration.ofSeconds(1),
        Duration.ofSeconds(3)
    };

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /// @param door `validate` or `mutate`
    public void answered(String door, boolean allowed, Duration took) {
        Timer.builder("tollbridge.webhook.review")
                .description("Reviews answered, and how long it took to judge and decide.")
                .tag("door", door)
                .tag("allowed", Boolean.toString(allowed))
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(took);
    }

    public void decided(String mode, String decision) {
        count(
                "tollbridge.webhook.decisions",
                "Objects judged, by what was decided.",
                "mode",
                mode,
                "decision",
                decision);
    }

    public void found(String detector, String outcome) {
        count(
                "tollbridge.webhook.findings",
                "Logins found, by detector and what was done.",
                "detector",
                detector,
                "outcome",
                outcome);
    }

    public void uninspectable(String outcome) {
        count(
                "tollbridge.webhook.uninspectable",
                "Things that could not be inspected, by what was done.",
                "outcome",
                outcome);
    }

    public void evicted(String outcome) {
        count(
                "tollbridge.webhook.evictions",
                "Pods that missed injection and were to be evicted, by what came of it.",
                "outcome",
                outcome);
    }

    public void turnedAway(String cause) {
        count(
                "tollbridge.webhook.turned.away",
                "Requests that got no review: too large, too many, malformed.",
                "cause",
                cause);
    }

    public void eventDropped() {
        Counter.builder("tollbridge.webhook.events.dropped")
                .description("Events that were not written because too many waited.")
                .register(registry)
                .increment();
    }

    public void failed() {
        Counter.builder("tollbridge.webhook.internal.errors")
                .description("Reviews that failed inside the webhook: refused where it enforces.")
                .register(registry)
                .increment();
    }

    private void count(String name, String description, String... tags) {
        Counter.builder(name).description(description).tags(tags).register(registry).increment();
    }

    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        registry.close();
    }
}
