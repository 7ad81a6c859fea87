package dev.tollbridge.bridge.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.bridge.client.DpopKey;
import dev.tollbridge.bridge.config.ConfigDirectory;
import dev.tollbridge.bridge.fetch.FetchFailure;
import dev.tollbridge.bridge.http.BridgePorts;
import dev.tollbridge.bridge.http.BridgeServer;
import dev.tollbridge.bridge.http.EventLoops;
import dev.tollbridge.bridge.http.ListenerSettings;
import dev.tollbridge.bridge.http.Published;
import dev.tollbridge.bridge.http.ServerLimits;
import dev.tollbridge.bridge.issuer.PresetCatalogue;
import dev.tollbridge.bridge.ledger.TestClock;
import dev.tollbridge.bridge.ledger.file.FileLedger;
import dev.tollbridge.bridge.ledger.file.FileLedgerSettings;
import dev.tollbridge.bridge.lifecycle.LedgerIntrospection;
import dev.tollbridge.bridge.lifecycle.LedgerRevocation;
import dev.tollbridge.bridge.lifecycle.ProviderSide;
import dev.tollbridge.bridge.metrics.BridgeMetrics;
import dev.tollbridge.bridge.mint.Minters;
import dev.tollbridge.bridge.mint.jwt.JwtMinter;
import dev.tollbridge.bridge.operator.OperatorVerdict;
import dev.tollbridge.bridge.rules.Rules;
import dev.tollbridge.bridge.rules.RulesCompiler;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.session.RecordedSessions;
import dev.tollbridge.bridge.session.SessionEnd;
import dev.tollbridge.bridge.session.SessionObserver;
import dev.tollbridge.bridge.session.SessionRecord;
import dev.tollbridge.bridge.session.Sessions;
import dev.tollbridge.bridge.signing.Keyring;
import dev.tollbridge.bridge.signing.KeyringSettings;
import dev.tollbridge.bridge.signing.OwnIssuer;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.Tokens;
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
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A whole bridge, doors included, whose clock, configuration and life are the test's.
public final class SessionBridge implements AutoCloseable {

    public static final String EXTERNAL = "https://bridge.acme.example";
    static final String FORM = "application/x-www-form-urlencoded";
    private static final String AUDIENCE = "https://tollbridge.acme.example";
    private static final String ISSUER = "https://ci.example";
    private static final ObjectMapper JSON = new ObjectMapper();

    /// What a test may change of the documents.
    static final String ISSUER_LINE = "spec: {issuer: \"" + ISSUER + "\"";

    static final String GRANT = "allow: [{target: api, ttl: 10m, scopes: [read, write]},";

    private final Path folder;
    private final TestIssuer issuer = TestIssuer.rsa();
    private final TestClock clock = new TestClock();
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicInteger tokens = new AtomicInteger();
    final List<String> alarms = new CopyOnWriteArrayList<>();
    final List<String> ends = new CopyOnWriteArrayList<>();
    private String documents;
    private @Nullable Running running;
    private volatile boolean smallFiles;

    public SessionBridge(Path folder) throws IOException {
        this.folder = folder;
        this.documents =
                """
                apiVersion: tollbridge.dev/v1alpha1
                kind: TrustedIssuer
                metadata: {name: ci}
                %s, audience: "%s", keys: {inline: %s}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: api}
                spec: {owner: team@acme.example, jwt: {audience: "https://api.acme.example", scopes: [read, write, admin]}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: other}
                spec: {owner: team@acme.example, jwt: {audience: "https://other.acme.example"}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: third}
                spec: {owner: team@acme.example, jwt: {audience: "https://third.acme.example"}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Grant
                metadata: {name: jobs}
                spec:
                  owner: team@acme.example
                  issuer: ci
                  match: {sub: job-42}
                  condition: claims.branch == 'main'
                  %s {target: other, ttl: 10m}]
                  session: {max: 2h}
                  mayOutliveSubject: true
                  acknowledge: [outlives-subject]
                """
                        .formatted(ISSUER_LINE, AUDIENCE, issuer.jwks(), GRANT);
        start();
    }

