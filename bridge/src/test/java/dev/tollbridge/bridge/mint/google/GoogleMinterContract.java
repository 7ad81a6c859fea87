package dev.tollbridge.bridge.mint.google;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.config.TargetSpec.Google;
import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.mint.CredentialMinter;
import dev.tollbridge.bridge.mint.CredentialMinterContract;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What holds for every form of a Google target.
abstract class GoogleMinterContract extends CredentialMinterContract {

    static final String PROVIDER =
            "//iam.googleapis.com/projects/123456/locations/global/workloadIdentityPools/tollbridge/providers/bridge";
    static final String ACCOUNT = "deployer@acme.iam.gserviceaccount.com";
    static final String READ = "https://www.googleapis.com/auth/devstorage.read_only";
    static final String PLATFORM = "https://www.googleapis.com/auth/cloud-platform";
    static final String STS = "/sts/v1/token";
    static final String IAM =
            "/iam/v1/projects/-/serviceAccounts/" + ACCOUNT + ":generateAccessToken";
    static final String BOUNDARY =
            "{\"accessBoundary\":{\"accessBoundaryRules\":[{\"availableResource\":"
                    + "\"//storage.googleapis.com/projects/_/buckets/acme\","
                    + "\"availablePermissions\":[\"inRole:roles/storage.objectViewer\"]}]}}";

    static final String FEDERATED = "ya29.d.federated-token-of-the-pool";
    static final String IMPERSONATED = "ya29.c.token-of-the-service-account";
    static final String BOUNDED = "ya29.dr.token-within-its-boundary";

    final List<String> stsBodies = new ArrayList<>();
    final List<String> iamBodies = new ArrayList<>();
    final List<String> iamBearers = new ArrayList<>();

    abstract @Nullable String serviceAccount();

    @Nullable String boundary() {
        return null;
    }

    @Override
    protected CredentialMinter minter() {
        return minterWith(endpoints());
    }

    @Override
    protected CredentialMinter minterWith(AllowedEndpoints endpoints) {
        return new GoogleMinter(federation(), fetcher(), endpoints, clock);
    }

    @Override
    protected Target target() {
        return new Target(
                "gcp-deploy",
                "team@acme.example",
                null,
                Duration.ofHours(1),
                true,
                SenderConstraint.NONE,
                new Google(
                        PROVIDER,
                        serviceAccount(),
                        List.of(READ),
                        boundary(),
                        provider.url("/sts"),
                        provider.url("/iam")),
                null);
    }

    @Override
    protected Set<String> scope() {
        return Set.of(READ);
    }

    @Override
    protected String secretPart(MintedCredential credential) {
        return credential.value().reveal();
    }

    /// All three steps as Google takes them; `last` changes the answer of the one that mints.
    void steps(Instant expires, UnaryOperator<String> last) {
        long left = expires.getEpochSecond() - now.getEpochSecond();
        provider.on(
                STS,
                request ->
                        request.body()
                                .onSuccess(body -> {
                                    String form = body.toString();
                                    stsBodies.add(form);
                                    boolean bounded = form.contains("options=");
                                    boolean mints =
                                            bounded
                                                    || (serviceAccount() == null
                                                            && boundary() == null);
                                    String answer = sts(bounded ? BOUNDED : FEDERATED, left);
                                    Answer.json(mints ? last.apply(answer) : answer)
                                            .accept(request);
                                }));
        provider.on(
                IAM,
                request ->
                        request.body()
                                .onSuccess(body -> {
                                    iamBodies.add(body.toString());
                                    iamBearers.add(
                                            String.valueOf(request.getHeader("authorization")));
                                    String answer =
                                            "{\"accessToken\":\""
                                                    + IMPERSONATED
                                                    + "\",\"expireTime\":\""
                                                    + expires
                                                    + "\"}";
                                    Answer.json(boundary() == null ? last.apply(answer) : answer)
                                            .accept(request);
                                }));
    }

    private static String sts(String token, long left) {
        return "{\"access_token\":\""
                + token
                + "\",\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\","
                + "\"token_type\":\"Bearer\""
                + ",\"expires_in\":"
                + left
                + "}";
    }

