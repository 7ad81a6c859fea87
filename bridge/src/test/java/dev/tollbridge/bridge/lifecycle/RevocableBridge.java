package dev.tollbridge.bridge.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.config.TargetSpec.OAuth;
import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import dev.tollbridge.bridge.exchange.Exchange;
import dev.tollbridge.bridge.exchange.ExchangeOutcome;
import dev.tollbridge.bridge.exchange.ExchangeRequest;
import dev.tollbridge.bridge.exchange.NoSessions;
import dev.tollbridge.bridge.http.BridgePorts;
import dev.tollbridge.bridge.http.BridgeServer;
import dev.tollbridge.bridge.http.EventLoops;
import dev.tollbridge.bridge.http.ListenerSettings;
import dev.tollbridge.bridge.http.Published;
import dev.tollbridge.bridge.http.ServerLimits;
import dev.tollbridge.bridge.ledger.Issuances;
import dev.tollbridge.bridge.ledger.Reservation;
import dev.tollbridge.bridge.ledger.file.FileLedger;
import dev.tollbridge.bridge.ledger.file.FileLedgerSettings;
import dev.tollbridge.bridge.metrics.BridgeMetrics;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.mint.Minters;
import dev.tollbridge.bridge.mint.Pause;
import dev.tollbridge.bridge.operator.OperatorVerdict;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.policy.GivenDecision;
import dev.tollbridge.bridge.signing.Keyring;
import dev.tollbridge.bridge.signing.KeyringSettings;
import dev.tollbridge.bridge.signing.OwnIssuer;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.token.GivenIdentity;
import dev.tollbridge.bridge.token.SenderProof;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The doors, the ledger, the keys and the revocation of a bridge on a folder, around a provider
/// that a test plays. What decides is left out.
final class RevocableBridge implements AutoCloseable {

    static final String TARGET = "partner-api";
    private static final String ISSUER = "https://bridge.example";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final Path data;
    private final FakeProvider provider;
    private final Instant now;
    private final EventLoops loops = EventLoops.start(1);
    private final BridgeMetrics metrics = new BridgeMetrics();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Issuances issuances;
    final Map<String, Target> configured = new ConcurrentHashMap<>(Map.of(TARGET, target()));
    final FileLedger ledger;
    final LedgerRevocation revocation;
    private final Keyring keyring;
    private final ProviderEnding providers;
    private final BridgeServer server;

    RevocableBridge(Path data, FakeProvider provider, InstantSource clock, Pause pause) {
        this(data, provider, clock, pause, ProviderEnding.Limits.DEFAULT);
    }

    RevocableBridge(
            Path data,
            FakeProvider provider,
            InstantSource clock,
            Pause pause,
            ProviderEnding.Limits limits) {
        this.data = data;
        this.provider = provider;
        this.now = clock.instant();
        issuances = new Issuances().at(now).target(TARGET).targetKind("oauth");
        ledger = FileLedger.open(data, FileLedgerSettings.standard(clock));
        keyring = Keyring.open(data, KeyringSettings.DEFAULT, clock);
        providers =
                new ProviderEnding(
                        new Minters(List.of(provider)),
                        configured::get,
                        ledger.trail(),
                        limits,
                        pause,
                        clock);
        revocation =
                new LedgerRevocation(
                        keyring.publicKeys(OwnIssuer.BRIDGE),
                        ISSUER,
                        keyring.handleKey(),
                        ledger,
                        providers,
                        clock);
        server =
                new BridgeServer(
                        loops,
                        ListenerSettings.local(0),
                        ServerLimits.DEFAULT,
                        new BridgePorts(
                                new MintsAlways(),
                                new NoSessions(),
                                revocation,
                                _ -> Map.of("active", false),
                                (_, _, _) -> "rct_1",
                                (_, _) -> new OperatorVerdict.Nobody(),
                                new Published(
                                        () -> new byte[0],
                                        () -> new byte[0],
                                        () -> new byte[0],
                                        () -> new byte[0]),
                                () -> ISSUER,
                                false),
                        metrics,
                        clock);
        server.start();
    }

    static Target target() {
        return new Target(
                TARGET,
                "team@acme.example",
                null,
                Duration.ofHours(1),
                true,
                SenderConstraint.NONE,
                new OAuth(
                        null,
                        "https://as.example/token",
                        null,
                        null,
                        null,
                        null,
                        List.of(),
                        null,
                        null,
                        null,
                        null,
                        null,
                        java.util.Map.of()),
                null);
    }

    private final class MintsAlways implements Exchange {
        @Override
        public List<ExchangeOutcome> exchange(ExchangeRequest request) {
            Decision decision =
                    GivenDecision.of(
                            GivenIdentity.of("github:1", new Claims(Map.of()), now),
                            target(),
                            Set.of(),
                            Duration.ofMinutes(10),
                            now,
                            SenderProof.NONE);
            Reservation reservation =
                    ledger.reserve(issuances.token(NUMBERS.incrementAndGet()).next(), true);
            String id = reservation.issuance().id();
            MintedCredential credential = provider.mint(decision, id);
            ledger.issued(reservation, credential.expiresAt(), credential.knownAs(), Duration.ZERO);
            return List.of(new ExchangeOutcome.Issued(id, decision, credential));
        }

        @Override
        public Map<String, @Nullable Object> explain(ExchangeRequest request) {
            return Map.of();
        }
    }

    /// The answer of `POST /token`.
    JsonNode issue() {
        String form =
                "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token=a.b.c"
                        + "&subject_token_type=urn:ietf:params:oauth:token-type:jwt&audience="
                        + TARGET;
        try {
            return JSON.readTree(post("/token", form).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    HttpResponse<String> revoke(String token) {
        return post("/revoke", "token=" + URLEncoder.encode(token, StandardCharsets.UTF_8));
    }

    private HttpResponse<String> post(String path, String form) {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(server.url() + path))
                            .header("Content-Type", "application/x-www-form-urlencoded")
                            .POST(HttpRequest.BodyPublishers.ofString(form))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// What the record says of an issuance's end, in order.
    List<String> ends(String issuance) {
        List<String> ends = new java.util.ArrayList<>();
        for (String line : written().lines().toList()) {
            if (line.contains("\"kind\":\"revoked\"") && line.contains(issuance)) {
                try {
                    ends.add(JSON.readTree(line).path("detail").asText());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
        return ends;
    }

    /// Everything that is on disk, keys left out.
    String written() {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(data.resolve("audit"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all.toString();
    }

    /// Ends as the process does, the records written.
    @Override
    public void close() {
        server.close();
        providers.close();
        http.close();
        keyring.close();
        ledger.close();
        metrics.close();
        loops.close();
    }
}
