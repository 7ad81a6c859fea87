package dev.tollbridge.webhook.serve;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tollbridge.webhook.admission.Admission;
import dev.tollbridge.webhook.cluster.Cluster;
import dev.tollbridge.webhook.cluster.SharedVerdicts;
import dev.tollbridge.webhook.cluster.Sweep;
import dev.tollbridge.webhook.decide.Settings;
import dev.tollbridge.webhook.http.Certificate;
import dev.tollbridge.webhook.http.WebhookServer;
import dev.tollbridge.webhook.index.Observation;
import dev.tollbridge.webhook.index.VerdictIndex;
import dev.tollbridge.webhook.registration.Reachable;
import dev.tollbridge.webhook.registration.Registration;
import dev.tollbridge.webhook.stored.StoredKind;
import dev.tollbridge.webhook.stored.StoredName;
import dev.tollbridge.webhook.tls.Certificates;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the webhook does in its cluster beside answering: keeps its certificate and registration
/// right, and sweeps. On one thread of its own, so that nothing of it overlaps.
final class InCluster implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InCluster.class);
    private static final Duration LOOK_AT_CERTIFICATE = Duration.ofMinutes(5);

    private final WebhookOptions.InCluster options;
    private final Cluster cluster;
    private final SharedVerdicts verdicts;
    private final InstantSource clock;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("cluster").factory());
    private @Nullable Certificates certificates;
    private Settings settings = Settings.DEFAULT;
    private volatile boolean swept;

    /// @param given whether somebody else gives the certificate
    InCluster(WebhookOptions.InCluster options, boolean given, InstantSource clock) {
        this.options = options;
        this.clock = clock;
        this.cluster = Cluster.connect(options.kubeconfig());
        this.verdicts = new SharedVerdicts(cluster, options.namespace());
        this.certificates = given ? null : renewed();
    }

    /// What all replicas know.
    VerdictIndex index() {
        return verdicts.index();
    }

    int unwritten() {
        return verdicts.unwritten();
    }

    /// Shared by all replicas, and the same after a restart.
    byte[] sharedKey(byte[] random) {
        return cluster.sharedKey(options.namespace(), random);
    }

    private Certificates renewed() {
        return cluster.certificates(options.namespace(), clock.instant(), options.names());
    }

    /// Its own, for the first connection.
    Certificate certificate() {
        Certificates own = certificates;
        if (own == null) {
            throw new IllegalStateException("the certificate is given");
        }
        return new Certificate(own.served().chainPem(), own.served().privateKeyPem());
    }

    /// Registers, once the server listens, and goes on from there.
    void start(Admission admission, WebhookServer server, Settings first) {
        settings = first;
        verdicts.start();
        register(server);
        repeat(LOOK_AT_CERTIFICATE, () -> look(server));
        Duration every = options.sweepEvery();
        if (every != null) {
            var _ =
                    thread.scheduleWithFixedDelay(
                            () -> safely("sweep", () -> sweep(admission)),
                            0,
                            every.toSeconds(),
                            TimeUnit.SECONDS);
        }
    }

    private void repeat(Duration every, Runnable work) {
        var _ =
                thread.scheduleWithFixedDelay(
                        () -> safely("renewal", work),
                        every.toSeconds(),
                        every.toSeconds(),
                        TimeUnit.SECONDS);
    }

    /// A scheduler drops a task that throws, and with it every later renewal.
    private static void safely(String what, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("the {} failed and is tried again: {}", what, e.getMessage());
        }
    }

    private void look(WebhookServer server) {
        Certificates before = certificates;
        if (before != null) {
            Certificates now = renewed();
            certificates = now;
            // The authority is told before anything that it issued is served.
            register(server);
            if (!now.served().chainPem().equals(before.served().chainPem())) {
                server.renew(certificate());
                LOG.info("the certificate was renewed");
            }
        } else {
            register(server);
        }
    }

    private void register(WebhookServer server) {
        String authorities = certificates == null ? options.authority() : certificates.bundlePem();
        cluster.register(
                new Registration(
                        settings, at(server).trusting(authorities), List.of(options.namespace())));
    }

    /// A URL without a port is that of the listener: tests and development listen on any.
    private Reachable at(WebhookServer server) {
        return options.reachable() instanceof Reachable.Url url && url.base().isEmpty()
                ? new Reachable.Url(server.url(), "")
                : options.reachable();
    }

    void settingsChanged(Settings changed, WebhookServer server) {
        thread.execute(() ->
                safely(
                        "registration",
                        () -> {
                            settings = changed;
                            register(server);
                        }));
    }

    private void sweep(Admission admission) {
        VerdictIndex index = verdicts.index();
        Sweep sweep = new Sweep(cluster);
        for (StoredKind kind : StoredKind.values()) {
            Set<StoredName> before = index.names(kind);
            Set<StoredName> there = new HashSet<>();
            sweep.all(
                    kind == StoredKind.SECRET ? "secrets" : "configmaps",
                    object -> {
                        there.add(name(kind, object));
                        admission.sweptStored(kind, object);
                    });
            before.stream()
                    .filter(name -> !there.contains(name))
                    .forEach(name -> index.saw(name, new Observation.Gone()));
        }
        sweep.all("pods", admission::sweptPod);
        swept = true;
    }

    private static StoredName name(StoredKind kind, JsonNode object) {
        JsonNode metadata = object.path("metadata");
        return new StoredName(
                kind, metadata.path("namespace").asText(), metadata.path("name").asText());
    }

    /// Why reviews should not be sent here yet; empty: they may be.
    String unready() {
        String unshared = verdicts.unready();
        if (!unshared.isEmpty()) {
            return unshared;
        }
        return options.sweepEvery() == null || swept ? "" : "the first sweep is not through";
    }

    @Override
    public void close() {
        thread.shutdownNow();
        verdicts.close();
        cluster.close();
    }
}
