package dev.tollbridge.bridge.mint.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollbridge.bridge.cluster.ClusterClients;
import dev.tollbridge.bridge.config.TargetSpec.Kubernetes;
import dev.tollbridge.bridge.config.TargetSpec.Kubernetes.BindTo;
import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.mint.CredentialMinter;
import dev.tollbridge.bridge.mint.CredentialMinterContract;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.testing.HttpsIssuerServer.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// TokenRequest, and everything an API server or what stands before it can do wrong.
@DisplayName("Kubernetes targets")
final class KubernetesMinterTest extends CredentialMinterContract {

    private static final String TOKENS =
            "/api/v1/namespaces/payments/serviceaccounts/deployer/token";
    private static final String SECRETS = "/api/v1/namespaces/payments/secrets";
    private static final String BOUND = SECRETS + "/" + BoundSecret.nameFor(ISSUANCE);
    private static final String UID = "0f4a7f9c-3c1e-4e0b-9a51-5d3b6a1c2d3e";
    private static final String API_SERVER = "https://kubernetes.default.svc";

    private final ClusterClients clusters = new ClusterClients();
    private List<String> audiences = List.of();
    private BindTo bindTo = BindTo.NONE;
    private Map<String, Object> claims = Map.of("repository", "acme/shop");

    /// The library takes seconds to load, which is nobody's silence.
    @BeforeEach
    void loadTheLibrary() {
        for (int i = 0; i < 20 && provider.seen().isEmpty(); i++) {
            var _ =
                    catchThrowableOfType(
                            MintFailure.class, () -> minter().mint(decision(), ISSUANCE));
        }
        provider.reset();
    }

    @AfterEach
    void close() {
        clusters.close();
    }

    @Override
    protected CredentialMinter minter() {
        return new KubernetesMinter(clusters, "https://tollbridge.example"::equals, clock);
    }

    /// Where a cluster is, only its kubeconfig says.
    @Override
    protected CredentialMinter minterWith(AllowedEndpoints endpoints) {
        target();
        kubeconfig("users: []\n");
        return minter();
    }

    @Override
    protected Map<String, Object> claims() {
        return claims;
    }

    @Override
    protected Target target() {
        Path file = data.resolve("kubeconfig");
        if (!Files.exists(file)) {
            kubeconfig("users: [{name: u, user: {token: bridges-own-token}}]\n");
        }
        return new Target(
                "prod-deploy",
                "team@acme.example",
                null,
                Duration.ofHours(12),
                true,
                SenderConstraint.NONE,
                new Kubernetes("kubeconfig", false, "payments", "deployer", audiences, bindTo),
                data);
    }

