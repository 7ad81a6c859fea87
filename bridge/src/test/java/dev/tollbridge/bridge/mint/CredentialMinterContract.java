package dev.tollbridge.bridge.mint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.fetch.AddressResolver;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.fetch.FetchFailure;
import dev.tollbridge.bridge.fetch.FetchRequest;
import dev.tollbridge.bridge.fetch.FetchRules;
import dev.tollbridge.bridge.fetch.GuardedFetcher;
import dev.tollbridge.bridge.mint.GuardedMinter.GuardParts;
import dev.tollbridge.bridge.mint.federation.FederationTokens;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.policy.GivenDecision;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.signing.CryptoProvider;
import dev.tollbridge.bridge.signing.Keyring;
import dev.tollbridge.bridge.signing.KeyringSettings;
import dev.tollbridge.bridge.signing.OwnIssuer;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.testing.HttpsIssuerServer;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import dev.tollbridge.bridge.tls.ThrowawayCa;
import dev.tollbridge.bridge.token.GivenIdentity;
import dev.tollbridge.bridge.token.SenderProof;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every minter of a provider keeps, whatever the provider does. A kind's test extends this
/// and says how its provider answers when all is well.
///
/// The provider is a scripted https server on this machine; the guard around the minter is the real
/// one, with pauses that take no time.
public abstract class CredentialMinterContract {

    protected static final String ISSUANCE = "iss_01JD7W3V5P8Q2R4T6Y8Z0A1B2C";
    protected static final String EXTERNAL_URL = "https://bridge.example";

    private static Vertx vertx;
    private static ThrowawayCa ca;
    private static boolean warm;

    @TempDir protected Path data;

    /// Libraries of providers judge dates by the real clock.
    protected final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    protected final InstantSource clock = InstantSource.fixed(now);

    private ExecutorService threads;
    private GuardedFetcher fetcher;
    private Keyring keyring;
    private final List<String> observed = new ArrayList<>();
    protected HttpsIssuerServer provider;

    @BeforeAll
    static void startOnce() {
        CryptoProvider.install();
        vertx = Vertx.vertx();
        ca = ThrowawayCa.create(InstantSource.system());
    }

    @BeforeEach
    void start() {
        threads = Executors.newVirtualThreadPerTaskExecutor();
        provider = HttpsIssuerServer.start(vertx, ca);
        fetcher = new GuardedFetcher(vertx, AddressResolver.SYSTEM, GuardedFetcher.FEW_CONNECTIONS);
        keyring = Keyring.open(data, KeyringSettings.DEFAULT, clock);
        warmUp();
    }

    /// The first request of a JVM loads what TLS takes; on a busy machine that is longer than a
    /// provider has.
    private void warmUp() {
        if (warm) {
            return;
        }
        try {
            fetcher.send(
                    FetchRequest.get(
                            URI.create(provider.url("/warm-up")),
                            FetchRules.DEFAULT
                                    .withAllowPrivate(true)
                                    .withTrustedPem(ca.certificatePem())
                                    .withDeadline(Duration.ofMinutes(1))));
        } catch (FetchFailure e) {
            // Loaded all the same.
        }
        provider.reset();
        warm = true;
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        fetcher.close();
        provider.close();
        keyring.close();
    }

    /// The minter under test, asking `provider` only.
    protected abstract CredentialMinter minter();

    /// A target of its kind, whose endpoints are below {@link HttpsIssuerServer#url()} of
    /// `provider`.
    protected abstract Target target();

    /// Makes the provider give credentials that end then.
    protected abstract void willing(Instant expires);

    /// Makes every request that mints (not those before it, such as a token exchange that the
    /// provider's protocol wants first) be answered like this. By default all requests.
    protected void answers(Answer answer) {
        provider.reset().otherwise(answer);
    }

    /// How long the decision lets a credential live.
    protected Duration ttl() {
        return Duration.ofHours(1);
    }

    /// The scope that was granted.
    protected Set<String> scope() {
        return Set.of();
    }

    /// Claims of the workload, which templates read.
    protected Map<String, Object> claims() {
        return Map.of("repository", "acme/shop", "run_id", "77");
    }

    /// Whether an answer that got lost may have been a credential. Not so where what is tested is a
    /// request before the one that mints.
    protected boolean lostAnswerLeavesADoubt() {
        return true;
    }

    /// A piece of the credential that must not be in any message.
    protected abstract String secretPart(MintedCredential credential);

    protected final GuardedFetcher fetcher() {
        return fetcher;
    }

    protected final Keyring keyring() {
        return keyring;
    }

    protected final FederationTokens federation() {
        return new FederationTokens(
                keyring.signer(OwnIssuer.FEDERATION),
                OwnIssuer.FEDERATION.url(EXTERNAL_URL),
                clock);
    }

    /// Whom to believe the provider's certificate from.
    protected final String authorityPem() {
        return ca.certificatePem();
    }

    /// The provider, with its throwaway certificate.
    protected final AllowedEndpoints endpoints() {
        return AllowedEndpoints.of(List.of(provider.url()), ca.certificatePem());
    }

    protected final Decision decision() {
        return decision(target());
    }

