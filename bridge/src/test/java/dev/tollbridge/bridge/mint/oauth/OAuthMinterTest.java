package dev.tollbridge.bridge.mint.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollbridge.bridge.config.TargetSpec.OAuth;
import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.fetch.FetchRequest;
import dev.tollbridge.bridge.fetch.FetchResponse;
import dev.tollbridge.bridge.mint.CredentialMinter;
import dev.tollbridge.bridge.mint.CredentialMinterContract;
import dev.tollbridge.bridge.mint.IssuedTokenType;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.signing.OwnIssuer;
import dev.tollbridge.bridge.signing.SigningAlgorithm;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import dev.tollbridge.bridge.testing.PostedForm;
import dev.tollbridge.bridge.testing.ShownToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OAuthMinterTest extends CredentialMinterContract {

    private Set<String> granted = Set.of("read", "write");
    private @Nullable String grantType = "token-exchange";
    private @Nullable String clientId;
    private @Nullable String clientAuth;
    private @Nullable String assertionAudience;
    private @Nullable Duration tokenLifetime;
    private @Nullable String revocationEndpoint;
    private @Nullable String algorithm;

    @BeforeAll
    static void warmUp() {
        ShownToken.warmUp();
    }

    @Override
    protected CredentialMinter minter() {
        return minterWith(endpoints());
    }

    @Override
    protected OAuthMinter minterWith(AllowedEndpoints endpoints) {
        return new OAuthMinter(
                federation(), fetcher(), endpoints, clock, RandomGenerator.getDefault());
    }

    @Override
    protected Target target() {
        return target(
                new OAuth(
                        null,
                        provider.url("/token"),
                        grantType,
                        clientId,
                        clientAuth,
                        "https://api.partner.example",
                        List.of("read", "write"),
                        assertionAudience,
                        null,
                        tokenLifetime,
                        revocationEndpoint,
                        algorithm,
                        Map.of("tenant", "acme & sons")));
    }

    private static Target target(OAuth settings) {
        return new Target(
                "partner-api",
                "team-payments@acme.example",
                null,
                Duration.ofHours(1),
                true,
                SenderConstraint.NONE,
                settings,
                null);
    }

    @Override
    protected Set<String> scope() {
        return granted;
    }

    @Override
    protected void willing(Instant expires) {
        partner().answer.put("expires_in", expires.getEpochSecond() - now.getEpochSecond());
    }

    private PartnerEmulator partner() {
        PartnerEmulator partner =
                new PartnerEmulator(
                        () ->
                                new String(
                                        keyring().publicKeys(OwnIssuer.FEDERATION).jwks(),
                                        StandardCharsets.UTF_8),
                        EXTERNAL_URL + "/federation",
                        "target:oauth:partner-api",
                        assertionAudience == null ? provider.url("/token") : assertionAudience,
                        algorithm == null ? "RS256" : algorithm,
                        () -> now);
        provider.reset().on("/token", partner).on("/revoke", partner);
        return partner;
    }

    @Override
    protected String secretPart(MintedCredential credential) {
        return PartnerEmulator.TOKEN;
    }

    @Test
    void exchangesATokenThatNamesThisTargetAndThisServer() throws MintFailure {
        PartnerEmulator partner = partner();
        MintedCredential credential = mint();
        assertThat(credential.tokenType()).isEqualTo("Bearer");
        assertThat(credential.issuedTokenType()).isEqualTo(IssuedTokenType.ACCESS_TOKEN);
        assertThat(credential.revocable()).isFalse();
        assertThat(partner.forms.getFirst())
                .containsOnlyKeys(
                        "grant_type",
                        "subject_token",
                        "subject_token_type",
                        "audience",
                        "scope",
                        "tenant")
                .containsEntry("subject_token_type", "urn:ietf:params:oauth:token-type:jwt")
                .containsEntry("audience", "https://api.partner.example")
                .containsEntry("scope", "read write")
                .containsEntry("tenant", "acme & sons");
    }

    @Test
    void showsItAsAuthorizationGrant() throws MintFailure {
        grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";
        assertionAudience = "https://login.partner.example";
        PartnerEmulator partner = partner();
        mint();
        assertThat(partner.forms.getFirst())
                .containsOnlyKeys("grant_type", "assertion", "audience", "scope", "tenant");
    }

    @Test
    void signsThatItIsTheClient() throws MintFailure {
        clientId = PartnerEmulator.CLIENT;
        clientAuth = "private_key_jwt";
        algorithm = "ES256";
        PartnerEmulator partner = partner();
        mint();
        assertThat(partner.forms.getFirst())
                .containsKeys("client_assertion", "client_assertion_type")
                .containsEntry("client_id", PartnerEmulator.CLIENT);
    }

    @Test
    void namesItselfWhereThatIsAll() throws MintFailure {
        clientId = PartnerEmulator.CLIENT;
        PartnerEmulator partner = partner();
        mint();
        assertThat(partner.forms.getFirst())
                .containsEntry("client_id", PartnerEmulator.CLIENT)
                .doesNotContainKey("client_assertion");
    }

    @Test
    void aClientCannotHaveTheFederationIssuersName() {
        clientId = EXTERNAL_URL + "/federation";
        clientAuth = "private_key_jwt";
        partner();
        assertThat(failure().reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
        assertThat(provider.seen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mac", "DPoP", "N_A", ""})
    void aTokenThatIsNoBearerTokenIsDropped(String type) {
        partner().answer.put("token_type", type);
        MintFailure failure = failure();
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
        assertThat(failure.certain()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"read write admin", "admin", "read\twrite", "READ", "*"})
    void aWiderScopeThanAskedForIsDropped(String scope) {
        partner().answer.put("scope", scope);
        assertThat(failure().detail())
                .isEqualTo("the server gave a token with a scope that was not asked for");
    }

    @Test
    void aScopeThatIsNoTextIsDropped() {
        partner().answer.put("scope", List.of("read"));
        assertThat(failure().reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
    }

    @Test
    void anyScopeIsWiderThanNone() {
        granted = Set.of();
        PartnerEmulator partner = partner();
        partner.answer.put("scope", "read");
        assertThat(failure().reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
        assertThat(partner.forms.getFirst()).doesNotContainKey("scope");
    }

    @ParameterizedTest
    @ValueSource(strings = {"read", "write read", "", "read write"})
    void aNarrowerOrTheSameScopeIsPassedOn(String scope) throws MintFailure {
        partner().answer.put("scope", scope);
        assertThat(mint().value().reveal()).isEqualTo(PartnerEmulator.TOKEN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"refresh_token", "id_token", "saml2"})
    void aTokenOfAnotherTypeIsDropped(String type) {
        partner().answer.put("issued_token_type", "urn:ietf:params:oauth:token-type:" + type);
        assertThat(failure().reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
    }

    @Test
    void aRefreshTokenBesidesIsNotKept() throws MintFailure {
        partner().answer.put("refresh_token", "hush-refresh");
        MintedCredential credential = mint();
        assertThat(credential.value().reveal()).isEqualTo(PartnerEmulator.TOKEN);
    }

    @Test
    void aTokenWithoutAnEndIsDroppedUnlessTheTargetSaysHowLongTheyLive() throws MintFailure {
        partner().answer.remove("expires_in");
        assertThat(failure().detail()).isEqualTo("the server does not say when its token ends");
        tokenLifetime = Duration.ofMinutes(30);
        partner().answer.remove("expires_in");
        assertThat(mint().expiresAt()).isEqualTo(now.plus(Duration.ofMinutes(30)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e9", "99999999999", "-5", "x"})
    void anEndThatIsNoNumberOfSecondsIsNone(String written) {
        partner().answer.put("expires_in", written);
        assertThat(failure().reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
    }

    @Test
    void theOperatorLearnsTheServersCodeAndNothingOfItsText() {
        answers(request -> PartnerEmulator.error(request, 400, "invalid_target"));
        assertThat(failure().detail()).isEqualTo("the provider answers 400 invalid_target");
        answers(request -> PartnerEmulator.error(request, 400, "eyJhbGciOiJSUzI1NiJ9"));
        assertThat(failure().detail()).isEqualTo("the provider answers 400");
        answers(request -> PartnerEmulator.error(request, 400, "a\r\nb"));
        assertThat(failure().detail()).isEqualTo("the provider answers 400");
    }

    @Test
    void endsATokenWhereTheServerSaysHow() throws MintFailure {
        clientId = PartnerEmulator.CLIENT;
        clientAuth = "private_key_jwt";
        revocationEndpoint = provider.url("/revoke");
        PartnerEmulator partner = partner();
        MintedCredential credential = mint();
        assertThat(credential.revocable()).isTrue();
        assertThat(revoke(credential.endedBy())).isTrue();
        assertThat(partner.revoked).containsExactly(PartnerEmulator.TOKEN);
        assertThat(revoke(null)).isFalse();
        provider.reset().otherwise(Answer.status(503));
        assertThatThrownBy(() -> revoke(credential.endedBy())).isInstanceOf(MintFailure.class);
    }

    @Test
    void whatIsDroppedIsEndedWhereTheServerSaysHow() {
        revocationEndpoint = provider.url("/revoke");
        PartnerEmulator partner = partner();
        partner.answer.put("scope", "admin");
        assertThat(failure().reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
        assertThat(partner.revoked).containsExactly(PartnerEmulator.TOKEN);
        partner = partner();
        partner.answer.put("expires_in", 90_000);
        assertThat(failure().reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
        assertThat(partner.revoked).containsExactly(PartnerEmulator.TOKEN);
    }

    private boolean revoke(@Nullable Secret endedBy) throws MintFailure {
        return minterWith(endpoints()).revoke(target(), ISSUANCE, endedBy);
    }

    /// What the presets send and where, without a network.
    @Test
    void presetsSayWhereAndHow() throws MintFailure {
        assertThat(
                        sent(
                                "confluent-cloud",
                                null,
                                "pool-audience",
                                Map.of("identity_pool_id", "p-1")))
                .containsOnlyKeys(
                        "uri",
                        "grant_type",
                        "subject_token",
                        "subject_token_type",
                        "requested_token_type",
                        "expires_in",
                        "identity_pool_id")
                .containsEntry("uri", "https://api.confluent.cloud/sts/v1/oauth2/token")
                .containsEntry("expires_in", "3600");
        assertThat(sent("pulumi-cloud", null, "urn:pulumi:org:acme", Map.of()))
                .containsEntry("uri", "https://api.pulumi.com/api/oauth/token")
                .containsEntry("subject_token_type", "urn:ietf:params:oauth:token-type:id_token")
                .containsEntry("expiration", "3600");
        assertThat(sent("tailscale", "k123", "api.tailscale.com/k123", Map.of()))
                .containsOnlyKeys("uri", "jwt", "client_id")
                .containsEntry("uri", "https://api.tailscale.com/api/v2/oauth/token-exchange");
    }

    private Map<String, String> sent(
            String preset, @Nullable String client, String audience, Map<String, String> more)
            throws MintFailure {
        granted = Set.of();
        List<FetchRequest> requests = new ArrayList<>();
        OAuthMinter minter =
                new OAuthMinter(
                        federation(),
                        request -> {
                            requests.add(request);
                            return new FetchResponse(
                                    200,
                                    Map.of(),
                                    ("{\"access_token\":\"t\",\"token_type\":\"bearer\","
                                                    + "\"expires_in\":3600}")
                                            .getBytes(StandardCharsets.UTF_8));
                        },
                        AllowedEndpoints.NONE,
                        clock,
                        RandomGenerator.getDefault());
        Target target =
                target(
                        new OAuth(
                                preset, null, null, client, null, null, List.of(), audience, null,
                                null, null, null, more));
        minter.prepare(target);
        minter.mint(decision(target), ISSUANCE);
        FetchRequest request = requests.getFirst();
        assertThat(request.rules().allowPrivate()).isFalse();
        Map<String, String> form = PostedForm.of(new String(body(request), StandardCharsets.UTF_8));
        form.put("uri", request.uri().toString());
        return form;
    }

    @Test
    void signingKeysOfTheAlgorithmAreMadeWhenAConfigurationIsLoaded() {
        algorithm = "EdDSA";
        minter().prepare(target());
        assertThat(
                        new String(
                                keyring().publicKeys(OwnIssuer.FEDERATION).jwks(),
                                StandardCharsets.UTF_8))
                .contains("\"" + SigningAlgorithm.EDDSA.joseName() + "\"");
    }

    private static byte[] body(FetchRequest request) {
        return Objects.requireNonNull(request.body());
    }
}