    private final class Running implements AutoCloseable {
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final EventLoops loops = EventLoops.start(1);
        private final BridgeMetrics metrics = new BridgeMetrics();
        private final FileLedger ledger =
                FileLedger.open(
                        folder.resolve("data"),
                        smallFiles
                                ? FileLedgerSettings.standard(clock).withSegmentBytes(16_384)
                                : FileLedgerSettings.standard(clock));
        private final Keyring keyring =
                Keyring.open(
                        folder.resolve("data"), KeyringSettings.DEFAULT, InstantSource.system());
        private final JwksIssuerKeys keys =
                new JwksIssuerKeys(
                        _ -> {
                            throw new FetchFailure(FetchFailure.Kind.CONNECT_FAILED, "no network");
                        },
                        clock,
                        KeyTimings.DEFAULT,
                        null);
        private volatile Rules rules = compiled();
        private final CountingMinter minter =
                new CountingMinter(new JwtMinter(keyring.signer(OwnIssuer.BRIDGE), EXTERNAL));
        private final LedgerIntrospection introspection;
        private final Sessions sessions;
        private final SessionExchange jobs;
        private final BridgeServer server;

        Running() {
            keys.configure(rules.issuers().enabled().values());
            ExchangeSteps steps =
                    new ExchangeSteps(
                            () -> rules,
                            new TokenParser(),
                            new TokenVerifier(keys, (_, _) -> {}, clock),
                            new IdentityReader(),
                            new DpopVerifier(
                                    KeyAdmission::admitProofKey,
                                    new DpopNonces(clock, new SecureRandom()),
                                    NoncePolicy.OPTIONAL),
                            IssuanceLimits.DEFAULT,
                            ledger,
                            ledger.trail(),
                            new Minters(List.of(minter)),
                            new dev.tollbridge.bridge.audit.Ids(clock, new SecureRandom()),
                            clock,
                            System::nanoTime,
                            Duration.ofSeconds(5),
                            threads);
            TokenExchange exchange = new TokenExchange(steps);
            LedgerRevocation revocation =
                    new LedgerRevocation(
                            keyring.publicKeys(OwnIssuer.BRIDGE),
                            EXTERNAL,
                            keyring.handleKey(),
                            ledger,
                            ProviderSide.NONE,
                            clock);
            introspection =
                    new LedgerIntrospection(
                            keyring.publicKeys(OwnIssuer.BRIDGE),
                            EXTERNAL,
                            ledger,
                            _ -> false,
                            clock);
            sessions =
                    new Sessions(
                            keyring.handleKey(),
                            new RecordedSessions(
                                    keyring.handleKey(),
                                    ledger.sessionLines(),
                                    new SessionRecord(ledger.trail(), Duration.ofSeconds(5)),
                                    clock.instant()),
                            (issuance, by) -> {
                                var _ = revocation.revokeIssuance(issuance, by);
                            },
                            new Seen(),
                            clock);
            jobs = new SessionExchange(steps, sessions);
            server =
                    new BridgeServer(
                            loops,
                            ListenerSettings.local(0),
                            ServerLimits.DEFAULT,
                            new BridgePorts(
                                    exchange,
                                    jobs,
                                    revocation,
                                    introspection,
                                    exchange::turnedAway,
                                    (_, _) -> new OperatorVerdict.Nobody(),
                                    new Published(
                                            () -> new byte[0],
                                            () -> new byte[0],
                                            () -> new byte[0],
                                            () -> new byte[0]),
                                    () -> EXTERNAL,
                                    false),
                            metrics,
                            clock);
            server.start();
        }

        @Override
        public void close() {
            server.close();
            keys.close();
            keyring.close();
            ledger.close();
            threads.close();
            loops.close();
            metrics.close();
        }
    }

    private final class Seen implements SessionObserver {
        @Override
        public void opened() {}

        @Override
        public void ended(SessionEnd why) {
            ends.add(why.code());
        }

        @Override
        public void alarm(Alarm what) {
            alarms.add(what.name());
        }
    }

