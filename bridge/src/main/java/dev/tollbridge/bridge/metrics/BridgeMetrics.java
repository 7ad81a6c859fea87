package dev.tollbridge.bridge.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/// The bridge's metrics. Safe to call from any thread.
///
/// Cardinality is bounded by construction: a label's values are doors, outcomes, reasons, kinds of
/// target, and names of targets and trusted issuers, which the operator writes. There is no way to
/// put a subject, a grant or a token into one.
public final class BridgeMetrics implements AutoCloseable {

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30)
    };

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbageCollection = new JvmGcMetrics();
    private final Map<ExchangeKey, Counter> exchanges = new ConcurrentHashMap<>();
    private final Set<String> labelledGauges = ConcurrentHashMap.newKeySet();
    private final Map<String, Timer> exchangeTimes = new ConcurrentHashMap<>();
    private final Map<MintKey, Timer> mintTimes = new ConcurrentHashMap<>();
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final Timer forces;
    private final Counter recorded;

    public BridgeMetrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        garbageCollection.bindTo(registry);
        recorded =
                Counter.builder("tollbridge.journal.bytes")
                        .description("Bytes of records written")
                        .register(registry);
        forces =
                Timer.builder("tollbridge.ledger.force")
                        .description("Time to force one group of records to disk")
                        .serviceLevelObjectives(BUCKETS)
                        .register(registry);
    }

    private record MintKey(String kind, String target, String outcome) {}

    private record ExchangeKey(String door, String outcome, String reason, String targetKind) {}

    /// One target's exchange ended.
    ///
    /// @param outcome `issued`, `refused` or `unavailable`
    /// @param reason the refusal's code; empty when issued
    /// @param targetKind empty when no target was decided on
    /// @param took of the whole request, as far as the bridge can see it
    public void exchange(
            String door, String outcome, String reason, String targetKind, Duration took) {
        ExchangeKey key = new ExchangeKey(door, outcome, reason, targetKind);
        Counter counter = exchanges.get(key);
        if (counter == null) {
            counter = exchanges.computeIfAbsent(key, this::exchangeCounter);
        }
        counter.increment();
        Timer timer = exchangeTimes.get(door);
        if (timer == null) {
            timer = exchangeTimes.computeIfAbsent(door, this::exchangeTimer);
        }
        timer.record(took);
    }

    private Counter exchangeCounter(ExchangeKey key) {
        return Counter.builder("tollbridge.exchanges")
                .description("Exchanges by how they ended")
                .tag("door", key.door)
                .tag("outcome", key.outcome)
                .tag("reason", key.reason)
                .tag("target_kind", key.targetKind)
                .register(registry);
    }

    private Timer exchangeTimer(String door) {
        return Timer.builder("tollbridge.exchange.duration")
                .description("Time from the request's first byte read to the answer")
                .tag("door", door)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /// A provider was asked for a credential, or would have been.
    ///
    /// @param target the target's name, which the operator writes
    /// @param outcome `minted`, `refused`, `unavailable` or `overloaded`
    /// @param took with every try and pause
    public void minted(String kind, String target, String outcome, Duration took) {
        MintKey key = new MintKey(kind, target, outcome);
        Timer timer = mintTimes.get(key);
        if (timer == null) {
            timer = mintTimes.computeIfAbsent(key, this::mintTimer);
        }
        timer.record(took);
    }

    private Timer mintTimer(MintKey key) {
        return Timer.builder("tollbridge.mint.duration")
                .description("Time until a target's provider gave a credential, or did not")
                .tag("kind", key.kind)
                .tag("target", key.target)
                .tag("outcome", key.outcome)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    /// A request was turned away before it became an exchange: no such path, wrong method, too many
    /// connections.
    ///
    /// @param cause one of a few words, such as `no_such_path`
    public void turnedAway(String cause) {
        counter("tollbridge.http.turned.away", "Requests that no door served", "cause", cause);
    }

    /// One group of records was forced to disk.
    public void forced(Duration took) {
        forces.record(took);
    }

    /// A group of records was written, to be forced next.
    ///
    /// @param bytes of the group
    public void recorded(int bytes) {
        recorded.increment(bytes);
    }

    /// A job session was opened.
    public void sessionOpened() {
        counter("tollbridge.sessions.opened", "Job sessions opened", "kind", "job");
    }

    /// @param why one of a few words, such as `revoked`, `missed`, `replayed`
    public void sessionEnded(String why) {
        counter("tollbridge.sessions.ended", "Job sessions that ended", "why", why);
    }

    /// @param what one of a few words, such as `replayed` or `other_key`
    public void sessionAlarm(String what) {
        counter(
                "tollbridge.session.alarms",
                "Uses of a job session's handle that only a copy explains",
                "what",
                what);
    }

    /// @param outcome `applied`, or `refused`: then only what the edit takes away was applied
    public void configReload(String outcome) {
        counter("tollbridge.config.reloads", "Reloads of the configuration", "outcome", outcome);
    }

    private void counter(String name, String description, String label, String value) {
        counters.computeIfAbsent(
                        name + "|" + value,
                        _ ->
                                Counter.builder(name)
                                        .description(description)
                                        .tag(label, value)
                                        .register(registry))
                .increment();
    }

    /// A value looked at when the metrics are read, such as `tollbridge.config.stale` (0 or 1),
    /// `tollbridge.grants`, `tollbridge.ledger.healthy`. Dots become underscores.
    public void gauge(String name, String description, DoubleSupplier value) {
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .description(description)
                .strongReference(true)
                .register(registry);
    }

    /// As {@link #gauge}, one per trusted issuer: such as `tollbridge.jwks.age.seconds`.
    public void issuerGauge(String name, String description, String issuer, DoubleSupplier value) {
        labelledGauge(name, description, "issuer", issuer, value);
    }

    /// As {@link #gauge}, one per kind of target: such as `tollbridge.mint.circuits.open`.
    public void kindGauge(String name, String description, String kind, DoubleSupplier value) {
        labelledGauge(name, description, "kind", kind, value);
    }

    /// Registering the same name and label again replaces nothing and is harmless.
    private void labelledGauge(
            String name, String description, String label, String named, DoubleSupplier value) {
        if (!labelledGauges.add(name + " " + named)) {
            return;
        }
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .description(description)
                .tag(label, named)
                .strongReference(true)
                .register(registry);
    }

    /// As {@link #gauge}, one per outlet of the record.
    public void outletGauge(String name, String description, String outlet, DoubleSupplier value) {
        Gauge.builder(name, value, DoubleSupplier::getAsDouble)
                .description(description)
                .tag("outlet", outlet)
                .strongReference(true)
                .register(registry);
    }

    /// Everything, in Prometheus' text format 0.0.4.
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void close() {
        garbageCollection.close();
        registry.close();
    }
}
