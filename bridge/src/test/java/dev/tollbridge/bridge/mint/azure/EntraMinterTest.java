package dev.tollbridge.bridge.mint.azure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.config.EntraCloud;
import dev.tollbridge.bridge.config.TargetSpec.Azure;
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
import dev.tollbridge.bridge.signing.OwnIssuer;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import dev.tollbridge.bridge.testing.PostedForm;
import dev.tollbridge.bridge.testing.ShownToken;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class EntraMinterTest extends CredentialMinterContract {

    private static final String MANAGEMENT = "https://management.azure.com/.default";
    private static final String VAULT = "https://vault.azure.net/.default";

    private List<String> targetScopes = List.of(MANAGEMENT);
    private Set<String> granted = Set.of(MANAGEMENT);

    @BeforeAll
    static void warmUp() {
        ShownToken.warmUp();
    }

    @Override
    protected CredentialMinter minter() {
        return minterWith(endpoints());
    }

    @Override
    protected CredentialMinter minterWith(AllowedEndpoints endpoints) {
        return new EntraMinter(federation(), fetcher(), endpoints, clock);
    }

    @Override
    protected Target target() {
        return target(provider.url());
    }

    private Target target(String authority) {
        return new Target(
                "azure-deploy",
                "team-payments@acme.example",
                null,
                Duration.ofHours(2),
                true,
                SenderConstraint.NONE,
                new Azure("contoso.onmicrosoft.com", EntraEmulator.CLIENT, targetScopes, authority),
                null);
    }

    @Override
    protected Set<String> scope() {
        return granted;
    }

    @Override
    protected void willing(Instant expires) {
        answering(wellFormed(expires));
    }

    private Map<String, Object> wellFormed(Instant expires) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("token_type", "Bearer");
        answer.put("expires_in", expires.getEpochSecond() - now.getEpochSecond());
        answer.put("ext_expires_in", 3599);
        answer.put("access_token", EntraEmulator.TOKEN);
        return answer;
    }

    private EntraEmulator answering(Map<String, Object> answer) {
        EntraEmulator emulator =
                new EntraEmulator(
                        () ->
                                new String(
                                        keyring().publicKeys(OwnIssuer.FEDERATION).jwks(),
                                        StandardCharsets.UTF_8),
                        EXTERNAL_URL + "/federation",
                        "target:azure:azure-deploy",
                        "api://AzureADTokenExchange",
                        () -> now,
                        answer);
        provider.reset().on("/contoso.onmicrosoft.com/oauth2/v2.0/token", emulator);
        return emulator;
    }

    @Override
    protected String secretPart(MintedCredential credential) {
        return EntraEmulator.TOKEN;
    }

    @Test
    void showsAnAssertionThatNamesThisTargetAndNoOther() throws MintFailure {
        EntraEmulator entra = answering(wellFormed(now.plusSeconds(3599)));
        MintedCredential credential = mint();
        assertThat(credential.value().reveal()).isEqualTo(EntraEmulator.TOKEN);
        assertThat(credential.tokenType()).isEqualTo("Bearer");
        assertThat(credential.issuedTokenType()).isEqualTo(IssuedTokenType.ACCESS_TOKEN);
        assertThat(credential.revocable()).isFalse();
        assertThat(credential.endedBy()).isNull();
        assertThat(entra.forms).hasSize(1);
        assertThat(entra.forms.getFirst())
                .containsOnlyKeys(
                        "grant_type",
                        "client_id",
                        "scope",
                        "client_assertion_type",
                        "client_assertion")
                .containsEntry("scope", MANAGEMENT);
    }

    @Test
    void entraMayChooseALifeOfNinetyMinutes() throws MintFailure {
        willing(now.plus(Duration.ofMinutes(90)));
        assertThat(mint().expiresAt()).isEqualTo(now.plus(Duration.ofMinutes(90)));
    }

    @Test
    void aLifeOfADayAsOfContinuousAccessEvaluationIsNotPassedOn() {
        willing(now.plus(Duration.ofHours(24)));
        assertThat(failure().reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
    }

    @Test
    void oneOfSeveralResourcesIsAskedFor() throws MintFailure {
        targetScopes = List.of(MANAGEMENT, VAULT);
        granted = Set.of(VAULT);
        EntraEmulator entra = answering(wellFormed(now.plusSeconds(3599)));
        mint();
        assertThat(entra.forms.getFirst()).containsEntry("scope", VAULT);
    }

    @Test
    void aGrantThatNamesNoScopeGetsTheOnlyOneThereIs() throws MintFailure {
        granted = Set.of();
        EntraEmulator entra = answering(wellFormed(now.plusSeconds(3599)));
        mint();
        assertThat(entra.forms.getFirst()).containsEntry("scope", MANAGEMENT);
    }

    @Test
    void twoResourcesInOneTokenAreRefusedWithoutAsking() {
        targetScopes = List.of(MANAGEMENT, VAULT);
        for (Set<String> scope : List.of(Set.of(MANAGEMENT, VAULT), Set.<String>of())) {
            granted = scope;
            willing(now.plusSeconds(3599));
            MintFailure failure = failure();
            assertThat(failure.reason()).isEqualTo(RefusalReason.SCOPE_REFUSED);
            assertThat(failure.certain()).isTrue();
            assertThat(provider.seen()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mac", "DPoP", "pop", "N_A"})
    void aTokenThatIsNoBearerTokenIsDropped(String type) {
        Map<String, Object> answer = wellFormed(now.plusSeconds(3599));
        answer.put("token_type", type);
        answering(answer);
        MintFailure failure = failure();
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
        assertThat(failure.certain()).isTrue();
    }

    @Test
    void aTokenThatDoesNotSayWhenItEndsIsDropped() {
        Map<String, Object> answer = wellFormed(now.plusSeconds(3599));
        answer.remove("expires_in");
        answering(answer);
        assertThat(failure().reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
    }

    @Test
    void aTokenWithAnotherScopeThanAskedForIsDropped() {
        Map<String, Object> answer = wellFormed(now.plusSeconds(3599));
        answer.put("scope", MANAGEMENT + " " + VAULT);
        answering(answer);
        assertThat(failure().reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
    }

    @Test
    void theOperatorLearnsEntrasCodeAndNothingOfItsText() {
        answers(request -> EntraEmulator.error(request, 401, "invalid_client", 700213));
        MintFailure failure = failure();
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
        assertThat(failure.detail())
                .isEqualTo(
                        "the provider answers 401 invalid_client AADSTS700213 (no federated"
                                + " credential of the application fits what the bridge showed: the"
                                + " subject differs)");
    }

    @Test
    void aCodeThatIsNoneIsLeftOut() {
        answers(
                Answer.status(
                        400,
                        "application/json",
                        "{\"error\":\"in valid\\n\",\"error_codes\":[\"eyJ\",1]}"));
        assertThat(failure().detail()).isEqualTo("the provider answers 400");
    }

    @Test
    void anErrorOfTheServersOwnWordsLeavesNoDoubtAndIsTriedAgain() {
        answers(request -> EntraEmulator.error(request, 503, "temporarily_unavailable", 90033));
        MintFailure failure = failure();
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
        assertThat(failure.certain()).isTrue();
        assertThat(provider.seen()).hasSize(3);
    }

    @Test
    void aBare500LeavesADoubtAndIsNotTriedAgain() {
        answers(Answer.status(500));
        assertThat(failure().certain()).isFalse();
        assertThat(provider.seen()).hasSize(1);
    }

    /// What goes where in the clouds whose endpoints are built in: without a network.
    @ParameterizedTest
    @EnumSource(EntraCloud.class)
    void eachCloudIsAskedAtItsOwnEndpointWithItsOwnAudience(EntraCloud cloud) throws Exception {
        List<FetchRequest> sent = new ArrayList<>();
        EntraMinter minter =
                new EntraMinter(
                        federation(),
                        request -> {
                            sent.add(request);
                            return new FetchResponse(
                                    200,
                                    Map.of(),
                                    ("{\"token_type\":\"Bearer\",\"expires_in\":3599,"
                                                    + "\"access_token\":\"t\"}")
                                            .getBytes(StandardCharsets.UTF_8));
                        },
                        AllowedEndpoints.NONE,
                        clock);
        for (String written : List.of(cloud.authority(), cloud.authority() + "/")) {
            sent.clear();
            minter.mint(decision(target(written)), ISSUANCE);
            FetchRequest request = sent.getFirst();
            assertThat(request.uri())
                    .hasToString(cloud.authority() + "/contoso.onmicrosoft.com/oauth2/v2.0/token");
            assertThat(request.rules().allowPrivate()).isFalse();
            String assertion =
                    PostedForm.of(new String(body(request), StandardCharsets.UTF_8))
                            .get("client_assertion");
            assertThat(com.nimbusds.jwt.SignedJWT.parse(assertion).getJWTClaimsSet().getAudience())
                    .containsExactly(cloud.audience());
        }
    }

    private static byte[] body(FetchRequest request) {
        return Objects.requireNonNull(request.body());
    }
}
