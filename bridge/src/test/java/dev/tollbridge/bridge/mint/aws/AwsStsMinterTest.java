package dev.tollbridge.bridge.mint.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.tollbridge.bridge.config.TargetSpec.Aws;
import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.mint.CredentialMinter;
import dev.tollbridge.bridge.mint.CredentialMinterContract;
import dev.tollbridge.bridge.mint.IssuedTokenType;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.refusal.Refusal;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AwsStsMinterTest extends CredentialMinterContract {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROLE = "arn:aws:iam::111122223333:role/team/payments-deploy";
    private static final String SESSION =
            "arn:aws:sts::111122223333:assumed-role/payments-deploy/" + ISSUANCE;

    private final List<Map<String, String>> asked = new ArrayList<>();
    private Map<String, String> sessionTags = Map.of("repo", "{{repository}}");
    private List<String> transitiveTags = List.of("repo");
    private @Nullable String sourceIdentity = "run-{{run_id}}";
    private @Nullable String sessionPolicy;
    private List<String> policyArns = List.of();
    private Map<String, Object> claims = Map.of("repository", "acme/shop", "run_id", "77");

    @Override
    protected CredentialMinter minter() {
        return minterWith(endpoints());
    }

    @Override
    protected CredentialMinter minterWith(AllowedEndpoints endpoints) {
        return new AwsStsMinter(federation(), fetcher(), endpoints);
    }

    @Override
    protected Target target() {
        return new Target(
                "deploy",
                "team@acme.example",
                null,
                Duration.ofHours(1),
                true,
                SenderConstraint.NONE,
                new Aws(
                        ROLE,
                        "eu-west-1",
                        provider.url("/sts"),
                        sessionTags,
                        transitiveTags,
                        sourceIdentity,
                        sessionPolicy,
                        policyArns),
                null);
    }

    @Override
    protected Map<String, Object> claims() {
        return claims;
    }

    @Override
    protected void willing(Instant expires) {
        answers(StsAnswers.session(SESSION, expires));
    }

    @Override
    protected void answers(Answer answer) {
        provider.reset()
                .otherwise(request ->
                        request.bodyHandler(body -> {
                            asked.add(form(body.toString()));
                            answer.accept(request);
                        }));
    }

    @Override
    protected String secretPart(MintedCredential credential) {
        return StsAnswers.SECRET_KEY;
    }

    private static Map<String, String> form(String body) {
        Map<String, String> form = new LinkedHashMap<>();
        for (String pair : body.split("&")) {
            int equals = pair.indexOf('=');
            form.put(pair.substring(0, equals), decoded(pair.substring(equals + 1)));
        }
        return form;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private JWTClaimsSet shown() throws Exception {
        return SignedJWT.parse(asked.getLast().get("WebIdentityToken")).getJWTClaimsSet();
    }

    @Test
    void asksForTheRoleAsDecidedAndShowsATokenOfTheFederationIssuer() throws Exception {
        sessionPolicy = "{\"Version\":\"2012-10-17\",\"Statement\":[]}";
        policyArns = List.of("arn:aws:iam::aws:policy/ReadOnlyAccess");
        willing(now.plus(ttl()));
        mint();
        Map<String, String> form = asked.getLast();
        assertThat(form)
                .containsEntry("Action", "AssumeRoleWithWebIdentity")
                .containsEntry("Version", "2011-06-15")
                .containsEntry("RoleArn", ROLE)
                .containsEntry("RoleSessionName", ISSUANCE)
                .containsEntry("DurationSeconds", "3600")
                .containsEntry("Policy", sessionPolicy)
                .containsEntry("PolicyArns.member.1.arn", "arn:aws:iam::aws:policy/ReadOnlyAccess");
        assertThat(ISSUANCE).matches("[\\w+=,.@-]{2,64}");
        // Where the document says, and not at the host's root.
        assertThat(provider.requests("/sts")).isOne();
        assertThat(provider.seen()).hasSize(1);
        assertThat(provider.seen().getFirst().authorization()).isEmpty();

        SignedJWT token = SignedJWT.parse(form.get("WebIdentityToken"));
        assertThat(token.getHeader().getAlgorithm().getName()).isEqualTo("ES256");
        JWTClaimsSet claims = shown();
        assertThat(claims.getIssuer()).isEqualTo(EXTERNAL_URL + "/federation");
        assertThat(claims.getAudience()).containsExactly("sts.amazonaws.com");
        assertThat(claims.getSubject()).isEqualTo("target:aws:deploy");
        assertThat(claims.getJWTID()).isEqualTo(ISSUANCE);
        assertThat(claims.getExpirationTime().toInstant()).isEqualTo(now.plusSeconds(60));
        assertThat(claims.getClaim("https://aws.amazon.com/tags"))
                .isEqualTo(
                        Map.of(
                                "principal_tags",
                                Map.of("repo", List.of("acme/shop")),
                                "transitive_tag_keys",
                                List.of("repo")));
        assertThat(claims.getClaim("https://aws.amazon.com/source_identity")).isEqualTo("run-77");
    }

    @Test
    void sendsNothingThatTheTargetDoesNotSay() throws Exception {
        sessionTags = Map.of();
        transitiveTags = List.of();
        sourceIdentity = null;
        willing(now.plus(ttl()));
        mint();
        assertThat(asked.getLast())
                .containsOnlyKeys(
                        "Action",
                        "Version",
                        "RoleArn",
                        "RoleSessionName",
                        "WebIdentityToken",
                        "DurationSeconds");
        assertThat(shown().getClaims())
                .containsOnlyKeys("iss", "sub", "aud", "iat", "nbf", "exp", "jti");
    }

    @Test
    void givesTheKeysAsBothOfTheToolsFormsReadThem() throws Exception {
        Instant expires = now.plus(ttl());
        willing(expires);
        MintedCredential credential = mint();
        assertThat(credential.tokenType()).isEqualTo("N_A");
        assertThat(credential.issuedTokenType()).isEqualTo(IssuedTokenType.AWS_CREDENTIALS);
        assertThat(credential.revocable()).isFalse();
        assertThat(credential.knownAs()).isEqualTo("ASIAIOSFODNN7EXAMPLE");
        JsonNode keys = JSON.readTree(credential.value().reveal());
        assertThat(keys.path("Version").isInt()).isTrue();
        assertThat(keys.path("Version").asInt()).isEqualTo(1);
        assertThat(keys.path("AccessKeyId").asText()).isEqualTo("ASIAIOSFODNN7EXAMPLE");
        assertThat(keys.path("SecretAccessKey").asText()).isEqualTo(StsAnswers.SECRET_KEY);
        assertThat(keys.path("SessionToken").asText()).isEqualTo(StsAnswers.SESSION_TOKEN);
        assertThat(keys.path("Token").asText()).isEqualTo(StsAnswers.SESSION_TOKEN);
        assertThat(keys.path("Expiration").asText()).isEqualTo(expires.toString());
        assertThat(keys.path("AccountId").asText()).isEqualTo("111122223333");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "arn:aws:sts::111122223333:assumed-role/administrator/" + ISSUANCE,
                "arn:aws:sts::999999999999:assumed-role/payments-deploy/" + ISSUANCE,
                "arn:aws:sts::111122223333:assumed-role/payments-deploy/somebody-else",
                "arn:aws-cn:sts::111122223333:assumed-role/payments-deploy/" + ISSUANCE
            })
    @DisplayName("a session of another role than was asked for is refused and dropped")
    void refusesASessionOfAnotherRole(String arn) {
        answers(StsAnswers.session(arn, now.plus(ttl())));
        MintFailure failure = failure();
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
        assertThat(failure.certain()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "400, MalformedPolicyDocument, TARGET_REFUSED, misconfigured",
        "400, PackedPolicyTooLarge, TARGET_REFUSED, misconfigured",
        "400, ValidationError, TARGET_REFUSED, misconfigured",
        "403, RegionDisabledException, TARGET_REFUSED, misconfigured",
        "403, AccessDenied, TARGET_REFUSED, trust policy",
        "403, IDPRejectedClaim, TARGET_REFUSED, rejects",
        "400, ExpiredTokenException, TARGET_REFUSED, clocks",
        "400, InvalidIdentityToken, TARGET_REFUSED, identity provider",
        "400, IDPCommunicationError, TARGET_UNAVAILABLE, /federation/jwks",
        "400, Throttling, TARGET_UNAVAILABLE, too many requests",
        "400, RequestLimitExceeded, TARGET_UNAVAILABLE, too many requests",
        "503, SlowDown, TARGET_UNAVAILABLE, too many requests",
        "418, NobodyKnows, TARGET_REFUSED, NobodyKnows"
    })
    void tellsAwsErrorsApart(int status, String code, RefusalReason reason, String words) {
        answers(StsAnswers.error(status, code));
        MintFailure failure = failure();
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.certain()).isTrue();
        assertThat(failure.detail()).contains(code, words).doesNotContain("free text", "arn:");
    }

    @ParameterizedTest
    @CsvSource({"500, InternalFailure", "503, ServiceUnavailable"})
    void aFailureInsideAwsLeavesADoubt(int status, String code) {
        answers(StsAnswers.error(status, code));
        MintFailure failure = failure();
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
        assertThat(failure.certain()).isFalse();
    }

    @Test
    void anErrorCodeOfAForeignAlphabetIsNotPassedOn() {
        answers(StsAnswers.error(403, "Bad\u0007 eyJhbGciOiJFUzI1NiJ9"));
        assertThat(failure().detail()).isEqualTo("refused by AWS: HTTP 403");
    }

    @Test
    void asksAgainWhenAwsCouldNotReadTheKeys() throws Exception {
        provider.reset().otherwise(once(StsAnswers.error(400, "IDPCommunicationError")));
        assertThat(mint().expiresAt()).isEqualTo(now.plus(ttl()));
        assertThat(provider.seen()).hasSize(2);
    }

    @Test
    void asksOnceMoreWhenAwsDoesNotKnowANewKeyYet() throws Exception {
        provider.reset().otherwise(once(StsAnswers.error(400, "InvalidIdentityToken")));
        assertThat(mint().expiresAt()).isEqualTo(now.plus(ttl()));
        assertThat(provider.seen()).hasSize(2);
    }

    @Test
    void doesNotAskAgainWhenAwsHasTakenThatKeyBefore() throws Exception {
        CredentialMinter minter = minter();
        willing(now.plus(ttl()));
        minter.mint(decision(), ISSUANCE);
        answers(StsAnswers.error(400, "InvalidIdentityToken"));
        MintFailure failure =
                catchThrowableOfType(MintFailure.class, () -> minter.mint(decision(), ISSUANCE));
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
        assertThat(provider.seen()).hasSize(1);
    }

    @Test
    void asksTwiceAtMostWhenThereIsNoIdentityProvider() {
        answers(StsAnswers.error(400, "InvalidIdentityToken"));
        failure();
        assertThat(provider.seen()).hasSize(2);
    }

    /// The first request gets this, those after it a session.
    private Answer once(Answer first) {
        Answer then = StsAnswers.session(SESSION, now.plus(ttl()));
        return request -> (provider.seen().size() == 1 ? first : then).accept(request);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE a [<!ENTITY b \"c\">]>",
                "<?xml version=\"1.0\" encoding=\"UTF-16\"?>",
                "<?xml version=\"1.0\" encoding=\"IBM037\"?>",
                " ",
                "\uFEFF"
            })
    void whatAnXmlParserShouldNotSeeIsNoAnswer(String before) {
        answers(StsAnswers.xml(200, before + StsAnswers.sessionXml(SESSION, now.plus(ttl()))));
        MintFailure failure = failure();
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
        assertThat(failure.certain()).isFalse();
    }

    @Test
    void anAnswerThatIsNestedTooDeepIsNoAnswer() {
        answers(StsAnswers.xml(200, "<a>".repeat(30_000)));
        assertThat(failure().reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>",
                "<SecretAccessKey>" + StsAnswers.SECRET_KEY + "</SecretAccessKey>",
                "<SessionToken>" + StsAnswers.SESSION_TOKEN + "</SessionToken>",
                "<Arn>" + SESSION + "</Arn>"
            })
    void anAnswerWithoutAPartOfTheKeysIsNone(String part) {
        String whole = StsAnswers.sessionXml(SESSION, now.plus(ttl()));
        assertThat(whole).contains(part);
        answers(StsAnswers.xml(200, whole.replace(part, "")));
        MintFailure failure = failure();
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
        assertThat(failure.certain()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "main\",\"admin\":[\"true",
                "main<script>",
                "a;b",
                "a*",
                "line\nbreak",
                "{{repository}}",
                "\uD83D\uDE00"
            })
    void aClaimThatAwsWouldNotTakeAsATagIsRefusedAndNothingIsAsked(String hostile) {
        claims = Map.of("repository", hostile, "run_id", "77");
        assertRefusedAsMalformed();
    }

    @Test
    void aTagOfMoreThan256CharactersIsRefusedAndNotCut() {
        claims = Map.of("repository", "a".repeat(257), "run_id", "77");
        assertRefusedAsMalformed();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "feature branch", "ümlaut"})
    void aClaimThatIsNoSourceIdentityIsRefused(String hostile) {
        claims = Map.of("repository", "acme/shop", "run_id", hostile);
        assertRefusedAsMalformed();
    }

    @Test
    void aSourceIdentityOfMoreThan64CharactersIsRefusedAndNotCut() {
        claims = Map.of("repository", "acme/shop", "run_id", "7".repeat(61));
        assertRefusedAsMalformed();
    }

    @Test
    void aMissingClaimIsRefused() {
        claims = Map.of("repository", "acme/shop");
        assertRefusedAsMalformed();
    }

    private void assertRefusedAsMalformed() {
        willing(now.plus(ttl()));
        Refusal refusal = catchThrowableOfType(Refusal.class, this::mint);
        assertThat(refusal).isNotNull();
        assertThat(refusal.reason()).isEqualTo(RefusalReason.CLAIM_MALFORMED);
        assertThat(provider.seen()).isEmpty();
    }

    @Test
    void lettersOfAllLanguagesAndSpacesMayBeInATag() throws Exception {
        claims = Map.of("repository", "équipe/日本 +=.@-_:", "run_id", "77");
        willing(now.plus(ttl()));
        mint();
        assertThat(shown().getClaim("https://aws.amazon.com/tags").toString())
                .contains("équipe/日本 +=.@-_:");
    }
}