    private Rules compiled() {
        try {
            Path config = Files.createDirectories(folder.resolve("config"));
            Files.writeString(config.resolve("all.yaml"), documents);
            RulesCompiler.Compiled compiled =
                    new RulesCompiler(PresetCatalogue.shipped(), EXTERNAL, config, clock)
                            .compile(new ConfigDirectory(clock).load(config));
            if (!compiled.acceptable()) {
                throw new IllegalStateException(compiled.problems().toString());
            }
            return compiled.rules();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Running now() {
        return java.util.Objects.requireNonNull(running);
    }

    void start() {
        running = new Running();
    }

    void stop() {
        now().close();
        running = null;
    }

    /// From now on the record begins a new file every few lines.
    void smallFiles() {
        stop();
        smallFiles = true;
        start();
    }

    long filesOfTheRecord() throws IOException {
        try (Stream<Path> files = Files.list(data().resolve("audit"))) {
            return files.filter(file -> file.toString().endsWith(".idx")).count();
        }
    }

    /// The documents are edited, and the new rules are in force.
    void edit(String from, String to) {
        if (!documents.contains(from)) {
            throw new IllegalArgumentException("the documents have no " + from);
        }
        documents = documents.replace(from, to);
        now().rules = compiled();
        now().keys.configure(now().rules.issuers().enabled().values());
    }

    /// What is done every few seconds.
    void upkeep() {
        now().sessions.sweep();
        now().jobs.follow(now().rules);
    }

    public void later(Duration by) {
        clock.advance(by);
    }

    TestClock clock() {
        return clock;
    }

    FileLedger ledger() {
        return now().ledger;
    }

    int minted() {
        return now().minter.calls();
    }

    /// Live sessions.
    int count() {
        return now().sessions.count();
    }

    String metrics() {
        return now().metrics.scrape();
    }

    /// Where it listens.
    public String url() {
        return now().server.url();
    }

    public String token() {
        return issuer.sign(
                Tokens.plain(ISSUER, AUDIENCE, clock.instant())
                        .claim("branch", "main")
                        .claim("jti", "jti-" + tokens.incrementAndGet()),
                "key-1");
    }

    boolean active(String credential) {
        return Boolean.TRUE.equals(
                now().introspection.introspect(Secret.of(credential)).get("active"));
    }

    /// An answer.
    record Got(int status, JsonNode body) {

        String reason() {
            return body.path("reason").asText("none");
        }

        String reason(int index) {
            return body.path("results").path(index).path("reason").asText("none");
        }

        String handle() {
            return body.path("handle").asText();
        }

        String credential(int index) {
            return body.path("results").path(index).path("access_token").asText();
        }
    }

    Got open(DpopKey key, String... targets) {
        return credentials(token(), key, targets);
    }

    Got credentials(String token, @Nullable DpopKey key, String... targets) {
        ObjectNode body = JSON.createObjectNode();
        body.put("subject_token", token);
        body.put("session", true);
        for (String target : targets) {
            body.withArray("/targets").addObject().put("target", target);
        }
        return post("/credentials", "application/json", body.toString(), key);
    }

    Got resume(String handle, @Nullable DpopKey key) {
        return resume(handle, key, null);
    }

    Got resume(String handle, @Nullable DpopKey key, @Nullable String attempt) {
        return form(
                "/session",
                key,
                attempt == null
                        ? new String[] {"handle", handle}
                        : new String[] {"handle", handle, "attempt", attempt});
    }

    Got form(String path, @Nullable DpopKey key, String... pairs) {
        StringBuilder form = new StringBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            form.append(i == 0 ? "" : "&")
                    .append(pairs[i])
                    .append('=')
                    .append(URLEncoder.encode(pairs[i + 1], StandardCharsets.UTF_8));
        }
        return post(path, FORM, form.toString(), key);
    }

    String proof(DpopKey key, String path) {
        return key.proof("POST", URI.create(EXTERNAL + path), null, clock.instant()).reveal();
    }

    Got post(String path, String type, String body, @Nullable DpopKey key) {
        return post(path, type, body, key == null ? null : proof(key, path));
    }

    Got post(String path, String type, String body, @Nullable String proof) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url() + path))
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body));
        if (proof != null) {
            request.header("DPoP", proof);
        }
        try {
            HttpResponse<String> answer =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Got(
                    answer.statusCode(),
                    answer.body().isEmpty()
                            ? JSON.createObjectNode()
                            : JSON.readTree(answer.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Path data() {
        return folder.resolve("data");
    }

    @Override
    public void close() {
        if (running != null) {
            stop();
        }
        http.close();
    }
}
