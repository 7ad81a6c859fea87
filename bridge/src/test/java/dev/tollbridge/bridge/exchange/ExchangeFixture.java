package dev.tollbridge.bridge.exchange;

import dev.tollbridge.bridge.audit.FileChannelDisk;
import dev.tollbridge.bridge.audit.Ids;
import dev.tollbridge.bridge.audit.JournalDisk;
import dev.tollbridge.bridge.config.ConfigDirectory;
import dev.tollbridge.bridge.fetch.FetchFailure;
import dev.tollbridge.bridge.issuer.PresetCatalogue;
import dev.tollbridge.bridge.ledger.file.FileLedger;
import dev.tollbridge.bridge.ledger.file.FileLedgerSettings;
import dev.tollbridge.bridge.mint.CredentialMinter;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.mint.Minters;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.rules.Rules;
import dev.tollbridge.bridge.rules.RulesCompiler;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.TargetRequest;
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
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// The pipeline with a real ledger and a minter that does what a test says.
final class ExchangeFixture implements AutoCloseable {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final String AUDIENCE = "https://tollbridge.acme.example";
    private static final String ISSUER = "https://ci.example";

    @FunctionalInterface
    interface Minting {
        void mint(Decision decision) throws MintFailure;
    }

    private final TestIssuer issuer = TestIssuer.rsa();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger minted = new AtomicInteger();
    private final FileLedger ledger;
    private final JwksIssuerKeys keys;
    private final TokenExchange exchange;
    private volatile boolean inProcess = true;
    private volatile Minting minting = _ -> {};
    private volatile CountDownLatch disk = new CountDownLatch(0);

    ExchangeFixture(Path folder) throws IOException {
        InstantSource clock = InstantSource.fixed(NOW);
        Rules rules = rules(Files.createDirectories(folder.resolve("config")), clock);
        ledger =
                FileLedger.open(
                        folder.resolve("data"),
                        FileLedgerSettings.standard(clock)
                                .withDeadline(Duration.ofMillis(100))
                                .withDisk(new SlowDisk()));
        keys =
                new JwksIssuerKeys(
                        _ -> {
                            throw new FetchFailure(FetchFailure.Kind.CONNECT_FAILED, "no network");
                        },
                        clock,
                        KeyTimings.DEFAULT,
                        null);
        keys.configure(rules.issuers().enabled().values());
        exchange =
                new TokenExchange(
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
                                new Minters(List.of(new ObedientMinter())),
                                new Ids(clock, new SecureRandom()),
                                clock,
                                System::nanoTime,
                                Duration.ofMillis(100),
                                threads));
    }

    private Rules rules(Path config, InstantSource clock) throws IOException {
        Files.writeString(
                config.resolve("all.yaml"),
                """
                apiVersion: tollbridge.dev/v1alpha1
                kind: TrustedIssuer
                metadata: {name: ci}
                spec: {issuer: "%s", audience: "%s", keys: {inline: %s}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: api}
                spec: {owner: team@acme.example, jwt: {audience: "https://api.acme.example"}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: other}
                spec: {owner: team@acme.example, jwt: {audience: "https://other.acme.example"}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Grant
                metadata: {name: jobs}
                spec:
                  owner: team@acme.example
                  issuer: ci
                  match: {sub: job-42}
                  allow: [{target: api, ttl: 5m}, {target: other, ttl: 5m}]
                """
                        .formatted(ISSUER, AUDIENCE, issuer.jwks()));
        RulesCompiler.Compiled compiled =
                new RulesCompiler(
                                PresetCatalogue.shipped(),
                                "https://bridge.acme.example",
                                config,
                                clock)
                        .compile(new ConfigDirectory(clock).load(config));
        if (!compiled.acceptable()) {
            throw new IllegalStateException(compiled.problems().toString());
        }
        return compiled.rules();
    }

    private final class ObedientMinter implements CredentialMinter {
        @Override
        public String kind() {
            return "jwt";
        }

        @Override
        public boolean inProcess() {
            return inProcess;
        }

        @Override
        public MintedCredential mint(Decision decision, String issuance) throws MintFailure {
            minting.mint(decision);
            minted.incrementAndGet();
            return new MintedCredential(
                    Secret.of("credential-of-" + issuance),
                    "Bearer",
                    "urn:ietf:params:oauth:token-type:access_token",
                    decision.expiresAt(),
                    true);
        }
    }

    /// Forces wait while the test says so.
    private final class SlowDisk implements JournalDisk {
        private final JournalDisk real = new FileChannelDisk();

        @Override
        public Appender open(Path file) throws IOException {
            Appender appender = real.open(file);
            return new Appender() {
                @Override
                public void append(ByteBuffer bytes) throws IOException {
                    appender.append(bytes);
                }

                @Override
                public void force() throws IOException {
                    try {
                        disk.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    appender.force();
                }

                @Override
                public void truncate(long size) throws IOException {
                    appender.truncate(size);
                }

                @Override
                public void close() throws IOException {
                    appender.close();
                }
            };
        }
    }

    void minting(boolean here, Minting does) {
        inProcess = here;
        minting = does;
    }

    void diskHangs() {
        disk = new CountDownLatch(1);
    }

    void diskGoesOn() {
        disk.countDown();
    }

    int minted() {
        return minted.get();
    }

    FileLedger ledger() {
        return ledger;
    }

    String token(String jti) {
        return issuer.sign(Tokens.plain(ISSUER, AUDIENCE, NOW).claim("jti", jti), "key-1");
    }

    List<ExchangeOutcome> exchange(String token, String... targets) {
        return exchange.exchange(
                new ExchangeRequest(
                        Secret.of(token),
                        Stream.of(targets).map(TargetRequest::named).toList(),
                        new ExchangeRequest.Proof(
                                List.of(), "POST", "https://bridge.acme.example/token", null, true),
                        new ExchangeRequest.Caller("token", "192.0.2.1", null)));
    }

    @Override
    public void close() {
        diskGoesOn();
        ledger.close();
        keys.close();
        threads.close();
    }
}
