package dev.tollbridge.webhook.serve;

import dev.tollbridge.webhook.admission.Admission;
import dev.tollbridge.webhook.admission.Admission.Rules;
import dev.tollbridge.webhook.admission.Sighting;
import dev.tollbridge.webhook.approval.OwnDocuments;
import dev.tollbridge.webhook.decide.Concern;
import dev.tollbridge.webhook.decide.Ruled;
import dev.tollbridge.webhook.detect.Fingerprints;
import dev.tollbridge.webhook.http.Certificate;
import dev.tollbridge.webhook.http.ManagementPorts;
import dev.tollbridge.webhook.http.ManagementServer;
import dev.tollbridge.webhook.http.Reviews;
import dev.tollbridge.webhook.http.WebhookServer;
import dev.tollbridge.webhook.index.VerdictIndex;
import dev.tollbridge.webhook.metrics.WebhookMetrics;
import dev.tollbridge.webhook.review.AdmissionAnswer;
import dev.tollbridge.webhook.review.AdmissionRequest;
import dev.tollbridge.webhook.tls.Authority;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The webhook, wired.
public final class Webhook implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
    private static final Duration OWN_CERTIFICATE = Duration.ofDays(365);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final InstantSource clock;
    private final WebhookMetrics metrics;
    private final FindingsList findings = new FindingsList();
    private final WebhookServer server;
    private final ManagementServer management;
    private final @Nullable InCluster inCluster;
    private final @Nullable AdmissionEvents events;
    private volatile Rules rules;
    private volatile boolean settingsStale;

    /// @throws UncheckedIOException in words for the operator
    public static Webhook start(WebhookOptions options, Rules rules) {
        return new Webhook(options, rules, InstantSource.system());
    }

    private Webhook(WebhookOptions options, Rules rules, InstantSource clock) {
        this.clock = clock;
        this.rules = rules;
        try {
            metrics = opened(new WebhookMetrics());
            Vertx vertx = vertx();
            parts.push(() -> vertx.close().await());

            // What judges, and what is known.
            CertificateFiles files =
                    options.tls() == null
                            ? null
                            : new CertificateFiles(
                                    options.tls().certificate(), options.tls().key());
            inCluster =
                    options.cluster() == null
                            ? null
                            : opened(new InCluster(options.cluster(), files != null, clock));
            events =
                    inCluster == null
                            ? null
                            : new AdmissionEvents(inCluster::warn, metrics::eventDropped);
            Certificate certificate =
                    files != null
                            ? files.current()
                            : inCluster != null ? inCluster.certificate() : ownCertificate(options);
            VerdictIndex index = inCluster == null ? new VerdictIndex() : inCluster.index();
            Admission admission =
                    new Admission(
                            () -> this.rules,
                            options.detectors()
                                    .apply(fingerprints(options, certificate, inCluster)),
                            index,
                            false,
                            this::saw,
                            this::failed,
                            clock);
            metrics.gauge(
                    "tollbridge.webhook.index.objects",
                    "Secrets and ConfigMaps with a known verdict.",
                    index::size);
            metrics.gauge(
                    "tollbridge.webhook.index.findings",
                    "Of these, those with a finding or a part that cannot be inspected.",
                    index::tellingSize);

            if (inCluster != null) {
                metrics.gauge(
                        "tollbridge.webhook.verdicts.unshared",
                        "Verdicts that other replicas do not know yet.",
                        inCluster::unwritten);
                metrics.gauge(
                        "tollbridge.webhook.leads",
                        "1 while this replica sweeps and repairs for all.",
                        () -> inCluster.leads() ? 1 : 0);
            }
            metrics.gauge(
                    "tollbridge.config.stale",
                    "1 while the last edit of the settings is refused.",
                    () -> settingsStale ? 1 : 0);

            // The doors.
            server =
                    opened(
                            new WebhookServer(
                                    vertx,
                                    options.listen(),
                                    options.limits(),
                                    certificate,
                                    options.clientCa() == null
                                            ? null
                                            : CertificateFiles.text(options.clientCa()),
                                    timed("validate", validating(admission)),
                                    timed("mutate", mutating(admission)),
                                    metrics::turnedAway));
            server.start();
            metrics.gauge(
                    "tollbridge.webhook.in.flight",
                    "Reviews being received, waiting or judged.",
                    server::inFlight);
            management =
                    opened(
                            new ManagementServer(
                                    vertx,
                                    options.management(),
                                    new ManagementPorts(
                                            this::unready,
                                            metrics::scrape,
                                            findings::json,
                                            operator(options))));
            if (files != null) {
                watch(files);
            }
            if (inCluster != null && events != null) {
                inCluster.follow(this::apply, this::settingsStale);
                inCluster.start(
                        admission, server, () -> this.rules, new SweepFigures(metrics), events);
            }
        } catch (IOException e) {
            close();
            throw new UncheckedIOException(e.getMessage(), e);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Reviews should be sent to whoever knows what is stored.
    private String unready() {
        return inCluster == null ? "" : inCluster.unready();
    }

    private static Vertx vertx() {
        return Vertx.builder()
                .with(
                        new VertxOptions()
                                .setPreferNativeTransport(true)
                                .setFileSystemOptions(
                                        new FileSystemOptions()
                                                .setFileCachingEnabled(false)
                                                .setClassPathResolvingEnabled(false)))
                .build();
    }

    /// Without a cluster nobody is told the authority but through the data folder.
    private Certificate ownCertificate(WebhookOptions options) throws IOException {
        Instant now = clock.instant();
        Authority authority = Authority.create(now, OWN_CERTIFICATE);
        Authority.Issued issued =
                authority.issue(
                        now,
                        OWN_CERTIFICATE,
                        List.of("localhost", "127.0.0.1", "::1", "tollbridge-webhook"));
        Path data = options.data();
        if (data != null) {
            Files.createDirectories(data);
            Path file = data.resolve("webhook-ca.crt");
            Files.writeString(file, authority.certificatePem());
            LOG.info("the authority of this start's own certificate is in {}", file);
        } else {
            LOG.warn(
                    "a certificate was made for this start, and nobody can know its authority: give"
                            + " --tls-cert and --tls-key, or --data to find it there");
        }
        return new Certificate(issued.chainPem(), issued.privateKeyPem());
    }

    /// The key should outlive a restart, or else exemptions that pin a fingerprint end with it, and
    /// replicas have to share it. A cluster keeps one; without a cluster the data folder does;
    /// where only a TLS key is given, it is derived from that.
    private static Fingerprints fingerprints(
            WebhookOptions options, Certificate certificate, @Nullable InCluster inCluster)
            throws IOException {
        if (inCluster != null) {
            return Fingerprints.keyed(inCluster.sharedKey());
        }
        if (options.data() != null) {
            return Fingerprints.keyed(
                    new PrivateFiles(options.data())
                            .readOrMake("fingerprint-key")
                            .getBytes(StandardCharsets.UTF_8));
        }
        if (options.tls() != null) {
            return Fingerprints.keyed(
                    sha256("tollbridge fingerprints\n" + certificate.privateKeyPem()));
        }
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return Fingerprints.keyed(random);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static Predicate<String> operator(WebhookOptions options) throws IOException {
        if (options.data() == null) {
            return _ -> false;
        }
        byte[] expected = sha256(new PrivateFiles(options.data()).readOrMake("admin-token"));
        return bearer -> MessageDigest.isEqual(expected, sha256(bearer));
    }

    private void watch(CertificateFiles files) {
        ScheduledExecutorService scheduler =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("certificate").factory());
        parts.push(scheduler::shutdownNow);
        var _ =
                scheduler.scheduleWithFixedDelay(
                        () -> files.look(server::renew),
                        LOOK_AGAIN.toMillis(),
                        LOOK_AGAIN.toMillis(),
                        TimeUnit.MILLISECONDS);
        metrics.gauge(
                "tollbridge.webhook.certificate.ends.seconds",
                "Unix time at which the served certificate ends.",
                () -> Pem.ends(files.current()).getEpochSecond());
    }

    /// What may be stored.
    private Reviews validating(Admission admission) {
        return own(admission::validate, OwnDocuments::judge, OwnDocuments::unknown);
    }

    /// What is changed. Without a stamp an exemption does not hold: nothing is lost by letting the
    /// next pass decide.
    private Reviews mutating(Admission admission) {
        return own(admission::mutate, OwnDocuments::stamp, _ -> AdmissionAnswer.allow());
    }

    /// Documents of the webhook's own go another way than everything else.
    private Reviews own(
            Reviews others,
            BiFunction<OwnDocuments, AdmissionRequest, AdmissionAnswer> way,
            Function<OwnDocuments, AdmissionAnswer> afterFault) {
        OwnDocuments own = inCluster == null ? null : inCluster.ownDocuments();
        if (own == null) {
            return others;
        }
        return request -> {
            if (!OwnDocuments.areAskedAbout(request)) {
                return others.answer(request);
            }
            try {
                return way.apply(own, request);
            } catch (RuntimeException fault) {
                failed(request, fault);
                return afterFault.apply(own);
            }
        };
    }

    private Reviews timed(String door, Reviews reviews) {
        return request -> {
            long since = System.nanoTime();
            AdmissionAnswer answer = reviews.answer(request);
            metrics.answered(door, answer.allowed(), Duration.ofNanos(System.nanoTime() - since));
            return answer;
        };
    }

    private void saw(Sighting sighting) {
        findings.saw(sighting);
        if (events != null) {
            events.saw(sighting);
        }
        metrics.decided(sighting.ruling().mode().written(), sighting.ruling().decision());
        for (Ruled ruled : sighting.ruling().concerns()) {
            switch (ruled.concern()) {
                case Concern.Found found ->
                        metrics.found(found.finding().detector(), ruled.outcome().written());
                case Concern.Unknown _, Concern.Opaque _ ->
                        metrics.uninspectable(ruled.outcome().written());
                case Concern.Broken _ -> metrics.found("injection", ruled.outcome().written());
            }
        }
        if (!sighting.ruling().concerns().isEmpty()) {
            LOG.info(
                    "{} {} {} by {}: {} ({}), {} concerns",
                    sighting.occasion(),
                    sighting.ruling().subject(),
                    sighting.uid(),
                    sighting.user(),
                    sighting.ruling().decision(),
                    sighting.ruling().mode().written(),
                    sighting.ruling().concerns().size());
        }
    }

    /// By its class and place: a message may quote the object.
    private void failed(AdmissionRequest request, Throwable fault) {
        metrics.failed();
        StackTraceElement[] trace = fault.getStackTrace();
        LOG.error(
                "{} could not be judged: {} at {}",
                request,
                fault.getClass().getName(),
                trace.length == 0 ? "an unknown place" : trace[0]);
    }

    /// Puts other rules in force, for reviews from now on.
    public void apply(Rules changed) {
        rules = changed;
        if (inCluster != null) {
            inCluster.settingsChanged(changed.settings(), server);
        }
    }

    /// Whether the last edit of the settings could not be put in force.
    public void settingsStale(boolean stale) {
        settingsStale = stale;
    }

    public String url() {
        return server.url();
    }

    public String managementUrl() {
        return management.url();
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    /// Stops accepting, lets reviews in flight finish, ends the rest in the opposite order.
    @Override
    public void close() {
        @Nullable AutoCloseable part = parts.poll();
        while (part != null) {
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("{} did not close in order", part.getClass().getSimpleName());
            }
            part = parts.poll();
        }
    }
}
