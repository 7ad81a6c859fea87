package dev.tollbridge.bridge.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollbridge.bridge.fetch.FetchFailure.Kind;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.testing.HttpsIssuerServer;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import dev.tollbridge.bridge.tls.ThrowawayCa;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GuardedFetcherTest {

    private static final Duration SOON = Duration.ofMillis(300);

    private static Vertx vertx;
    private static ThrowawayCa ca;

    private HttpsIssuerServer server;
    private GuardedFetcher fetcher;

    @BeforeAll
    static void begin() {
        vertx = Vertx.vertx();
        ca = ThrowawayCa.create(InstantSource.system());
    }

    @AfterAll
    static void end() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @BeforeEach
    void serve() {
        server = HttpsIssuerServer.start(vertx, ca);
        fetcher = new GuardedFetcher(vertx);
    }

    @AfterEach
    void close() {
        fetcher.close();
        server.close();
    }

    private static FetchRules rules() {
        return FetchRules.DEFAULT.withAllowPrivate(true).withTrustedPem(ca.certificatePem());
    }

    private FetchRequest get(String path) {
        return FetchRequest.get(URI.create(server.url(path)), rules());
    }

    private Kind failure(FetchRequest request) {
        return failure(fetcher, request);
    }

    private static Kind failure(Fetcher fetcher, FetchRequest request) {
        return catchThrowableOfType(FetchFailure.class, () -> fetcher.send(request)).kind();
    }

    private static String text(FetchResponse response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Test
    void fetchesOverHttpsFromAServerOfATrustedAuthority() throws FetchFailure {
        server.on("/a", Answer.json("{\"x\":1}"));
        FetchResponse response = fetcher.send(get("/a"));
        assertThat(response.status()).isEqualTo(200);
        assertThat(text(response)).isEqualTo("{\"x\":1}");
        assertThat(response.header("content-type")).isEqualTo("application/json");
        assertThat(server.seen().getFirst().host()).isEqualTo("localhost:" + server.port());
    }

    @Test
    void answersOfOtherStatusAreAnswers() throws FetchFailure {
        server.on("/a", Answer.status(500));
        assertThat(fetcher.send(get("/a")).status()).isEqualTo(500);
    }

    @Test
    void sendsBodiesAndHeaders() throws FetchFailure {
        server.on(
                "/a",
                request ->
                        request.bodyHandler(body ->
                                request.response()
                                        .end(
                                                request.method()
                                                        + request.getHeader("content-type")
                                                        + body)));
        FetchRequest request =
                FetchRequest.postForm(URI.create(server.url("/a")), "a=b&c=d", rules());
        assertThat(text(fetcher.send(request)))
                .isEqualTo("POSTapplication/x-www-form-urlencodeda=b&c=d");
    }

    @Test
    void sendsABearerOnlyWhereTheRequestSaysSo() throws FetchFailure {
        server.on("/a", Answer.json("{}"));
        fetcher.send(get("/a").withBearer(Secret.of("abc")));
        fetcher.send(get("/a"));
        assertThat(server.seen())
                .extracting(HttpsIssuerServer.Seen::authorization)
                .containsExactly("Bearer abc", "");
    }

    @Test
    void neverFollowsARedirect() {
        server.on("/a", Answer.redirect(server.url("/b"))).on("/b", Answer.json("{}"));
        assertThat(failure(get("/a"))).isEqualTo(Kind.REDIRECTED);
        assertThat(server.requests("/b")).isZero();
    }

    @Test
    void stopsReadingAtTheBound() {
        server.on("/a", Answer.huge(1_000_000));
        assertThat(failure(get("/a"))).isEqualTo(Kind.TOO_LARGE);
    }

    @Test
    void acceptsExactlyTheBound() throws FetchFailure {
        server.on("/a", Answer.json("x".repeat(100)));
        FetchRules hundred = rules().withMaxBytes(100);
        FetchRules fewer = rules().withMaxBytes(99);
        URI uri = URI.create(server.url("/a"));
        assertThat(fetcher.send(FetchRequest.get(uri, hundred)).body()).hasSize(100);
        assertThat(failure(FetchRequest.get(uri, fewer))).isEqualTo(Kind.TOO_LARGE);
    }

    @Test
    void anAnswerThatNeverEndsEndsAtTheDeadline() {
        server.on("/a", Answer.unfinished()).on("/b", Answer.silence());
        for (String path : List.of("/a", "/b")) {
            FetchRequest request =
                    FetchRequest.get(URI.create(server.url(path)), rules().withDeadline(SOON));
            assertThat(failure(request)).isEqualTo(Kind.TIMED_OUT);
        }
    }

    @Test
    void aConnectionCutIsSaidToBeOne() {
        server.on("/a", Answer.cut());
        assertThat(failure(get("/a"))).isEqualTo(Kind.CONNECTION_LOST);
    }

    @Test
    void refusesAnEncodingThatWasNotAskedFor() {
        server.on("/a", request -> request.response().putHeader("content-encoding", "gzip").end());
        assertThat(failure(get("/a"))).isEqualTo(Kind.ANSWER_MALFORMED);
    }

    @Test
    void refusesAServerOfAnUnknownAuthority() {
        FetchRules systemTrust = FetchRules.DEFAULT.withAllowPrivate(true);
        assertThat(failure(FetchRequest.get(URI.create(server.url("/a")), systemTrust)))
                .isEqualTo(Kind.TLS_FAILED);
    }

    @Test
    void refusesACertificateForAnotherName() {
        try (HttpsIssuerServer other = HttpsIssuerServer.start(vertx, ca.issue("other.example"))) {
            assertThat(failure(FetchRequest.get(URI.create(other.url("/a")), rules())))
                    .isEqualTo(Kind.TLS_FAILED);
            assertThat(other.seen()).isEmpty();
        }
    }

    @Test
    void trustsTheAuthorityOfTheRequestAndNotOfTheOneBefore() throws FetchFailure {
        server.on("/a", Answer.json("{}"));
        fetcher.send(get("/a"));
        FetchRules otherAuthority =
                rules().withTrustedPem(ThrowawayCa.create(InstantSource.system()).certificatePem());
        assertThat(failure(FetchRequest.get(URI.create(server.url("/a")), otherAuthority)))
                .isEqualTo(Kind.TLS_FAILED);
    }

    @Test
    void saysWhenNobodyListens() {
        server.close();
        assertThat(failure(get("/a"))).isEqualTo(Kind.CONNECT_FAILED);
    }

    @Test
    void refusesPrivateAddressesUnlessConfigured() {
        FetchRules rules = rules().withAllowPrivate(false);
        assertThat(failure(FetchRequest.get(URI.create(server.url("/a")), rules)))
                .isEqualTo(Kind.ADDRESS_REFUSED);
        assertThat(failure(FetchRequest.get(URI.create("https://127.0.0.1/"), rules)))
                .isEqualTo(Kind.ADDRESS_REFUSED);
        assertThat(failure(FetchRequest.get(URI.create("https://[::1]/"), rules)))
                .isEqualTo(Kind.ADDRESS_REFUSED);
    }

    @Test
    void refusesMetadataServicesWhateverIsConfigured() {
        FetchRequest request =
                FetchRequest.get(URI.create("https://169.254.169.254/latest"), rules());
        assertThat(failure(request)).isEqualTo(Kind.ADDRESS_REFUSED);
    }

    @Test
    void refusesANameWithOneAddressThatIsNotAllowed() {
        AddressResolver mixed =
                _ -> List.of(InetAddress.ofLiteral("8.8.8.8"), InetAddress.ofLiteral("10.0.0.1"));
        try (GuardedFetcher guarded = new GuardedFetcher(vertx, mixed)) {
            FetchRequest request =
                    FetchRequest.get(URI.create("https://issuer.example/"), FetchRules.DEFAULT);
            assertThat(failure(guarded, request)).isEqualTo(Kind.ADDRESS_REFUSED);
        }
    }

    @Test
    void connectsToTheCheckedAddressAndResolvesOnlyOnce() throws FetchFailure {
        // A name only our resolver knows: had anything resolved it again, nothing would connect.
        AtomicInteger asked = new AtomicInteger();
        AddressResolver rebinding =
                _ ->
                        List.of(
                                InetAddress.ofLiteral(
                                        asked.getAndIncrement() == 0
                                                ? "127.0.0.1"
                                                : "169.254.169.254"));
        try (HttpsIssuerServer named = HttpsIssuerServer.start(vertx, ca.issue("issuer.invalid"));
                GuardedFetcher guarded = new GuardedFetcher(vertx, rebinding)) {
            named.on("/a", Answer.json("{}"));
            URI uri = URI.create("https://issuer.invalid:" + named.port() + "/a");
            assertThat(guarded.send(FetchRequest.get(uri, rules())).status()).isEqualTo(200);
            assertThat(asked).hasValue(1);
            assertThat(named.seen().getFirst().host()).isEqualTo("issuer.invalid:" + named.port());
            // The next request asks anew, and a kept connection does not save it.
            assertThat(failure(guarded, FetchRequest.get(uri, rules())))
                    .isEqualTo(Kind.ADDRESS_REFUSED);
        }
    }

    @Test
    void triesTheNextAddressWhenOneDoesNotConnect() throws FetchFailure {
        AddressResolver two =
                _ -> List.of(InetAddress.ofLiteral("::1"), InetAddress.ofLiteral("127.0.0.1"));
        server.on("/a", Answer.json("{}"));
        try (GuardedFetcher guarded = new GuardedFetcher(vertx, two)) {
            assertThat(guarded.send(get("/a")).status()).isEqualTo(200);
        }
    }

    @Test
    void reachesIpv6AddressesByNameAndByLiteral() throws FetchFailure {
        AddressResolver six = _ -> List.of(InetAddress.ofLiteral("::1"));
        try (HttpsIssuerServer onSix =
                        HttpsIssuerServer.start(vertx, ca.issue("localhost", "::1"), "::1");
                GuardedFetcher guarded = new GuardedFetcher(vertx, six)) {
            onSix.on("/a", Answer.json("{}"));
            for (String host : List.of("localhost", "[::1]")) {
                URI uri = URI.create("https://" + host + ":" + onSix.port() + "/a");
                assertThat(guarded.send(FetchRequest.get(uri, rules())).status()).isEqualTo(200);
                assertThat(onSix.seen().getLast().host()).isEqualTo(host + ":" + onSix.port());
            }
        }
    }

    @Test
    void aNameThatDoesNotResolveOrNotInTimeIsAFailure() {
        CountDownLatch never = new CountDownLatch(1);
        AddressResolver unknown =
                host -> {
                    throw new UnknownHostException(host);
                };
        AddressResolver hanging =
                _ -> {
                    try {
                        never.await();
                    } catch (InterruptedException _) {
                        Thread.currentThread().interrupt();
                    }
                    return List.of();
                };
        for (AddressResolver resolver : List.of(unknown, hanging)) {
            try (GuardedFetcher guarded = new GuardedFetcher(vertx, resolver)) {
                FetchRequest request =
                        FetchRequest.get(
                                URI.create("https://issuer.example/"),
                                FetchRules.DEFAULT.withDeadline(SOON));
                assertThat(failure(guarded, request)).isEqualTo(Kind.NAME_UNRESOLVED);
            }
        }
    }

    @Test
    void refusesToBlockAnEventLoop() throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        vertx.runOnContext(_ -> {
            thrown.set(
                    catchThrowableOfType(
                            IllegalStateException.class, () -> fetcher.send(get("/a"))));
            done.countDown();
        });
        done.await();
        assertThat(thrown.get()).isNotNull();
    }

    @Test
    void failuresQuoteNothingOfRequestOrAnswer() {
        server.on("/secret-path", Answer.redirect("https://evil.example/leak"));
        FetchFailure failure =
                catchThrowableOfType(
                        FetchFailure.class,
                        () -> fetcher.send(get("/secret-path").withBearer(Secret.of("bearer-x"))));
        assertThat(failure.getMessage()).doesNotContain("secret-path", "bearer-x", "leak");
    }
}
