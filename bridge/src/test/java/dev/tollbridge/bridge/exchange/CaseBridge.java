package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.audit.Ids;
import dev.tollbridge.bridge.config.ConfigDirectory;
import dev.tollbridge.bridge.config.Problem;
import dev.tollbridge.bridge.fetch.GuardedFetcher;
import dev.tollbridge.bridge.http.BridgePorts;
import dev.tollbridge.bridge.http.BridgeServer;
import dev.tollbridge.bridge.http.EventLoops;
import dev.tollbridge.bridge.http.ListenerSettings;
import dev.tollbridge.bridge.http.Published;
import dev.tollbridge.bridge.http.ServerLimits;
import dev.tollbridge.bridge.issuer.PresetCatalogue;
import dev.tollbridge.bridge.ledger.file.FileLedger;
import dev.tollbridge.bridge.ledger.file.FileLedgerSettings;
import dev.tollbridge.bridge.lifecycle.LedgerIntrospection;
import dev.tollbridge.bridge.lifecycle.LedgerRevocation;
import dev.tollbridge.bridge.lifecycle.ProviderSide;
import dev.tollbridge.bridge.metrics.BridgeMetrics;
import dev.tollbridge.bridge.mint.CredentialMinter;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.Minters;
import dev.tollbridge.bridge.mint.jwt.JwtMinter;
import dev.tollbridge.bridge.operator.OperatorVerdict;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.rules.Rules;
import dev.tollbridge.bridge.rules.RulesCompiler;
import dev.tollbridge.bridge.session.RecordedSessions;
import dev.tollbridge.bridge.session.SessionObserver;
import dev.tollbridge.bridge.session.SessionRecord;
import dev.tollbridge.bridge.session.Sessions;
import dev.tollbridge.bridge.signing.Keyring;
import dev.tollbridge.bridge.signing.KeyringSettings;
import dev.tollbridge.bridge.signing.OwnIssuer;
import dev.tollbridge.bridge.token.DpopNonces;
import dev.tollbridge.bridge.token.DpopVerifier;
import dev.tollbridge.bridge.token.DpopVerifier.NoncePolicy;
import dev.tollbridge.bridge.token.IdentityReader;
import dev.tollbridge.bridge.token.TokenParser;
import dev.tollbridge.bridge.token.TokenReviewer;
import dev.tollbridge.bridge.token.TokenVerifier;
import dev.tollbridge.bridge.token.keys.JwksIssuerKeys;
import dev.tollbridge.bridge.token.keys.KeyAdmission;
import dev.tollbridge.bridge.token.keys.KeyTimings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// The bridge as `serve` wires it, around one case: its clock, its documents, real parts all the
/// way, and a count of what was minted.
final class CaseBridge implements AutoCloseable {

    static final String EXTERNAL = "https://bridge.acme.example";

    private static final Set<String> MEMBERS =
            Set.of("reviewer", "ledger", "minter", "limits", "dpopNonce");

    /// What all cases share, because it is slow to make and holds nothing of a case.
    static final class Shared implements AutoCloseable {
        private final EventLoops loops = EventLoops.start(1);
        private final GuardedFetcher fetcher = new GuardedFetcher(loops.vertx());
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final Keyring keyring;

        Shared(Path folder) {
            keyring = Keyring.open(folder, KeyringSettings.DEFAULT, InstantSource.system());
        }

        @Override
        public void close() {
            fetcher.close();
            keyring.close();
            threads.close();
            loops.close();
        }
    }

    /// What was wrong with the documents; the bridge does not start with them.
    static final class Unloadable extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final List<String> rules;

        Unloadable(List<Problem> problems) {
            super(problems.toString());
            rules = problems.stream().map(Problem::rule).toList();
        }

