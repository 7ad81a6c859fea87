package dev.tollbridge.bridge.token.keys;

import static dev.tollbridge.bridge.testing.HttpsIssuerServer.DISCOVERY;
import static dev.tollbridge.bridge.testing.HttpsIssuerServer.KEYS;
import static dev.tollbridge.bridge.token.keys.PublishedSets.ec;
import static dev.tollbridge.bridge.token.keys.PublishedSets.published;
import static dev.tollbridge.bridge.token.keys.PublishedSets.raw;
import static dev.tollbridge.bridge.token.keys.PublishedSets.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.jwk.JWK;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.KeySource;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Network;
import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import dev.tollbridge.bridge.fetch.GuardedFetcher;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.testing.HttpsIssuerServer;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import dev.tollbridge.bridge.tls.ThrowawayCa;
import dev.tollbridge.bridge.token.VerificationKey;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against a real https server; only time is made up.
class JwksIssuerKeysTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final JWK OLD = ec("old");
    private static final JWK NEW = ec("new");

    private static Vertx vertx;
    private static ThrowawayCa ca;

    @TempDir private Path directory;
    private final MovableClock clock = new MovableClock();
    private HttpsIssuerServer server;
    private GuardedFetcher fetcher;
    private JwksIssuerKeys keys;

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
    void serve() throws IOException {
        server = HttpsIssuerServer.start(vertx, ca);
        fetcher = new GuardedFetcher(vertx);
        Files.writeString(directory.resolve("ca.pem"), ca.certificatePem());
        keys = newKeys();
    }

    @AfterEach
    void close() {
        keys.close();
        fetcher.close();
        server.close();
    }

    private JwksIssuerKeys newKeys() {
        return new JwksIssuerKeys(fetcher, clock, KeyTimings.DEFAULT, directory.resolve("jwks"));
    }

    private TrustedIssuer issuer(String name, KeySource source) {
        return issuer(name, source, new Network(true, "ca.pem"), directory);
    }

    private TrustedIssuer issuer(
            String name, KeySource source, Network network, @Nullable Path folder) {
        return new TrustedIssuer(
                name,
                server.url(),
                "https://bridge.example",
                null,
                source,
                folder,
                Set.of("ES256", "RS256"),
                Map.of(),
                List.of(),
                null,
                Replay.SINGLE_USE,
                null,
                Duration.ofHours(1),
                Duration.ofSeconds(30),
                false,
                false,
                false,
                null,
                network,
                true,
                Duration.ofHours(1));
    }

    private TrustedIssuer discovered() {
        return issuer("ci", new KeySource.Discovery());
    }

    private TrustedIssuer configured(TrustedIssuer issuer) {
        keys.configure(List.of(issuer));
        return issuer;
    }

    private TrustedIssuer warmed(TrustedIssuer issuer) {
        configured(issuer);
        keys.warm(LONG);
        return issuer;
    }

    private RefusalReason refusal(TrustedIssuer issuer, @Nullable String keyId) {
        return refused(issuer, keyId).reason();
    }

    private Refusal refused(TrustedIssuer issuer, @Nullable String keyId) {
        return catchThrowableOfType(Refusal.class, () -> keys.key(issuer, "ES256", keyId));
    }

    private IssuerKeyStatus status() {
        return keys.status().getFirst();
    }

    private void pass(Duration time) {
        clock.move(time);
    }

    @Test
    void findsKeysByDiscovery() {
        server.publish(set(OLD));
        TrustedIssuer issuer = warmed(discovered());
        VerificationKey key = keys.key(issuer, "ES256", "old");
        assertThat(key.keyId()).isEqualTo("old");
        assertThat(keys.keyAtHand(issuer, "ES256", "old")).isSameAs(key);
        assertThat(status().state()).isEqualTo(IssuerKeyStatus.State.FRESH);
        assertThat(status().keys()).isEqualTo(1);
        assertThat(status().lastError()).isNull();
    }

    @Test
    void fetchesOnFirstUseWhenNobodyHasBefore() {
        server.publish(set(OLD));
        TrustedIssuer issuer = configured(discovered());
        assertThat(keys.keyAtHand(issuer, "ES256", "old")).isNull();
        assertThat(keys.key(issuer, "ES256", "old").keyId()).isEqualTo("old");
    }

    @Test
    void aKnownKeyCostsNoRequest() {
        server.publish(set(OLD));
        TrustedIssuer issuer = warmed(discovered());
        for (int i = 0; i < 1000; i++) {
            keys.key(issuer, "ES256", "old");
        }
        assertThat(server.requests(KEYS)).isEqualTo(1);
        assertThat(server.requests(DISCOVERY)).isEqualTo(1);
    }

    @Test
    void takesKeysFromAUrlWithoutDiscovery() {
        server.publish(set(OLD));
        TrustedIssuer issuer = warmed(issuer("ci", new KeySource.Url(server.url(KEYS))));
        assertThat(keys.key(issuer, "ES256", "old")).isNotNull();
        assertThat(server.requests(DISCOVERY)).isZero();
    }

    @Test
    void takesKeysFromTheDocumentWithoutTheNetwork() {
        TrustedIssuer issuer = configured(issuer("ci", new KeySource.Inline(set(OLD))));
        assertThat(keys.key(issuer, "ES256", "old")).isNotNull();
        assertThat(refusal(issuer, "new")).isEqualTo(RefusalReason.KEY_UNKNOWN);
        pass(Duration.ofDays(400));
        assertThat(keys.key(issuer, "ES256", "old")).isNotNull();
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void takesKeysFromAFileAndReadsItAgainWhenItChanges() throws IOException {
        Path file = directory.resolve("keys.json");
        Files.writeString(file, set(OLD));
        TrustedIssuer issuer = configured(issuer("ci", new KeySource.File("keys.json")));
        assertThat(keys.key(issuer, "ES256", "old")).isNotNull();
        Files.writeString(file, set(NEW));
        assertThat(keys.key(issuer, "ES256", "new")).isNotNull();
        assertThat(refusal(issuer, "old")).isEqualTo(RefusalReason.KEY_UNKNOWN);
        Files.writeString(file, set(OLD));
        pass(Duration.ofSeconds(2));
        keys.warm(LONG);
        assertThat(keys.keyAtHand(issuer, "ES256", "old")).isNotNull();
    }

    @Test
    void aFileThatBreaksLeavesTheKeysThatWereThere() throws IOException {
        Path file = directory.resolve("keys.json");
        Files.writeString(file, set(OLD));
        TrustedIssuer issuer = configured(issuer("ci", new KeySource.File("keys.json")));
        Files.writeString(file, "{");
        pass(Duration.ofSeconds(2));
        keys.warm(LONG);
        assertThat(keys.key(issuer, "ES256", "old")).isNotNull();
        assertThat(status().lastError()).isNotNull();
    }

    @Test
    void asksAnApiServerWithItsAuthorityAndATokenReadEachTime() throws IOException {
        server.on("/openid/v1/jwks", Answer.json(set(OLD)));
        Path token = directory.resolve("token");
        Files.writeString(token, "first\n");
        TrustedIssuer issuer =
                warmed(
                        issuer(
                                "ci",
                                new KeySource.ApiServer(server.url(), "ca.pem", "token"),
                                Network.DEFAULT,
                                directory));
        assertThat(keys.key(issuer, "ES256", "old")).isNotNull();
        Files.writeString(token, "second");
        keys.refresh("ci");
        assertThat(server.seen())
                .extracting(HttpsIssuerServer.Seen::authorization)
                .containsExactly("Bearer first", "Bearer second");
    }

    @Test
    void sendsNoTokenToAnybodyElse() {
        server.publish(set(OLD));
        warmed(discovered());
        assertThat(server.seen())
                .extracting(HttpsIssuerServer.Seen::authorization)
                .containsOnly("");
    }

    @Test
    void rule2_aCustomResourceNamesNoFiles() {
        TrustedIssuer issuer =
                configured(issuer("ci", new KeySource.File("/etc/passwd"), Network.DEFAULT, null));
        assertThat(refusal(issuer, "old")).isEqualTo(RefusalReason.ISSUER_UNAVAILABLE);
        assertThat(status().lastError()).contains("names no files");
    }

    @Test
    void anIssuerThatIsNotConfiguredCostsNoRequest() {
        server.publish(set(OLD));
        TrustedIssuer issuer = discovered();
        assertThat(refusal(issuer, "old")).isEqualTo(RefusalReason.ISSUER_UNKNOWN);
        keys.refreshDue();
        assertThat(server.seen()).isEmpty();
    }

    @Test
    void refusesADiscoveryDocumentOfAnotherIssuer() {
        server.publish(set(OLD));
        for (String document :
                List.of(
                        "{\"issuer\":\""
                                + server.url()
                                + "/\",\"jwks_uri\":\""
                                + server.url(KEYS)
                                + "\"}",
                        "{\"jwks_uri\":\"" + server.url(KEYS) + "\"}",
                        "{\"issuer\":\"" + server.url() + "\"}",
                        "{\"issuer\":\"" + server.url() + "\",\"jwks_uri\":\"http://localhost/\"}",
                        "{\"issuer\":\"" + server.url() + "\",\"jwks_uri\":\"file:///etc/passwd\"}",
                        "{\"issuer\":\"" + server.url() + "\",\"jwks_uri\":7}",
                        "{\"issuer\":\"x\",\"issuer\":\"" + server.url() + "\"}",
                        "<html>")) {
            server.on(DISCOVERY, Answer.json(document));
            TrustedIssuer issuer =
                    warmed(issuer("n" + document.hashCode(), new KeySource.Discovery()));
            assertThat(refusal(issuer, "old")).isEqualTo(RefusalReason.ISSUER_UNAVAILABLE);
        }
        assertThat(server.requests(KEYS)).isZero();
    }

    @Test
    void refusesAPrivateIssuerUnlessConfigured() {
        server.publish(set(OLD));
        TrustedIssuer issuer =
                warmed(
                        issuer(
                                "ci",
                                new KeySource.Discovery(),
                                new Network(false, "ca.pem"),
                                directory));
        assertThat(refusal(issuer, "old")).isEqualTo(RefusalReason.ISSUER_UNAVAILABLE);
        assertThat(server.seen()).isEmpty();
        assertThat(status().lastError()).contains("loopback");
    }

    @Test
    void aJwksUriAtAMetadataServiceIsNotFollowed() {
        server.on(
                DISCOVERY,
                Answer.json(
                        "{\"issuer\":\""
                                + server.url()
                                + "\",\"jwks_uri\":\"https://169.254.169.254/keys\"}"));
        TrustedIssuer issuer = warmed(discovered());
        assertThat(refusal(issuer, "old")).isEqualTo(RefusalReason.ISSUER_UNAVAILABLE);
        assertThat(status().lastError()).contains("metadata");
    }

    @Test
    void whateverTheServerAnswersInsteadOfKeysIsUnavailable() {
        List<Answer> answers =
                List.of(
                        Answer.redirect("https://localhost/elsewhere"),
                        Answer.status(500),
                        Answer.status(404),
                        Answer.huge(200_000),
                        Answer.json("garbage"),
                        Answer.json("{\"keys\":1}"),
                        Answer.typed("text/html", "<html></html>"),
                        Answer.cut());
        int n = 0;
        for (Answer answer : answers) {
            server.publish(set(OLD)).on(KEYS, answer);
            TrustedIssuer issuer = warmed(issuer("n" + n++, new KeySource.Discovery()));
            Refusal refused = refused(issuer, "old");
            assertThat(refused.reason()).isEqualTo(RefusalReason.ISSUER_UNAVAILABLE);
            assertThat(refused.retryAfter()).isNotNull();
            assertThat(status().state()).isEqualTo(IssuerKeyStatus.State.UNAVAILABLE);
        }
    }

    @Test
    void theContentTypeOfAKeySetDoesNotMatter() {
        server.publish(set(OLD)).on(KEYS, Answer.typed("text/plain", set(OLD)));
        assertThat(keys.key(warmed(discovered()), "ES256", "old")).isNotNull();
    }

    @Test
    void oneBadKeySpoilsNoOther() {
        server.publish(raw("{\"kty\":\"RSA\",\"n\":\"!\"}", published(OLD)));
        assertThat(keys.key(warmed(discovered()), "ES256", "old")).isNotNull();
        assertThat(status().skipped()).hasSize(1);
    }

    @Test
    void aNewKeyIsFoundAtItsFirstUse() {
        server.publish(set(OLD));
        TrustedIssuer issuer = warmed(discovered());
        server.publish(set(OLD, NEW));
        pass(Duration.ofSeconds(5));
        assertThat(keys.key(issuer, "ES256", "new")).isNotNull();
        assertThat(server.requests(KEYS)).isEqualTo(2);
        assertThat(server.requests(DISCOVERY)).isEqualTo(1);
    }

    @Test
    void aKeyThatDisappearsStopsVerifyingAtOnce() {
        server.publish(set(OLD, NEW));
        TrustedIssuer issuer = warmed(discovered());
        server.publish(set(NEW));
        keys.refresh("ci");
        assertThat(refusal(issuer, "old")).isEqualTo(RefusalReason.KEY_UNKNOWN);
    }

    @Test
    void anUnknownKeyIdIsUnknownAfterOneLookAndCoolsDown() {
        server.publish(set(OLD));
        TrustedIssuer issuer = warmed(discovered());
        pass(Duration.ofSeconds(5));
        for (int i = 0; i < 9; i++) {
            assertThat(refusal(issuer, "nope")).isEqualTo(RefusalReason.KEY_UNKNOWN);
            pass(Duration.ofSeconds(1));
        }
        assertThat(server.requests(KEYS)).isEqualTo(2);
        pass(Duration.ofSeconds(2));
        assertThat(refusal(issuer, "nope")).isEqualTo(RefusalReason.KEY_UNKNOWN);
        assertThat(server.requests(KEYS)).isEqualTo(3);
    }

    @Test
    void aThousandUnknownKeyIdsAtOnceCostOneRequest() throws Exception {
        server.publish(set(OLD));
        TrustedIssuer issuer = warmed(discovered());
        pass(Duration.ofSeconds(5));
        List<Future<RefusalReason>> refusals = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 1000; i++) {
                String keyId = "unknown-" + i;
                refusals.add(callers.submit(() -> refusal(issuer, keyId)));
            }
            for (Future<RefusalReason> refusal : refusals) {
                assertThat(refusal.get()).isEqualTo(RefusalReason.KEY_UNKNOWN);
            }
        }
        assertThat(server.requests(KEYS)).isEqualTo(2);
    }

    @Test
    void aFloodOfUnknownKeyIdsIsToldToWaitAndKnownKeysAreServed() {
        server.publish(set(OLD));
        TrustedIssuer issuer = warmed(discovered());
        Refusal last = refused(issuer, "first");
        for (int second = 0; second < 60; second++) {
            pass(Duration.ofSeconds(1).plusMillis(1));
            last = refused(issuer, "flood-" + second);
            keys.key(issuer, "ES256", "old");
        }
        assertThat(last.reason()).isEqualTo(RefusalReason.ISSUER_UNAVAILABLE);
        assertThat(last.retryAfter()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(10));
        // The first look, four at once, one per ten seconds.
        assertThat(server.requests(KEYS)).isBetween(6L, 12L);
    }

    @Test
    void anOversizedKeyIdCostsNothing() {
        server.publish(set(OLD));
        TrustedIssuer issuer = warmed(discovered());
        pass(Duration.ofSeconds(5));
        assertThat(refusal(issuer, "x".repeat(257))).isEqualTo(RefusalReason.KEY_UNKNOWN);
        assertThat(server.requests(KEYS)).isEqualTo(1);
    }

    @Test
    void callersShareOneFlight() throws Exception {
        Promise<Void> gate = Promise.promise();
        server.publish(set(OLD)).on(KEYS, Answer.after(gate.future(), Answer.json(set(OLD))));
        TrustedIssuer issuer = configured(issuer("ci", new KeySource.Url(server.url(KEYS))));
        List<Future<VerificationKey>> found = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                found.add(callers.submit(() -> keys.key(issuer, "ES256", "old")));
            }
            gate.complete();
            for (Future<VerificationKey> key : found) {
                assertThat(key.get().keyId()).isEqualTo("old");
            }
        }
        assertThat(server.requests(KEYS)).isEqualTo(1);
    }

    @Test
    void refreshesAheadOfTime() {
        server.publish(set(OLD));
        TrustedIssuer issuer = warmed(discovered());
        server.publish(set(NEW));
        pass(Duration.ofMinutes(7));
        keys.warm(LONG);
        assertThat(keys.keyAtHand(issuer, "ES256", "old")).isNotNull();
        pass(Duration.ofMinutes(1));
        keys.warm(LONG);
        assertThat(keys.keyAtHand(issuer, "ES256", "new")).isNotNull();
        assertThat(keys.keyAtHand(issuer, "ES256", "old")).isNull();
    }

    @Test
    void duringAnOutageKnownKeysServeForABoundedTime() {
        server.publish(set(OLD));
        TrustedIssuer issuer = warmed(discovered());
        server.on(KEYS, Answer.status(503)).on(DISCOVERY, Answer.status(503));
        pass(Duration.ofHours(11));
        assertThat(keys.key(issuer, "ES256", "old")).isNotNull();
        assertThat(status().state()).isEqualTo(IssuerKeyStatus.State.STALE);
        Refusal unknown = refused(issuer, "new");
        assertThat(unknown.reason()).isEqualTo(RefusalReason.ISSUER_UNAVAILABLE);
        pass(Duration.ofHours(1));
        assertThat(refusal(issuer, "old")).isEqualTo(RefusalReason.ISSUER_UNAVAILABLE);
        server.publish(set(OLD));
        pass(Duration.ofMinutes(1));
        keys.warm(LONG);
        assertThat(keys.key(issuer, "ES256", "old")).isNotNull();
        assertThat(status().lastError()).isNull();
    }

    @Test
    void duringAnOutageAttemptsBecomeRarer() {
        TrustedIssuer issuer = warmed(discovered());
        for (int second = 0; second < 600; second++) {
            pass(Duration.ofSeconds(1));
            keys.warm(LONG);
        }
        assertThat(server.requests(DISCOVERY)).isBetween(10L, 18L);
        assertThat(refusal(issuer, "old")).isEqualTo(RefusalReason.ISSUER_UNAVAILABLE);
    }

    @Test
    void anIssuerThatMovesItsKeysIsDiscoveredAnew() {
        server.publish(set(OLD));
        TrustedIssuer issuer = warmed(discovered());
        server.on(KEYS, Answer.status(404));
        server.on("/moved", Answer.json(set(NEW)));
        server.on(
                DISCOVERY,
                Answer.json(
                        "{\"issuer\":\""
                                + server.url()
                                + "\",\"jwks_uri\":\""
                                + server.url("/moved")
                                + "\"}"));
        assertThat(keys.refresh("ci")).isFalse();
        assertThat(keys.refresh("ci")).isTrue();
        assertThat(keys.key(issuer, "ES256", "new")).isNotNull();
    }

    @Test
    void aRestartWhileTheIssuerIsDownUsesTheKeptSet() throws IOException {
        server.publish(set(OLD));
        warmed(discovered());
        Path kept = directory.resolve("jwks/ci.json");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
                .isEqualTo("rw-------");
        server.on(DISCOVERY, Answer.status(503)).on(KEYS, Answer.status(503));
        keys.close();
        keys = newKeys();
        pass(Duration.ofHours(1));
        TrustedIssuer issuer = warmed(discovered());
        assertThat(keys.key(issuer, "ES256", "old")).isNotNull();
        assertThat(status().state()).isEqualTo(IssuerKeyStatus.State.STALE);
        pass(Duration.ofHours(11));
        assertThat(refusal(issuer, "old")).isEqualTo(RefusalReason.ISSUER_UNAVAILABLE);
    }

    @Test
    void aKeptSetOfAnotherSourceOrThatOthersCouldWriteIsNotUsed() throws IOException {
        server.publish(set(OLD));
        warmed(discovered());
        server.on(DISCOVERY, Answer.status(503)).on(KEYS, Answer.status(503));
        keys.close();
        Path kept = directory.resolve("jwks/ci.json");

        keys = newKeys();
        TrustedIssuer changed = warmed(issuer("ci", new KeySource.Url(server.url(KEYS))));
        assertThat(refusal(changed, "old")).isEqualTo(RefusalReason.ISSUER_UNAVAILABLE);
        keys.close();

        Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rw-rw----"));
        keys = newKeys();
        assertThat(refusal(warmed(discovered()), "old"))
                .isEqualTo(RefusalReason.ISSUER_UNAVAILABLE);
        keys.close();

        Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rw-------"));
        String content = Files.readString(kept);
        for (String damaged :
                List.of(
                        "",
                        "{}",
                        content.substring(0, content.length() / 2),
                        content.replace("\"version\":1", "\"version\":2"),
                        content.replaceAll("\"fetchedAt\":\\d+", "\"fetchedAt\":9999999999999"))) {
            Files.writeString(kept, damaged);
            keys = newKeys();
            assertThat(refusal(warmed(discovered()), "old"))
                    .isEqualTo(RefusalReason.ISSUER_UNAVAILABLE);
            keys.close();
        }

        Files.writeString(kept, content);
        keys = newKeys();
        assertThat(keys.key(warmed(discovered()), "ES256", "old")).isNotNull();
    }

    @Test
    void aReloadKeepsTheKeysOfIssuersThatMeanTheSame() {
        server.publish(set(OLD));
        TrustedIssuer before = warmed(discovered());
        TrustedIssuer after = configured(discovered());
        assertThat(keys.keyAtHand(after, "ES256", "old")).isNotNull();
        // An exchange that began before the reload ends with what it began with.
        assertThat(keys.key(before, "ES256", "old")).isNotNull();
        assertThat(server.requests(KEYS)).isEqualTo(1);
    }

    @Test
    void aReloadForgetsRemovedAndChangedIssuers() {
        server.publish(set(OLD));
        TrustedIssuer removed = warmed(discovered());
        assertThat(directory.resolve("jwks/ci.json")).exists();
        keys.configure(List.of());
        assertThat(refusal(removed, "old")).isEqualTo(RefusalReason.ISSUER_UNKNOWN);
        assertThat(directory.resolve("jwks/ci.json")).doesNotExist();
        assertThat(keys.status()).isEmpty();

        TrustedIssuer changed = configured(issuer("ci", new KeySource.Inline(set(NEW))));
        assertThat(refusal(changed, "old")).isEqualTo(RefusalReason.KEY_UNKNOWN);
        assertThat(refusal(removed, "old")).isEqualTo(RefusalReason.ISSUER_UNKNOWN);
    }

    @Test
    void issuersNeverShareKeys() {
        server.publish(set(OLD));
        TrustedIssuer one = issuer("one", new KeySource.Inline(set(OLD)));
        TrustedIssuer two = issuer("two", new KeySource.Inline(set(NEW)));
        keys.configure(List.of(one, two));
        assertThat(keys.key(one, "ES256", "old")).isNotNull();
        assertThat(refusal(two, "old")).isEqualTo(RefusalReason.KEY_UNKNOWN);
    }

    @Test
    void aCallerWaitsForAnIssuerOnlySoLong() {
        CompletableFuture<Runnable> never = new CompletableFuture<>();
        KeyTimings impatient =
                new KeyTimings(
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(2),
                        Duration.ofHours(12),
                        Duration.ofMillis(1),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        4,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(2),
                        Duration.ofMinutes(1),
                        Duration.ofHours(1));
        try (JwksIssuerKeys hanging =
                new JwksIssuerKeys(fetcher, clock, impatient, null, never::complete)) {
            TrustedIssuer issuer = discovered();
            hanging.configure(List.of(issuer));
            Refusal refused =
                    catchThrowableOfType(Refusal.class, () -> hanging.key(issuer, "ES256", "old"));
            assertThat(refused.reason()).isEqualTo(RefusalReason.ISSUER_UNAVAILABLE);
            assertThat(never).isDone();
        }
    }
}
