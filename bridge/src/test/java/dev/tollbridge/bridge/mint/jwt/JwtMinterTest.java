package dev.tollbridge.bridge.mint.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.config.TargetSpec.Jwt;
import dev.tollbridge.bridge.config.TargetSpec.SenderConstraint;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.mint.Minters;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.policy.GivenDecision;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.signing.CryptoProvider;
import dev.tollbridge.bridge.signing.Keyring;
import dev.tollbridge.bridge.signing.KeyringSettings;
import dev.tollbridge.bridge.signing.KeyringUnavailable;
import dev.tollbridge.bridge.signing.OwnIssuer;
import dev.tollbridge.bridge.signing.SigningAlgorithm;
import dev.tollbridge.bridge.signing.TokenSigner;
import dev.tollbridge.bridge.target.Target;
import dev.tollbridge.bridge.token.GivenIdentity;
import dev.tollbridge.bridge.token.SenderProof;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Minting access tokens")
class JwtMinterTest {

    private static final String ISSUER = "https://bridge.example";
    private static final String ISSUANCE = "iss_01JD7W3V5P8Q2R4T6Y8Z0A1B2C";

    @TempDir Path data;

    /// The library judges dates by the real clock.
    private final Instant now = Instant.now().plusMillis(1);

    private Keyring keyring;
    private JwtMinter minter;

    @BeforeAll
    static void makeRsaKeysQuickly() {
        CryptoProvider.install();
    }

    @BeforeEach
    void open() {
        keyring = Keyring.open(data, KeyringSettings.DEFAULT, InstantSource.fixed(now));
        minter = new JwtMinter(keyring.signer(OwnIssuer.BRIDGE), ISSUER);
    }

    private static Target target(Jwt jwt) {
        return new Target(
                "internal-api",
                "team@acme.example",
                jwt.audience(),
                Duration.ofHours(1),
                true,
                SenderConstraint.NONE,
                jwt,
                null);
    }

    private static Jwt jwt(String algorithm, Map<String, String> claims) {
        return new Jwt("https://api.example", List.of("a", "b"), claims, algorithm);
    }

    private Decision decision(Target target, Set<String> scope, SenderProof proof) {
        return GivenDecision.of(
                GivenIdentity.of(
                        "github:repo:1001:2002",
                        new Claims(Map.of("repository", "acme/\"shop\"", "run_id", "77")),
                        now),
                target,
                scope,
                Duration.ofMinutes(10),
                now,
                proof);
    }

    private MintedCredential mint(Jwt jwt) throws MintFailure {
        return minter.mint(decision(target(jwt), Set.of("b", "a"), SenderProof.NONE), ISSUANCE);
    }