        List<String> rules() {
            return rules;
        }
    }

    private final Path data;
    private final BridgeMetrics metrics = new BridgeMetrics();
    private final JwksIssuerKeys keys;
    private final FileLedger ledger;
    private final CountingMinter minter;
    private final TokenExchange exchange;
    private final SessionExchange sessions;
    private final BridgeServer server;
    private final Keyring keyring;

    CaseBridge(CaseFile file, CaseValues values, Instant now, Path folder, Shared shared)
            throws IOException {
        Map<String, @Nullable Object> bridge = file.part("bridge");
        CaseFile.known(bridge, MEMBERS, "bridge");
        data = Files.createDirectories(folder.resolve("data"));
        Path config = folder.resolve("config");
        CaseDocuments.write(file, values, config);
        InstantSource clock = InstantSource.fixed(now);

        RulesCompiler.Compiled compiled =
                new RulesCompiler(PresetCatalogue.shipped(), EXTERNAL, config, clock)
                        .compile(new ConfigDirectory(clock).load(config));
        if (!compiled.acceptable()) {
            throw new Unloadable(compiled.problems());
        }
        Rules rules = compiled.rules();
        keyring = shared.keyring;
        keys = new JwksIssuerKeys(shared.fetcher, clock, KeyTimings.DEFAULT, data.resolve("jwks"));
        keys.configure(rules.issuers().enabled().values());
        keys.warm(Duration.ofMillis(500));
        ledger = FileLedger.open(data, FileLedgerSettings.standard(clock));
        String behaviour = String.valueOf(bridge.get("minter"));
        minter =
                new CountingMinter(
                        minter(
                                behaviour,
                                new JwtMinter(keyring.signer(OwnIssuer.BRIDGE), EXTERNAL)));
        ExchangeSteps steps =
                new ExchangeSteps(
                        () -> rules,
                        new TokenParser(),
                        new TokenVerifier(
                                keys, reviewer(String.valueOf(bridge.get("reviewer"))), clock),
                        new IdentityReader(),
                        new DpopVerifier(
                                KeyAdmission::admitProofKey,
                                new DpopNonces(clock, new SecureRandom()),
                                "required".equals(bridge.get("dpopNonce"))
                                        ? NoncePolicy.REQUIRED
                                        : NoncePolicy.OPTIONAL),
                        limits(bridge),
                        ledger,
                        ledger.trail(),
                        new Minters(
                                List.of(
                                        minter,
                                        minter.beside(minter(behaviour, new KeysMinter())))),
                        new Ids(clock, new SecureRandom()),
                        clock,
                        System::nanoTime,
                        Duration.ofSeconds(2),
                        shared.threads);
        exchange = new TokenExchange(steps);
        sessions =
                new SessionExchange(
                        steps,
                        new Sessions(
                                keyring.handleKey(),
                                new RecordedSessions(
                                        keyring.handleKey(),
                                        ledger.sessionLines(),
                                        new SessionRecord(ledger.trail(), Duration.ofSeconds(2)),
                                        clock.instant()),
                                (_, _) -> {},
                                SessionObserver.NONE,
                                clock));
        server = server(shared, clock);
        if ("closed".equals(bridge.get("ledger"))) {
            ledger.close();
        }
        server.start();
    }

    private BridgeServer server(Shared shared, InstantSource clock) {
        return new BridgeServer(
                shared.loops,
                ListenerSettings.local(0),
                ServerLimits.DEFAULT,
                new BridgePorts(
                        exchange,
                        sessions,
                        new LedgerRevocation(
                                keyring.publicKeys(OwnIssuer.BRIDGE),
                                EXTERNAL,
                                keyring.handleKey(),
                                ledger,
                                ProviderSide.NONE,
                                clock),
                        new LedgerIntrospection(
                                keyring.publicKeys(OwnIssuer.BRIDGE),
                                EXTERNAL,
                                ledger,
                                _ -> false,
                                clock),
                        exchange::turnedAway,
                        (_, _) -> new OperatorVerdict.Nobody(),
                        new Published(
                                () -> new byte[0],
                                () -> new byte[0],
                                () -> new byte[0],
                                () -> new byte[0]),
                        () -> EXTERNAL,
                        true),
                metrics,
                clock);
    }

    private static IssuanceLimits limits(Map<String, @Nullable Object> bridge) {
        double each = IssuanceLimits.UNLIMITED;
        Map<String, @Nullable Object> limits = CaseFile.map(bridge.get("limits"));
        CaseFile.known(limits, Set.of("perSubject", "perTarget", "perIssuer"), "limits");
        return new IssuanceLimits(
                limits.get("perIssuer") instanceof Integer n ? n : each,
                limits.get("perSubject") instanceof Integer n ? n : each,
                limits.get("perTarget") instanceof Integer n ? n : each,
                each,
                each);
    }

    private static TokenReviewer reviewer(String answer) {
        return switch (answer) {
            case "gone" ->
                    (_, _) -> {
                        throw new Refusal(RefusalReason.SUBJECT_GONE, "the pod is gone");
                    };
            case "away" ->
                    (_, _) -> {
                        throw new Refusal(
                                RefusalReason.ISSUER_UNAVAILABLE,
                                "no answer",
                                Duration.ofSeconds(1));
                    };
            // As an HTTP library does: the message quotes what was sent.
            case "throws" ->
                    (_, token) -> {
                        throw new IllegalStateException("cannot parse " + token.reveal());
                    };
            case "alive", "null" -> (_, _) -> {};
            default -> throw new IllegalArgumentException("no reviewer " + answer);
        };
    }

    private static CredentialMinter minter(String behaviour, CredentialMinter real) {
        return switch (behaviour) {
            case "null" -> real;
            case "throws" ->
                    FailingMinter.of(
                            real,
                            credential -> {
                                throw new IllegalStateException(
                                        "unexpected " + credential.value().reveal());
                            });
            case "refused" ->
                    FailingMinter.of(
                            real,
                            _ -> {
                                throw new MintFailure(
                                        RefusalReason.TARGET_REFUSED,
                                        "the provider said no",
                                        true,
                                        null);
                            });
            case "unavailable" ->
                    new FailingMinter(
                            real,
                            false,
                            _ -> {
                                throw new MintFailure(
                                        RefusalReason.TARGET_UNAVAILABLE,
                                        "the provider did not answer",
                                        false,
                                        Duration.ofSeconds(7));
                            });
            default -> throw new IllegalArgumentException("no minter " + behaviour);
        };
    }

    TokenExchange exchange() {
        return exchange;
    }

    CountingMinter minter() {
        return minter;
    }

    FileLedger ledger() {
        return ledger;
    }

    String url() {
        return server.url();
    }

    String metrics() {
        return metrics.scrape();
    }

    Path data() {
        return data;
    }

    @Override
    public void close() {
        server.close();
        ledger.close();
        keys.close();
        metrics.close();
    }
}
