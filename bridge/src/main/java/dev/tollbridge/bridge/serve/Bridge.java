package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.audit.FileChannelDisk;
import dev.tollbridge.bridge.audit.Ids;
import dev.tollbridge.bridge.cluster.ClusterClients;
import dev.tollbridge.bridge.cluster.ClusterTokenReviewer;
import dev.tollbridge.bridge.cluster.KubernetesOperators;
import dev.tollbridge.bridge.config.Loaded;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.TokenReviewSource;
import dev.tollbridge.bridge.exchange.ExchangeSteps;
import dev.tollbridge.bridge.exchange.SessionExchange;
import dev.tollbridge.bridge.exchange.TokenExchange;
import dev.tollbridge.bridge.fetch.GuardedFetcher;
import dev.tollbridge.bridge.http.AdminToken;
import dev.tollbridge.bridge.http.BridgePorts;
import dev.tollbridge.bridge.http.BridgeServer;
import dev.tollbridge.bridge.http.EventLoops;
import dev.tollbridge.bridge.http.ListenerSettings;
import dev.tollbridge.bridge.http.ManagementServer;
import dev.tollbridge.bridge.http.Published;
import dev.tollbridge.bridge.http.ServerLimits;
import dev.tollbridge.bridge.issuer.PresetCatalogue;
import dev.tollbridge.bridge.ledger.IssuanceState;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.ledger.file.FileLedger;
import dev.tollbridge.bridge.ledger.file.FileLedgerSettings;
import dev.tollbridge.bridge.lifecycle.LedgerIntrospection;
import dev.tollbridge.bridge.lifecycle.LedgerRevocation;
import dev.tollbridge.bridge.lifecycle.PodIssuances;
import dev.tollbridge.bridge.lifecycle.PodLedger;
import dev.tollbridge.bridge.lifecycle.ProviderEnding;
import dev.tollbridge.bridge.metrics.BridgeMetrics;
import dev.tollbridge.bridge.mint.Minters;
import dev.tollbridge.bridge.mint.Pause;
import dev.tollbridge.bridge.operator.OperatorCheck;
import dev.tollbridge.bridge.outlet.Outlets;
import dev.tollbridge.bridge.policy.PolicySet;
import dev.tollbridge.bridge.rules.LiveRules;
import dev.tollbridge.bridge.rules.Rules;
import dev.tollbridge.bridge.rules.RulesCompiler;
import dev.tollbridge.bridge.session.Sessions;
import dev.tollbridge.bridge.signing.CryptoProvider;
import dev.tollbridge.bridge.signing.DiscoveryDocuments;
import dev.tollbridge.bridge.signing.Keyring;
import dev.tollbridge.bridge.signing.OwnIssuer;
import dev.tollbridge.bridge.token.DpopNonces;
import dev.tollbridge.bridge.token.DpopVerifier;
import dev.tollbridge.bridge.token.DpopVerifier.NoncePolicy;
import dev.tollbridge.bridge.token.IdentityReader;
import dev.tollbridge.bridge.token.TokenParser;
import dev.tollbridge.bridge.token.TokenVerifier;
import dev.tollbridge.bridge.token.keys.JwksIssuerKeys;
import dev.tollbridge.bridge.token.keys.KeyAdmission;
import dev.tollbridge.bridge.token.keys.KeyTimings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The bridge, wired: the table of contents of everything else.
///
/// Started in the order in which an exchange needs the parts, closed in the opposite one.
public final class Bridge implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Bridge.class);

    /// How long a start waits for issuers' keys. Whoever is slower is asked again in the
    /// background; the bridge is ready without them.
    private static final Duration WARM_UP = Duration.ofMillis(500);

    private static final Duration TIDY_EVERY = Duration.ofSeconds(15);

    /// What was issued to pods before a start: a pod's credential lives an hour as a rule.
    private static final Duration RECENT = Duration.ofHours(2);

    private static final int MOST_RECENT = 1_000;

    private static final Duration RECORD_DEADLINE = Duration.ofSeconds(2);

    private final Closing closing = new Closing();
    private final BridgeServer server;
    private final ManagementServer management;
    private final String externalUrl;

    /// @throws InvalidConfiguration when the documents or settings cannot be put in force
    /// @throws dev.tollbridge.bridge.audit.JournalProblem when the record is damaged or in use
    public static Bridge start(ServeSettings settings) {
        return start(settings, InstantSource.system());
    }

    /// By another clock than the machine's, for tests of hours.
    ///
    /// @throws InvalidConfiguration as {@link #start(ServeSettings)}
    /// @throws dev.tollbridge.bridge.audit.JournalProblem as {@link #start(ServeSettings)}
    public static Bridge start(ServeSettings settings, InstantSource clock) {
        return new Bridge(settings, clock);
    }

    private Bridge(ServeSettings settings, InstantSource clock) {
        try {
            HeldPort port = closing.add(HeldPort.of(settings.listener()));
            ListenerSettings listener = port.listener();
            externalUrl = externalUrl(settings, listener);

            // Slow to get ready and needed by no other part: on the other core, meanwhile.
            CompletableFuture<CryptoProvider> cryptography =
                    CompletableFuture.supplyAsync(CryptoProvider::install, Bridge::besides);
            besides(PolicySet::warmUp);

            ExecutorService threads = closing.add(Executors.newVirtualThreadPerTaskExecutor());
            ScheduledExecutorService scheduler =
                    closing.add(
                            Executors.newSingleThreadScheduledExecutor(
                                    Thread.ofPlatform().daemon().name("schedule").factory()));
            BridgeMetrics metrics = closing.add(new BridgeMetrics());
            EventLoops loops = closing.add(EventLoops.start());

            // Before the first key is touched.
            LOG.info("cryptography: {}", cryptography.join());

            // What is believed, and who may have what.
            ClusterClients clusters = closing.add(new ClusterClients());
            DocumentSource documents = closing.add(documents(settings, clusters, clock));
            RulesCompiler compiler =
                    new RulesCompiler(
                            PresetCatalogue.shipped(),
                            externalUrl,
                            documents.folder(),
                            clock,
                            settings.endpoints()::contains);
            LiveRules.First started = documents.first(compiler);
            Rules first = started.rules();

            // What has been issued, and to whom.
            FileLedger record =
                    closing.add(
                            FileLedger.open(
                                    settings.data(),
                                    FileLedgerSettings.standard(clock)
                                            .withDisk(
                                                    new MeasuredDisk(
                                                            new FileChannelDisk(), metrics))));
            PodIssuances pods = new PodIssuances(clock);
            OpenedLedger opened =
                    OpenedLedger.open(
                            settings, record, clusters, scheduler, threads, clock, RECORD_DEADLINE);
            Ledger ledger = new PodLedger(opened.ledger(), pods);
            closing.add(ledger);
            Notes notes = new Notes(record.trail(), clock);

            // Whose keys verify, and whose sign.
            GuardedFetcher fetcher = closing.add(new GuardedFetcher(loops.vertx()));
            JwksIssuerKeys issuerKeys =
                    closing.add(
                            new JwksIssuerKeys(
                                    fetcher,
                                    clock,
                                    KeyTimings.DEFAULT,
                                    settings.data().resolve("jwks")));
            Keyring keyring =
                    closing.add(
                            SigningKeys.open(
                                    settings.stores().keys(),
                                    settings.data(),
                                    clusters,
                                    clock,
                                    notes::key));
            AtomicReference<Rules> known = new AtomicReference<>(first);
            Providers providers =
                    closing.add(
                            new Providers(
                                    loops.vertx(),
                                    keyring,
                                    externalUrl,
                                    settings.endpoints(),
                                    clock,
                                    threads,
                                    clusters,
                                    audience -> trusts(known.get(), audience),
                                    metrics));
            Minters minters = providers.minters();

            Outlets outlets =
                    closing.add(
                            new RecordOutlets(
                                            settings.data(),
                                            record,
                                            fetcher,
                                            settings.endpoints(),
                                            metrics)
                                    .of(settings.audit()));
            outlets.start();
            Duration kept = settings.audit().retention();
            if (kept != null) {
                Retention retention =
                        new Retention(record, keyring.signer(OwnIssuer.BRIDGE), kept, clock);
                var _ =
                        scheduler.scheduleWithFixedDelay(
                                () -> threads.execute(retention),
                                Retention.FIRST.toSeconds(),
                                Retention.PERIOD.toSeconds(),
                                TimeUnit.SECONDS);
            }

            // The rules in force, and everything that follows them.
            DeniedSince denied = new DeniedSince(clock);
            RulesFollowers followers =
                    new RulesFollowers(
                            issuerKeys, minters, new KillSwitches(ledger), denied, notes);
            followers.follow(Rules.none(), first);
            LiveRules live =
                    new LiveRules(
                            compiler,
                            started,
                            documents::lookedAt,
                            settings.config().within(),
                            clock,
                            (before, after) -> {
                                known.set(after);
                                followers.follow(before, after);
                            });
            Gauges gauges = new Gauges(metrics, live, issuerKeys, ledger, record);
            gauges.register();
            Consumer<Loaded> edited =
                    loaded -> {
                        live.accept(loaded);
                        metrics.configReload(live.refusedEdit().isEmpty() ? "applied" : "refused");
                        live.inForce().issuers().enabled().keySet().forEach(gauges::register);
                    };

            // The exchange.
            SecureRandom random = new SecureRandom();
            Ids ids = new Ids(clock, random);
            ExchangeSteps steps =
                    new ExchangeSteps(
                            live,
                            new TokenParser(),
                            new TokenVerifier(
                                    issuerKeys, new ClusterTokenReviewer(clusters), clock),
                            new IdentityReader(),
                            new DpopVerifier(
                                    KeyAdmission::admitProofKey,
                                    new DpopNonces(clock, random),
                                    settings.requireDpopNonce()
                                            ? NoncePolicy.REQUIRED
                                            : NoncePolicy.OPTIONAL),
                            settings.limits(),
                            ledger,
                            record.trail(),
                            minters,
                            ids,
                            clock,
                            System::nanoTime,
                            RECORD_DEADLINE,
                            threads);
            TokenExchange exchange = new TokenExchange(steps);
            ProviderEnding ending =
                    closing.add(
                            new ProviderEnding(
                                    minters,
                                    name -> live.inForce().targets().byName(name),
                                    record.trail(),
                                    ProviderEnding.Limits.DEFAULT,
                                    Pause.SLEEPING,
                                    clock));
            LedgerRevocation revocation =
                    new LedgerRevocation(
                            keyring.publicKeys(OwnIssuer.BRIDGE),
                            externalUrl,
                            keyring.handleKey(),
                            ledger,
                            ending,
                            clock);
            Sessions sessions =
                    new Sessions(
                            keyring.handleKey(),
                            opened.sessions().apply(keyring.handleKey()),
                            (issuance, by) -> {
                                var _ = revocation.revokeIssuance(issuance, by);
                            },
                            new CountedSessions(metrics),
                            clock);
            SessionExchange jobs = new SessionExchange(steps, sessions);
            gauges.sessions(sessions);
            if (settings.revokeWithPods()) {
                PodLives lives =
                        closing.add(
                                new PodLives(
                                        clusters,
                                        pods,
                                        ledger,
                                        revocation,
                                        () -> recent(ledger, clock)));
                OneAtATime.repeat(
                        () -> lives.turn(live.inForce().issuers().enabled().values()),
                        PodLives.EVERY,
                        scheduler,
                        threads);
            }
            LedgerIntrospection introspection =
                    new LedgerIntrospection(
                            keyring.publicKeys(OwnIssuer.BRIDGE),
                            externalUrl,
                            ledger,
                            new StillGranted(live, denied).negate(),
                            clock);

            // The doors.
            OperatorCheck operators = operators(settings, clusters, threads);
            DiscoveryDocuments discovery =
                    new DiscoveryDocuments(externalUrl, DpopVerifier.ALGORITHMS);
            server =
                    new BridgeServer(
                            loops,
                            listener,
                            ServerLimits.DEFAULT,
                            new BridgePorts(
                                    exchange,
                                    jobs,
                                    revocation,
                                    introspection,
                                    exchange::turnedAway,
                                    operators,
                                    published(discovery, keyring),
                                    () -> externalUrl,
                                    settings.explainForCallers()),
                            metrics,
                            clock);
            Overview overview = new Overview(live, issuerKeys, keyring, ledger, metrics);
            management =
                    new ManagementServer(
                            loops,
                            listener.beside(settings.management()),
                            ServerLimits.DEFAULT,
                            overview.ports(revocation, jobs, operators));

            issuerKeys.start(scheduler);
            issuerKeys.warm(WARM_UP);
            documents.follow(scheduler, threads, edited);
            documents.report(live, issuerKeys, scheduler, threads);
            keyring.watch();
            tidy(providers, live, ledger, scheduler, threads, clock);
            OneAtATime.repeat(
                    () -> {
                        sessions.sweep();
                        jobs.follow(live.inForce());
                    },
                    TIDY_EVERY,
                    scheduler,
                    threads);
            management.start();
            closing.add(management);
            port.close();
            server.start();
            closing.add(server);
        } catch (IOException e) {
            closing.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            closing.close();
            throw e;
        }
    }

    private static void besides(Runnable task) {
        Thread.ofPlatform().daemon().start(task);
    }

    /// Takes away what ended at providers, what an earlier process left there included. Never in
    /// the way of a start.
    private static void tidy(
            Providers providers,
            LiveRules live,
            Ledger ledger,
            ScheduledExecutorService scheduler,
            ExecutorService threads,
            InstantSource clock) {
        Runnable first =
                () -> providers.remember(live.inForce().targets().all(), ledger, clock.instant());
        threads.execute(first);
        OneAtATime.repeat(providers::tidy, TIDY_EVERY, scheduler, threads);
    }

    private static List<IssuanceState> recent(Ledger ledger, InstantSource clock) {
        return ledger.list(
                new Ledger.Query(null, null, clock.instant().minus(RECENT), MOST_RECENT));
    }

    private static boolean trusts(Rules rules, String audience) {
        return rules.issuers().enabled().values().stream()
                .anyMatch(issuer -> issuer.audience().equals(audience));
    }

    private static DocumentSource documents(
            ServeSettings settings, ClusterClients clusters, InstantSource clock) {
        return switch (settings.config()) {
            case DocumentsFrom.Folder(Path folder, _) -> new FolderDocuments(folder, clock);
            case DocumentsFrom.Cluster cluster ->
                    new ResourceDocuments(cluster, clusters, settings.data(), clock);
        };
    }

    /// The token file first: it costs nothing to look at, and works when no cluster does.
    private OperatorCheck operators(
            ServeSettings settings, ClusterClients clusters, Executor threads) throws IOException {
        AdminToken file = AdminToken.openOrCreate(settings.data());
        TokenReviewSource cluster = settings.operators();
        if (cluster == null) {
            return file;
        }
        try {
            return file.or(
                    KubernetesOperators.of(
                            clusters, cluster, externalUrl, System::nanoTime, threads));
        } catch (IllegalArgumentException e) {
            throw InvalidConfiguration.because(String.valueOf(e.getMessage()));
        }
    }

    private static Published published(DiscoveryDocuments discovery, Keyring keyring) {
        byte[] bridge = discovery.openidConfiguration(OwnIssuer.BRIDGE);
        byte[] federation = discovery.openidConfiguration(OwnIssuer.FEDERATION);
        return new Published(
                () -> bridge,
                keyring.publicKeys(OwnIssuer.BRIDGE)::jwks,
                () -> federation,
                keyring.publicKeys(OwnIssuer.FEDERATION)::jwks);
    }

    private static String externalUrl(ServeSettings settings, ListenerSettings listener) {
        String given = settings.externalUrl();
        if (given != null) {
            return given;
        }
        String scheme = listener.tls() == null ? "http" : "https";
        return scheme + "://" + listener.address().authority(listener.address().port());
    }

    /// The public listener's own URL.
    public String url() {
        return server.url();
    }

    /// The management listener's URL.
    public String managementUrl() {
        return management.url();
    }

    /// Drains: accepts nothing more, finishes what is in flight, writes the last records.
    @Override
    public void close() {
        closing.close();
    }
}
