package dev.tollbridge.bench;

import dev.tollbridge.bridge.audit.Ids;
import dev.tollbridge.bridge.config.ConfigDirectory;
import dev.tollbridge.bridge.exchange.ExchangeOutcome;
import dev.tollbridge.bridge.exchange.ExchangeRequest;
import dev.tollbridge.bridge.exchange.ExchangeSteps;
import dev.tollbridge.bridge.exchange.IssuanceLimits;
import dev.tollbridge.bridge.exchange.TokenExchange;
import dev.tollbridge.bridge.fetch.FetchFailure;
import dev.tollbridge.bridge.issuer.PresetCatalogue;
import dev.tollbridge.bridge.mint.Minters;
import dev.tollbridge.bridge.mint.jwt.JwtMinter;
import dev.tollbridge.bridge.rules.Rules;
import dev.tollbridge.bridge.rules.RulesCompiler;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.signing.CryptoProvider;
import dev.tollbridge.bridge.signing.Keyring;
import dev.tollbridge.bridge.signing.KeyringSettings;
import dev.tollbridge.bridge.signing.OwnIssuer;
import dev.tollbridge.bridge.target.TargetRequest;
import dev.tollbridge.bridge.token.DpopNonces;
import dev.tollbridge.bridge.token.DpopVerifier;
import dev.tollbridge.bridge.token.IdentityReader;
import dev.tollbridge.bridge.token.TokenParser;
import dev.tollbridge.bridge.token.TokenVerifier;
import dev.tollbridge.bridge.token.keys.JwksIssuerKeys;
import dev.tollbridge.bridge.token.keys.KeyAdmission;
import dev.tollbridge.bridge.token.keys.KeyTimings;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/// The bridge's exchange behind plain HTTP, on the event loop or on a virtual thread, whichever is
/// asked for. Its ledger waits for nothing, so that both can be: what differs between the two is
/// what handing an exchange over costs, and so the most that not handing it over could save.
public final class PipelineServer {

    private static final String BRIDGE = "https://bridge.example";

    private PipelineServer() {}

    /// Where an exchange runs.
    enum Place {
        EVENT_LOOP,
        VIRTUAL_THREAD;

        /// As in the table.
        String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /// @param args the {@link Place}, the folder of documents, the data folder
    public static void main(String[] args) throws IOException {
        CryptoProvider.install();
        TokenExchange exchange = exchange(Path.of(args[1]), Path.of(args[2]));
        Executor place =
                switch (Place.valueOf(args[0])) {
                    case EVENT_LOOP -> Runnable::run;
                    case VIRTUAL_THREAD -> Executors.newVirtualThreadPerTaskExecutor();
                };
        int loops = Runtime.getRuntime().availableProcessors();
        Vertx vertx =
                Vertx.builder()
                        .with(
                                new VertxOptions()
                                        .setEventLoopPoolSize(loops)
                                        .setPreferNativeTransport(true))
                        .build();
        AtomicLong port = new AtomicLong();
        vertx.deployVerticle(
                        () -> new Loop(exchange, place, port),
                        new DeploymentOptions().setInstances(loops))
                .await();
        System.out.printf(Locale.ROOT, "ready url=http://127.0.0.1:%d%n", port.get());
        System.out.flush();
    }

    private static TokenExchange exchange(Path config, Path data) throws IOException {
        InstantSource clock = InstantSource.system();
        Rules rules =
                new RulesCompiler(PresetCatalogue.shipped(), BRIDGE, config, clock)
                        .compile(new ConfigDirectory(clock).load(config))
                        .rules();
        JwksIssuerKeys keys =
                new JwksIssuerKeys(
                        request -> {
                            throw new FetchFailure(
                                    FetchFailure.Kind.URL_REFUSED, "the benchmark asks nobody");
                        },
                        clock,
                        KeyTimings.DEFAULT,
                        null);
        keys.configure(rules.issuers().enabled().values());
        keys.warm(Duration.ofSeconds(5));
        Keyring keyring = Keyring.open(data, KeyringSettings.DEFAULT, clock);
        Minters minters =
                new Minters(List.of(new JwtMinter(keyring.signer(OwnIssuer.BRIDGE), BRIDGE)));
        minters.prepare(rules.targets().all());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        SecureRandom random = new SecureRandom();
        return new TokenExchange(
                new ExchangeSteps(
                        () -> rules,
                        new TokenParser(),
                        new TokenVerifier(keys, (_, _) -> {}, clock),
                        new IdentityReader(),
                        new DpopVerifier(
                                KeyAdmission::admitProofKey,
                                new DpopNonces(clock, random),
                                DpopVerifier.NoncePolicy.OPTIONAL),
                        IssuanceLimits.DEFAULT,
                        new UnkeptLedger(),
                        _ -> CompletableFuture.runAsync(() -> {}, Runnable::run),
                        minters,
                        new Ids(clock, random),
                        clock,
                        System::nanoTime,
                        Duration.ofSeconds(5),
                        threads));
    }

    private static final class Loop extends AbstractVerticle {
        private static final String TOKEN = "subject_token=";

        private final TokenExchange exchange;
        private final Executor place;
        private final AtomicLong port;

        Loop(TokenExchange exchange, Executor place, AtomicLong port) {
            this.exchange = exchange;
            this.place = place;
            this.port = port;
        }

        @Override
        public void start(Promise<Void> started) {
            vertx.createHttpServer(new HttpServerOptions().setTcpNoDelay(true))
                    .requestHandler(request -> request.bodyHandler(body -> serve(request, body)))
                    .listen(SocketAddress.sharedRandomPort(1, "127.0.0.1"))
                    .onSuccess(server -> {
                        port.set(server.actualPort());
                        started.complete();
                    })
                    .onFailure(started::fail);
        }

        private void serve(HttpServerRequest request, Buffer body) {
            Context loop = context;
            place.execute(() -> {
                ExchangeOutcome outcome = exchange.exchange(asked(body)).getFirst();
                if (loop.equals(Vertx.currentContext())) {
                    answer(request, outcome);
                } else {
                    loop.runOnContext(_ -> answer(request, outcome));
                }
            });
        }

        /// The load generator's form; the token is its last member and needs no decoding.
        private static ExchangeRequest asked(Buffer body) {
            byte[] bytes = body.getBytes();
            String form = new String(bytes, StandardCharsets.US_ASCII);
            int token = form.lastIndexOf(TOKEN) + TOKEN.length();
            return new ExchangeRequest(
                    Secret.of(form.substring(token)),
                    List.of(TargetRequest.named(Workload.TARGET)),
                    new ExchangeRequest.Proof(
                            List.of(), "POST", "http://127.0.0.1/token", null, true),
                    new ExchangeRequest.Caller("token", "127.0.0.1", "tollbridge-bench"));
        }

        private static void answer(HttpServerRequest request, ExchangeOutcome outcome) {
            switch (outcome) {
                case ExchangeOutcome.Issued issued ->
                        request.response()
                                .putHeader("content-type", "application/json")
                                .putHeader("cache-control", "no-store")
                                .end("{\"issuance\":\"" + issued.issuance() + "\"}");
                case ExchangeOutcome.Refused refused ->
                        request.response().setStatusCode(400).end(refused.reason().code());
            }
        }
    }
}