    private JWTClaimsSet verified(MintedCredential credential, JWSAlgorithm algorithm)
            throws Exception {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSTypeVerifier(
                new DefaultJOSEObjectTypeVerifier<>(new JOSEObjectType("at+jwt")));
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(
                        algorithm,
                        new ImmutableJWKSet<>(
                                JWKSet.parse(
                                        new String(
                                                keyring.publicKeys(OwnIssuer.BRIDGE).jwks(),
                                                UTF_8)))));
        processor.setJWTClaimsSetVerifier(
                new DefaultJWTClaimsVerifier<>(
                        "https://api.example",
                        new JWTClaimsSet.Builder().issuer(ISSUER).build(),
                        Set.of("sub", "client_id", "iat", "exp", "jti")));
        return processor.process(credential.value().reveal(), null);
    }

    @Test
    void aStandardLibraryVerifiesTheTokenWithThePublishedKeys() throws Exception {
        JWTClaimsSet claims = verified(mint(jwt("ES256", Map.of())), JWSAlgorithm.ES256);
        long issued = now.getEpochSecond();
        assertThat(claims.toJSONObject())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "iss",
                                ISSUER,
                                "sub",
                                "github:repo:1001:2002",
                                "aud",
                                "https://api.example",
                                "client_id",
                                "payments-deploy",
                                "iat",
                                issued,
                                "exp",
                                issued + 600,
                                "jti",
                                ISSUANCE,
                                "scope",
                                "a b"));
    }

    @Test
    void signsWithRs256WhereTheTargetAsks() throws Exception {
        assertThat(verified(mint(jwt("RS256", Map.of())), JWSAlgorithm.RS256).getJWTID())
                .isEqualTo(ISSUANCE);
    }

    @Test
    void saysWhatItMinted() throws Exception {
        MintedCredential credential = mint(jwt("ES256", Map.of()));
        assertThat(credential.tokenType()).isEqualTo("Bearer");
        assertThat(credential.issuedTokenType())
                .isEqualTo("urn:ietf:params:oauth:token-type:access_token");
        assertThat(credential.expiresAt())
                .isEqualTo(Instant.ofEpochSecond(now.getEpochSecond() + 600));
        assertThat(credential.revocable()).isTrue();
        assertThat(credential.toString()).doesNotContain(credential.value().reveal());
        assertThat(minter.inProcess()).isTrue();
    }

    @Test
    void leavesScopeOutWhereThereIsNone() throws Exception {
        MintedCredential credential =
                minter.mint(
                        decision(target(jwt("ES256", Map.of())), Set.of(), SenderProof.NONE),
                        ISSUANCE);
        assertThat(verified(credential, JWSAlgorithm.ES256).getClaims()).doesNotContainKey("scope");
    }

    @Test
    @DisplayName("DESIGN 14 rule 11: a token bound to a DPoP key carries its thumbprint and type")
    void rule11_bindsToADpopKey() throws Exception {
        MintedCredential credential =
                minter.mint(
                        decision(
                                target(jwt("ES256", Map.of())),
                                Set.of(),
                                new SenderProof("thumb", null)),
                        ISSUANCE);
        assertThat(credential.tokenType()).isEqualTo("DPoP");
        assertThat(verified(credential, JWSAlgorithm.ES256).getJSONObjectClaim("cnf"))
                .isEqualTo(Map.of("jkt", "thumb"));
    }

    @Test
    @DisplayName("DESIGN 14 rule 11: a token bound to a client certificate carries its thumbprint")
    void rule11_bindsToACertificate() throws Exception {
        MintedCredential credential =
                minter.mint(
                        decision(
                                target(jwt("ES256", Map.of())),
                                Set.of(),
                                new SenderProof(null, "cert")),
                        ISSUANCE);
        assertThat(credential.tokenType()).isEqualTo("Bearer");
        assertThat(verified(credential, JWSAlgorithm.ES256).getJSONObjectClaim("cnf"))
                .isEqualTo(Map.of("x5t#S256", "cert"));
    }

    @Test
    void writesFurtherClaimsFromTheSubjectsClaims() throws Exception {
        Jwt jwt = jwt("ES256", Map.of("repo", "git:{{repository}}", "kind", "ci"));
        JWTClaimsSet claims = verified(mint(jwt), JWSAlgorithm.ES256);
        assertThat(claims.getStringClaim("repo")).isEqualTo("git:acme/\"shop\"");
        assertThat(claims.getStringClaim("kind")).isEqualTo("ci");
    }

    @Test
    void refusesWhenATemplatesClaimIsMissing() {
        MintFailure failure =
                catchThrowableOfType(
                        MintFailure.class,
                        () -> mint(jwt("ES256", Map.of("ref", "{{no_such_claim}}"))));
        assertThat(failure.reason()).isEqualTo(RefusalReason.CLAIM_MALFORMED);
        assertThat(failure.certain()).isTrue();
    }

    @Test
    @DisplayName("DESIGN 14 rule 1: a target cannot set the claims that say who and for whom")
    void rule1_refusesATargetThatSetsRegisteredClaims() {
        for (String name :
                List.of(
                        "iss",
                        "sub",
                        "aud",
                        "exp",
                        "nbf",
                        "iat",
                        "jti",
                        "client_id",
                        "scope",
                        "cnf",
                        "act")) {
            MintFailure failure =
                    catchThrowableOfType(
                            MintFailure.class, () -> mint(jwt("ES256", Map.of(name, "x"))));
            assertThat(failure.reason()).as(name).isEqualTo(RefusalReason.TARGET_REFUSED);
        }
    }

    @Test
    void refusesAnAlgorithmItDoesNotSign() {
        for (String algorithm : List.of("none", "HS256", "es256", "ES384", "")) {
            MintFailure failure =
                    catchThrowableOfType(MintFailure.class, () -> mint(jwt(algorithm, Map.of())));
            assertThat(failure.reason()).as(algorithm).isEqualTo(RefusalReason.TARGET_REFUSED);
        }
    }

    @Test
    void refusesATokenThatWouldOutliveItsKey() {
        Decision decision =
                GivenDecision.of(
                        GivenIdentity.of("s", new Claims(Map.of()), now),
                        target(jwt("ES256", Map.of())),
                        Set.of(),
                        Duration.ofHours(24).plusSeconds(1),
                        now,
                        SenderProof.NONE);
        assertThatThrownBy(() -> minter.mint(decision, ISSUANCE)).isInstanceOf(MintFailure.class);
    }

    @Test
    void failsCertainlyWhenItCannotSign() {
        TokenSigner broken =
                (algorithm, type, claims) -> {
                    throw failing();
                };
        JwtMinter without = new JwtMinter(broken, ISSUER);
        MintFailure failure =
                catchThrowableOfType(
                        MintFailure.class,
                        () ->
                                without.mint(
                                        decision(
                                                target(jwt("ES256", Map.of())),
                                                Set.of(),
                                                SenderProof.NONE),
                                        ISSUANCE));
        assertThat(failure.reason()).isEqualTo(RefusalReason.INTERNAL);
        assertThat(failure.certain()).isTrue();
    }

    private KeyringUnavailable failing() {
        Path file = data.resolve("not-a-folder");
        try {
            java.nio.file.Files.writeString(file, "");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return catchThrowableOfType(
                KeyringUnavailable.class,
                () -> Keyring.open(file, KeyringSettings.DEFAULT, InstantSource.fixed(now)));
    }

    @Test
    void preparingATargetMakesItsKeyAndSurvivesABadOne() {
        Minters minters = new Minters(List.of(minter));
        minters.prepare(List.of(target(jwt("EdDSA", Map.of())), target(jwt("none", Map.of()))));
        assertThat(keyring.list()).anyMatch(k -> k.algorithm() == SigningAlgorithm.EDDSA);
    }

    @Test
    void refusesTargetsThatNothingMintsFor() {
        Minters minters = new Minters(List.of());
        assertThatThrownBy(() -> minters.minterFor(target(jwt("ES256", Map.of()))))
                .isInstanceOfSatisfying(
                        Refusal.class,
                        r -> assertThat(r.reason()).isEqualTo(RefusalReason.TARGET_REFUSED));
        assertThat(new Minters(List.of(minter)).minterFor(target(jwt("ES256", Map.of()))))
                .isSameAs(minter);
        assertThatThrownBy(() -> new Minters(List.of(minter, minter)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