    private void kubeconfig(String users) {
        try {
            Files.writeString(
                    data.resolve("kubeconfig"),
                    """
                    apiVersion: v1
                    kind: Config
                    clusters: [{name: c, cluster: {server: "%s", certificate-authority-data: %s}}]
                    contexts: [{name: c, context: {cluster: c, user: u}}]
                    current-context: c
                    """
                                    .formatted(
                                            provider.url(),
                                            Base64.getEncoder()
                                                    .encodeToString(authorityPem().getBytes(UTF_8)))
                            + users);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    protected void willing(Instant expires) {
        gives(
                "{\"sub\":\"system:serviceaccount:payments:deployer\",\"aud\":[\""
                        + API_SERVER
                        + "\"],\"jti\":\"5f2c0f8e-77a5-4a0b-8f31-1e9b8b6f0a11\"}",
                expires);
    }

    private void gives(String claims, Instant expires) {
        provider.on(TOKENS, tokenRequest(claims, expires));
    }

    private static Answer tokenRequest(String claims, Instant expires) {
        String token =
                "eyJhbGciOiJSUzI1NiJ9."
                        + Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(claims.getBytes(UTF_8))
                        + ".c2lnbmF0dXJlLW9mLXRoZS1jbHVzdGVy";
        return Answer.status(
                201,
                "application/json",
                """
                {"kind":"TokenRequest","apiVersion":"authentication.k8s.io/v1",\
                "status":{"token":"%s","expirationTimestamp":"%s"}}\
                """
                        .formatted(token, expires));
    }

    @Override
    protected String secretPart(MintedCredential credential) {
        return "c2lnbmF0dXJlLW9mLXRoZS1jbHVzdGVy";
    }

    private MintFailure refusedWith(String detail) {
        MintFailure failure = failure();
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_REFUSED);
        assertThat(failure.detail()).contains(detail);
        return failure;
    }

    @Test
    void withoutAudiencesTheAnswerIsWhatKubectlReads() throws MintFailure {
        willing(now.plus(ttl()));
        MintedCredential credential = mint();
        assertThat(credential.tokenType()).isEqualTo("N_A");
        assertThat(credential.issuedTokenType()).endsWith(":kubernetes-exec-credential");
        assertThat(credential.value().reveal())
                .startsWith(
                        "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":"
                                + "\"ExecCredential\",\"status\":{\"expirationTimestamp\":");
        assertThat(credential.revocable()).isFalse();
        assertThat(credential.endedBy()).isNull();
        assertThat(credential.knownAs())
                .isEqualTo("credential id JTI=5f2c0f8e-77a5-4a0b-8f31-1e9b8b6f0a11");
        assertThat(provider.seen().getFirst().authorization())
                .isEqualTo("Bearer bridges-own-token");
    }

    @Test
    void withAudiencesTheAnswerIsTheToken() throws MintFailure {
        audiences = List.of("https://vault.acme.example");
        gives(
                "{\"sub\":\"system:serviceaccount:payments:deployer\","
                        + "\"aud\":[\"https://vault.acme.example\"]}",
                now.plus(ttl()));
        MintedCredential credential = mint();
        assertThat(credential.tokenType()).isEqualTo("Bearer");
        assertThat(credential.issuedTokenType()).endsWith(":access_token");
        assertThat(credential.value().reveal()).startsWith("eyJ");
    }

    @Test
    @DisplayName("DESIGN 14 rule 1: the API server's own audience is looked at, too")
    void rule1_noTokenThatATrustedIssuerWouldAccept() {
        gives(
                "{\"sub\":\"system:serviceaccount:payments:deployer\","
                        + "\"aud\":[\"https://kubernetes.default.svc\",\"https://tollbridge.example\"]}",
                now.plus(ttl()));
        refusedWith("a trusted issuer's tokens have");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sub\":\"system:serviceaccount:payments:admin\",\"aud\":[\"a\"]}",
                "{\"sub\":\"system:serviceaccount:payments:deployer\",\"aud\":[\"a\",\"b\"]}",
                "{\"sub\":\"system:serviceaccount:payments:deployer\",\"aud\":[]}",
                "{\"sub\":\"system:serviceaccount:payments:deployer\"}"
            })
    void aTokenForSomebodyElseIsNotGiven(String claims) {
        audiences = List.of("a");
        gives(claims, now.plus(ttl()));
        refusedWith("the API server's token");
    }

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
                    401, does not know the bridge's own credential
                    403, tollbridge setup kubernetes --target prod-deploy
                    404, there is no such object
                    422, 422
                    """)
    void saysWhatTheApiServerWants(int status, String detail) {
        answers(Answer.status(status));
        assertThat(refusedWith(detail).certain()).isTrue();
    }

    @Test
    void namesWhatIsMissingAndNothingThatTheAnswerSaysFreely() {
        answers(
                Answer.status(
                        404,
                        "application/json",
                        """
                        {"kind":"Status","status":"Failure","message":"secret message","reason":"NotFound",\
                        "details":{"name":"deployer","kind":"serviceaccounts"},"code":404}\
                        """));
        assertThat(refusedWith("there is no serviceaccounts \"deployer\"").detail())
                .doesNotContain("secret message");
    }

    // Bound to a Secret

    private void secretIsMade() {
        bindTo = BindTo.SECRET;
        provider.on(
                SECRETS,
                Answer.status(
                        201,
                        "application/json",
                        """
                        {"kind":"Secret","apiVersion":"v1","metadata":{"name":"x","uid":"%s"}}\
                        """
                                .formatted(UID)));
        provider.on(BOUND, Answer.json("{\"kind\":\"Status\",\"status\":\"Success\"}"));
    }

    @Test
    @DisplayName("DESIGN 14 rule 8: the Secret of the issuance is deleted, and no other")
    void rule8_deletesOnlyWhatWasMadeForTheIssuance() throws MintFailure {
        secretIsMade();
        willing(now.plus(ttl()));
        MintedCredential credential = mint();
        assertThat(credential.revocable()).isTrue();
        assertThat(credential.knownAs())
                .endsWith("secret payments/tollbridge-01jd7w3v5p8q2r4t6y8z0a1b2c uid " + UID);

        KubernetesMinter minter = (KubernetesMinter) minter();
        Secret endedBy = minter.endedBy(String.valueOf(credential.knownAs()));
        assertThat(endedBy).isEqualTo(credential.endedBy());
        assertThat(minter.revoke(target(), "iss_01JD7W3V5P8Q2R4T6Y8Z0A1B2D", endedBy)).isFalse();
        assertThat(minter.revoke(target(), ISSUANCE, null)).isFalse();
        assertThat(minter.revoke(target(), ISSUANCE, Secret.of("secret a/b uid c"))).isFalse();
        assertThat(provider.requests(BOUND)).isZero();

        assertThat(minter.revoke(target(), ISSUANCE, endedBy)).isTrue();
        assertThat(provider.seen().getLast().method()).isEqualTo("DELETE");
        assertThat(provider.seen().getLast().path()).isEqualTo(BOUND);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 409})
    void whatIsGoneOrSomebodyElsesHasEnded(int status) throws MintFailure {
        secretIsMade();
        willing(now.plus(ttl()));
        MintedCredential credential = mint();
        provider.on(BOUND, Answer.status(status));
        assertThat(((KubernetesMinter) minter()).revoke(target(), ISSUANCE, credential.endedBy()))
                .isTrue();
    }

    @Test
    void aRevocationThatTheApiServerDoesNotTakeIsAFailure() throws MintFailure {
        secretIsMade();
        willing(now.plus(ttl()));
        MintedCredential credential = mint();
        provider.on(BOUND, Answer.status(403));
        MintFailure failure =
                catchThrowableOfType(
                        MintFailure.class,
                        () ->
                                ((KubernetesMinter) minter())
                                        .revoke(target(), ISSUANCE, credential.endedBy()));
        assertThat(failure.detail()).contains("RBAC", "delete secrets in payments");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 500})
    void aSecretWhoseTokenWasNotGivenIsTakenAwayAndNothingIsInDoubt(int status) {
        secretIsMade();
        provider.on(TOKENS, Answer.status(status));
        assertThat(failure().certain()).isTrue();
        assertThat(provider.requests(BOUND)).isEqualTo(1);
    }

    @Test
    void aTokenOfAnUnreadableAnswerIsEndedWithItsSecret() {
        secretIsMade();
        provider.on(TOKENS, Answer.status(201, "application/json", "{\"status\":{}}"));
        assertThat(failure().certain()).isTrue();
        assertThat(provider.requests(BOUND)).isEqualTo(1);
    }

    @Test
    void withoutASecretNoTokenIsAskedFor() {
        secretIsMade();
        provider.on(SECRETS, Answer.status(403));
        assertThat(refusedWith("create secrets in payments").certain()).isTrue();
        assertThat(provider.requests(TOKENS)).isZero();
    }

    @Test
    void secretsOfTokensThatHaveEndedAreTakenAwayOnce() throws MintFailure {
        secretIsMade();
        KubernetesMinter minter = (KubernetesMinter) minter();
        String known = "secret payments/" + BoundSecret.nameFor(ISSUANCE) + " uid " + UID;
        minter.remember(target(), ISSUANCE, known, now);
        minter.tidy();
        assertThat(provider.requests(BOUND)).as("within the grace").isZero();
        minter.remember(target(), ISSUANCE, known, now.minusSeconds(90));
        minter.remember(target(), ISSUANCE, "no answer within 3 s", now.minusSeconds(90));
        minter.remember(target(), "iss_01JD7W3V5P8Q2R4T6Y8Z0A1B2D", known, now.minusSeconds(90));
        minter.tidy();
        minter.tidy();
        assertThat(provider.requests(BOUND)).isEqualTo(1);
    }

    // Bound to the caller's pod

    @Test
    void withoutAPodNoTokenIsBoundToOne() {
        bindTo = BindTo.POD;
        willing(now.plus(ttl()));
        refusedWith("the subject token names none");
        claims = Map.of("kubernetes.io", Map.of("pod", "p"));
        refusedWith("the subject token names none");
        claims =
                Map.of(
                        "kubernetes.io",
                        Map.of(
                                "namespace",
                                "payments",
                                "serviceaccount",
                                Map.of("name", "other"),
                                "pod",
                                Map.of("name", "p", "uid", UID)));
        refusedWith("the caller's runs as another");
        assertThat(provider.seen()).isEmpty();
    }

    // How the cluster is reached

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {exec: {apiVersion: client.authentication.k8s.io/v1, command: touch, args: [ran]}} | runs no commands
                    {auth-provider: {name: gcp, config: {cmd-path: touch}}}                            | runs no commands
                    {username: a, password: b}                                                         | a password
                    {token: t, as: admin}                                                              | impersonation
                    """)
    void aKubeconfigThatWouldRunCommandsOrPretendIsNotUsed(String user, String detail) {
        kubeconfig("users: [{name: u, user: " + user + "}]\n");
        MintFailure failure = failure();
        assertThat(failure.detail()).contains(detail);
        assertThat(failure.certain()).isTrue();
        assertThat(provider.seen()).isEmpty();
        assertThat(Path.of("ran")).doesNotExist();
    }

    @Test
    void aKubeconfigThatIsWrittenAnewIsReadAnew() throws Exception {
        willing(now.plus(ttl()));
        mint();
        kubeconfig("users: [{name: u, user: {token: the-next-token-of-the-bridge}}]\n");
        mint();
        assertThat(provider.seen().getLast().authorization())
                .isEqualTo("Bearer the-next-token-of-the-bridge");
    }

    @Test
    void anApiServerThatIsAwayIsUnavailableAndNothingIsInDoubt() {
        target();
        provider.close();
        MintFailure failure = failure();
        assertThat(failure.reason()).isEqualTo(RefusalReason.TARGET_UNAVAILABLE);
        assertThat(failure.certain()).isTrue();
    }
}