    @Override
    protected void willing(Instant expires) {
        steps(expires, UnaryOperator.identity());
    }

    static Map<String, String> form(String body) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : body.split("&")) {
            int equals = pair.indexOf('=');
            fields.put(
                    URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
                    URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return fields;
    }

    @Test
    void showsTheProviderWhatOnlyThisTargetMayShowIt() throws MintFailure {
        willing(now.plus(ttl()));
        MintedCredential credential = mint();
        Map<String, String> asked = form(stsBodies.getFirst());
        assertThat(asked)
                .containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
                .containsEntry("audience", PROVIDER)
                .containsEntry("subject_token_type", "urn:ietf:params:oauth:token-type:jwt")
                .containsEntry(
                        "requested_token_type", "urn:ietf:params:oauth:token-type:access_token");
        assertThat(ProofClaims.of(String.valueOf(asked.get("subject_token"))))
                .containsEntry("alg", "ES256")
                .containsEntry("iss", EXTERNAL_URL + "/federation")
                .containsEntry("sub", "target:google:gcp-deploy")
                .containsEntry("aud", "https:" + PROVIDER)
                .containsEntry("jti", ISSUANCE);
        assertThat(credential.tokenType()).isEqualTo("Bearer");
        assertThat(credential.issuedTokenType())
                .isEqualTo("urn:ietf:params:oauth:token-type:access_token");
        assertThat(credential.revocable()).isFalse();
    }

    @Test
    void asksNobodyButTheTwoServices() throws MintFailure {
        willing(now.plus(ttl()));
        mint();
        assertThat(provider.seen())
                .allSatisfy(request -> {
                    assertThat(request.method()).isEqualTo("POST");
                    assertThat(request.path()).isIn(STS, IAM);
                });
    }

    @Test
    void aTokenThatIsNoneIsNotGiven() {
        steps(
                now.plus(ttl()),
                answer -> answer.replaceAll("\"ya29[^\"]*\"", "\"ya29 with a space\""));
        MintFailure failure = failure();
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
        assertThat(failure.certain()).isFalse();
    }

    @Test
    void anAnswerWithANameTwiceIsNotRead() {
        steps(
                now.plus(ttl()),
                answer ->
                        answer.replace(
                                "{", "{\"token_type\":\"Bearer\",\"token_type\":\"Bearer\","));
        assertThat(failure().reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
    }

    @Test
    void theProvidersWordIsForTheOperatorItsTextIsNot() {
        answers(
                Answer.status(
                        403,
                        "application/json",
                        "{\"error\":{\"code\":403,\"status\":\"PERMISSION_DENIED\",\"message\":\"eyJhbGciOi\"}}"));
        assertThat(failure().detail()).contains("403 PERMISSION_DENIED").doesNotContain("eyJ");
        answers(
                Answer.status(
                        400,
                        "application/json",
                        "{\"error\":\"invalid_grant\",\"error_description\":\"eyJhbGciOi\"}"));
        assertThat(failure().detail()).contains("400 invalid_grant");
    }

    @Test
    void whatIsUnavailableForAMomentIsAskedAgain() throws MintFailure {
        willing(now.plus(ttl()));
        int[] times = {0};
        String path = serviceAccount() == null || boundary() != null ? STS : IAM;
        Answer good = provider.answer(path);
        provider.on(
                path,
                request -> {
                    if (times[0]++ == 0) {
                        Answer.status(
                                        503,
                                        "application/json",
                                        "{\"error\":{\"status\":\"UNAVAILABLE\"}}")
                                .accept(request);
                    } else {
                        good.accept(request);
                    }
                });
        assertThat(mint().value().reveal()).startsWith("ya29");
    }

    @Test
    void aServerErrorThatSaysNothingIsNotRepeated() {
        willing(now.plus(ttl()));
        answers(Answer.status(500));
        MintFailure failure = failure();
        assertThat(failure.retriable()).isFalse();
        assertThat(failure.certain()).isEqualTo(!lostAnswerLeavesADoubt());
    }
}