    /// The decision for another target than {@link #target()}.
    protected final Decision decision(Target target) {
        return GivenDecision.of(
                GivenIdentity.of(
                        "github:repo:1001:2002",
                        new Claims(new LinkedHashMap<String, @Nullable Object>(claims())),
                        now),
                target,
                new TreeSet<>(scope()),
                ttl(),
                now,
                SenderProof.NONE);
    }

    /// The minter as the bridge uses it.
    protected final GuardedMinter guarded(MintLimits limits) {
        GuardedMinter guarded =
                new GuardedMinter(
                        minter(),
                        limits,
                        new GuardParts(
                                clock,
                                System::nanoTime,
                                new Random(1),
                                _ -> {},
                                threads,
                                (kind, target, outcome, _) ->
                                        observed.add(kind + " " + target + " " + outcome)));
        // As when a configuration is loaded: keys are not made within an exchange's deadline.
        guarded.prepare(target());
        return guarded;
    }

    protected final MintedCredential mint() throws MintFailure {
        return guarded(MintLimits.DEFAULT).mint(decision(), ISSUANCE);
    }

    protected final MintFailure failure() {
        return failure(MintLimits.DEFAULT);
    }

    private MintFailure failure(MintLimits limits) {
        MintFailure failure =
                catchThrowableOfType(
                        MintFailure.class, () -> guarded(limits).mint(decision(), ISSUANCE));
        assertThat(failure).as("minting fails").isNotNull();
        assertThat(failure.detail()).isNotBlank().doesNotContain("eyJ");
        return failure;
    }

    @Test
    void mintsElsewhere() {
        assertThat(minter().inProcess()).isFalse();
        assertThat(minter().kind()).isEqualTo(target().kind());
    }

    @Test
    void givesWhatTheProviderGaveAndSaysWhenItEnds() throws MintFailure {
        Instant expires = now.plus(ttl());
        willing(expires);
        MintedCredential credential = mint();
        assertThat(credential.expiresAt()).isEqualTo(expires);
        assertThat(credential.value().reveal()).isNotBlank();
        assertThat(credential.toString()).doesNotContain(secretPart(credential));
        assertThat(observed).containsExactly(minter().kind() + " " + target().name() + " minted");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403})
    void aProviderThatSaysNoIsTargetRefusedAndNothingIsLeftInDoubt(int status) {
        answers(Answer.status(status));
        MintFailure failure = failure();
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
        assertThat(failure.certain()).isTrue();
    }

    @Test
    void aProviderThatIsAskedTooOftenIsUnavailableForAsLongAsItSays() {
        answers(request ->
                request.response()
                        .setStatusCode(429)
                        .putHeader("retry-after", "7")
                        .putHeader("content-type", "application/json")
                        // The Kubernetes API says it in the body as well.
                        .end("{\"kind\":\"Status\",\"details\":{\"retryAfterSeconds\":7}}"));
        MintFailure failure = failure();
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
        assertThat(failure.certain()).isTrue();
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503})
    void aBrokenProviderIsUnavailable(int status) {
        answers(Answer.status(status));
        assertThat(failure().reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
    }

    @Test
    void aRedirectIsNotFollowed() {
        answers(Answer.redirect(provider.url("/elsewhere")));
        assertThat(failure().reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
        assertThat(provider.requests("/elsewhere")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "<html>",
                "{\"access_token\":1}",
                "{\"access_token\":\"\",\"expires_in\":3600}",
                "<a><b></a>"
            })
    void anAnswerThatIsNoneIsUnavailable(String body) {
        answers(Answer.status(200, "application/json", body));
        assertThat(failure().reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
    }

    @Test
    void anAnswerOfTwentyMegabytesIsNotRead() {
        answers(Answer.huge(20_000_000));
        assertThat(failure().reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
    }

    @Test
    void silenceEndsAtTheDeadlineAndLeavesADoubt() {
        answers(Answer.silence());
        MintFailure failure = failure(MintLimits.DEFAULT.withDeadline(Duration.ofMillis(200)));
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
        assertThat(failure.certain()).isFalse();
    }

    @Test
    void aConnectionThatIsCutLeavesADoubt() {
        answers(Answer.cut());
        MintFailure failure = failure();
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
        assertThat(failure.certain()).isEqualTo(!lostAnswerLeavesADoubt());
    }

    @Test
    void aCredentialThatHasEndedIsNotGiven() {
        willing(now.minusSeconds(60));
        MintFailure failure = failure();
        assertThat(failure.reason())
                .isIn(RefusalReason.TARGET_REFUSED, RefusalReason.TARGET_UNAVAILABLE);
    }

    @Test
    void aCredentialThatOutlivesTheDecisionIsNotGiven() {
        willing(now.plus(ttl()).plus(Duration.ofHours(13)));
        assertThat(failure().reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
    }

    @Test
    void anEndpointThatNobodyAllowedIsNotAsked() {
        // Whoever writes documents does not choose where the bridge sends its proof.
        MintFailure failure =
                catchThrowableOfType(
                        MintFailure.class,
                        () -> minterWith(AllowedEndpoints.NONE).mint(decision(), ISSUANCE));
        assertThat(failure).isNotNull();
        assertThat(failure.certain()).isTrue();
        assertThat(provider.seen()).isEmpty();
    }

    /// The minter under test, with other endpoints allowed.
    protected abstract CredentialMinter minterWith(AllowedEndpoints endpoints);
}
