package dev.tollbridge.webhook.serve;

import dev.tollbridge.webhook.admission.Admission;
import dev.tollbridge.webhook.admission.Admission.Rules;
import dev.tollbridge.webhook.approval.OwnDocuments;
import dev.tollbridge.webhook.approval.Stamps;
import dev.tollbridge.webhook.cluster.ApproveRights;
import dev.tollbridge.webhook.cluster.Cluster;
import dev.tollbridge.webhook.cluster.Leadership;
import dev.tollbridge.webhook.cluster.ObjectEvents;
import dev.tollbridge.webhook.cluster.SettingsResources;
import dev.tollbridge.webhook.cluster.SettingsStatus;
import dev.tollbridge.webhook.cluster.SharedVerdicts;
import dev.tollbridge.webhook.decide.Settings;
import dev.tollbridge.webhook.decide.Subject;
import dev.tollbridge.webhook.http.Certificate;
import dev.tollbridge.webhook.http.WebhookServer;
import dev.tollbridge.webhook.index.VerdictIndex;
import dev.tollbridge.webhook.registration.Reachable;
import dev.tollbridge.webhook.registration.Registration;
import dev.tollbridge.webhook.tls.Certificates;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the webhook does in its cluster beside answering: keeps its certificate and registration
/// right, follows its settings, and sweeps. On one thread for the first two and one for the sweep,
/// so that neither overlaps itself.
final class InCluster implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InCluster.class);
    private static final Duration LOOK_AT_CERTIFICATE = Duration.ofMinutes(5);
    private static final Duration LOOK_AT_SETTINGS = Duration.ofMillis(100);
    private static final Duration LOOK_AT_LEASE = Duration.ofMillis(250);
    private static final Duration WRITE_NOTES = Duration.ofSeconds(1);
    private static final int KEY_BYTES = 32;
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(30);

    private final WebhookOptions.InCluster options;
    private final Cluster cluster;
    private final SharedVerdicts verdicts;
    private final InstantSource clock;
    private final ScheduledExecutorService thread = thread("cluster");

    /// A sweep may take minutes, and an edit of the settings should not wait for it.
    private final ScheduledExecutorService sweeper = thread("sweep");

    private @Nullable Certificates certificates;
    private Settings settings = Settings.DEFAULT;
    private final String identity = identity();
    private final @Nullable Leadership leadership;
    private final @Nullable SettingsResources resources;
    private final @Nullable ApproveRights rights;
    private final byte[] sharedKey;
    private final Stamps stamps;
    private final ObjectEvents events;
    private final ScheduledExecutorService writer = thread("notes");
    private final AtomicBoolean moved = new AtomicBoolean(true);
    private Consumer<Rules> apply = _ -> {};
    private Consumer<Boolean> stale = _ -> {};
    private volatile boolean settled;
    private Instant nextSweep = Instant.MIN;
    private volatile boolean swept;

    /// @param given whether somebody else gives the certificate
    InCluster(WebhookOptions.InCluster options, boolean given, InstantSource clock) {
        this.options = options;
        this.clock = clock;
        this.cluster = Cluster.connect(options.kubeconfig());
        this.verdicts = new SharedVerdicts(cluster, options.namespace());
        this.leadership =
                options.sweepEvery() == null
                        ? null
                        : new Leadership(
                                cluster, options.namespace(), identity, options.leadership());
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        this.sharedKey = cluster.sharedKey(options.namespace(), random);
        this.stamps = Stamps.keyed(sharedKey);
        this.events = new ObjectEvents(cluster);
        this.resources =
                options.settings() == null
                        ? null
                        : new SettingsResources(cluster, stamps, () -> moved.set(true));
        this.rights = options.settings() == null ? null : new ApproveRights(cluster);
        this.certificates = given ? null : renewed();
    }

    /// Tells the webhook of settings that are custom resources.
    ///
    /// @param apply given what is to be in force
    void follow(Consumer<Rules> apply, Consumer<Boolean> stale) {
        this.apply = apply;
        this.stale = stale;
    }

    /// Who may approve exemptions; null where settings are no custom resources.
    @Nullable OwnDocuments ownDocuments() {
        return options.settings() == null || rights == null
                ? null
                : new OwnDocuments(options.settings(), rights, stamps);
    }

    /// Many changes at once are read once.
    private void look(SettingsResources from, SettingsDocuments documents) {
        if (!from.known() || !moved.getAndSet(false)) {
            return;
        }
        Rules read = documents.read(from.documents());
        stale.accept(documents.stale());
        if (read != null) {
            settled = true;
            apply.accept(read);
        }
    }

    /// Whether it is known what is to be in force. Before that nothing is registered: API servers
    /// would be told to enforce nowhere.
    private boolean isSettled() {
        return resources == null || settled;
    }

    /// The pod's name where there is one; restarted under the same, it is another replica.
    private static String identity() {
        String host = System.getenv("HOSTNAME");
        return (host == null || host.isEmpty() ? "webhook" : host) + "_" + UUID.randomUUID();
    }

    /// Whether this replica sweeps for all.
    boolean leads() {
        return leadership != null && leadership.leads();
    }

    /// What all replicas know.
    VerdictIndex index() {
        return verdicts.index();
    }

    int unwritten() {
        return verdicts.unwritten();
    }

    /// Shared by all replicas, and the same after a restart.
    byte[] sharedKey() {
        return sharedKey.clone();
    }

    /// Says it on an object that a review was about, which may never be stored.
    void warn(Subject subject, String reason, String message, Instant time) {
        events.warn(subject.kind(), subject.namespace(), subject.name(), "", reason, message, time);
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
    void start(
            Admission admission,
            WebhookServer server,
            Supplier<Rules> rules,
            SweepFigures figures,
            AdmissionEvents notes) {
        settings = rules.get().settings();
        verdicts.start();
        if (isSettled()) {
            register(server);
        }
        repeat(thread, "renewal", LOOK_AT_CERTIFICATE, () -> look(server));
        repeat(writer, "writing of events", WRITE_NOTES, notes::write);
        SettingsResources from = resources;
        SettingsDocuments documents = options.settings();
        if (from != null && documents != null) {
            from.start();
            repeat(
                    thread,
                    "reading of the settings",
                    LOOK_AT_SETTINGS,
                    () -> look(from, documents));
            SettingsStatus status = new SettingsStatus(cluster, from, documents, clock);
            repeat(writer, "writing of the settings' status", WRITE_NOTES, () -> write(status));
        }
        Duration every = options.sweepEvery();
        if (every != null && leadership != null) {
            leadership.start();
            SweepRound round =
                    new SweepRound(cluster, admission, verdicts.index(), rules, figures, clock);
            repeat(sweeper, "sweep", LOOK_AT_LEASE, () -> sweep(round, leadership, every));
        }
    }

    /// Where one replica leads, it writes for all; else each does, and finds that it is written.
    private void write(SettingsStatus status) {
        if (leadership == null || leadership.leads()) {
            status.write();
        }
    }

    private static ScheduledExecutorService thread(String name) {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }

    private static void repeat(
            ScheduledExecutorService thread, String what, Duration every, Runnable work) {
        var _ =
                thread.scheduleWithFixedDelay(
                        () -> safely(what, work),
                        every.toMillis(),
                        every.toMillis(),
                        TimeUnit.MILLISECONDS);
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
        if (!isSettled()) {
            return;
        }
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
                        settings,
                        at(server).trusting(authorities),
                        List.of(options.namespace()),
                        options.settings() != null));
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

    /// One replica sweeps; the others learn from the verdicts that are shared, and that it was
    /// done.
    private void sweep(SweepRound round, Leadership leader, Duration every) {
        if (!leader.leads()) {
            // Whoever takes over knows nothing of what runs, and looks at once.
            nextSweep = Instant.MIN;
            if (!swept) {
                swept = cluster.wasSwept(options.namespace());
            }
            return;
        }
        Instant now = clock.instant();
        if (!verdicts.unready().isEmpty() || !isSettled() || now.isBefore(nextSweep)) {
            return;
        }
        // Where it fails it is tried again soon, and not at once.
        nextSweep = now.plus(every.compareTo(AFTER_FAILURE) < 0 ? every : AFTER_FAILURE);
        round.run();
        cluster.swept(options.namespace(), identity, clock.instant());
        swept = true;
        nextSweep = now.plus(every);
    }

    /// Why reviews should not be sent here yet; empty: they may be.
    String unready() {
        if (resources != null && !settled) {
            String trouble = resources.trouble();
            return "the settings are not known yet" + (trouble.isEmpty() ? "" : ": " + trouble);
        }
        String unshared = verdicts.unready();
        if (!unshared.isEmpty()) {
            return unshared;
        }
        return options.sweepEvery() == null || swept ? "" : "the first sweep is not through";
    }

    @Override
    public void close() {
        thread.shutdownNow();
        sweeper.shutdownNow();
        writer.shutdownNow();
        if (leadership != null) {
            leadership.close();
        }
        if (resources != null) {
            resources.close();
        }
        if (rights != null) {
            rights.close();
        }
        verdicts.close();
        cluster.close();
    }
}
