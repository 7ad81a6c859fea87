package dev.tollbridge.bridge.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.config.TrustedIssuerSpec.TokenReviewSource;
import dev.tollbridge.bridge.issuer.ClaimFact;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.testing.Issuers;
import dev.tollbridge.bridge.testing.TestKeys;
import dev.tollbridge.bridge.testing.Tokens;
import dev.tollbridge.bridge.token.keys.KeyAdmission;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {

    private static final Instant ISSUED = Instant.parse("2026-11-21T10:00:00Z");

    private final Issuers issuer = new Issuers();
    private final List<String> keysAsked = new ArrayList<>();
    private final List<String> reviewed = new ArrayList<>();
    private String keyName = "issuer";
    private String keyAlgorithm = "";
    private Instant now = ISSUED.plusSeconds(1);

    private VerificationKey key(String algorithm, @Nullable String keyId) {
        keysAsked.add(algorithm + " " + keyId);
        String admitted = keyAlgorithm.isEmpty() ? algorithm : keyAlgorithm;
        Map<String, @Nullable Object> jwk =
                new HashMap<>(TestKeys.jwk(TestKeys.of(TestKeys.kindFor(admitted), keyName)));
        VerificationKey key = KeyAdmission.admitProofKey(jwk, admitted);
        assertThat(key).isNotNull();
        return java.util.Objects.requireNonNull(key);
    }

    private VerifiedToken verify(String token) {
        TokenVerifier verifier =
                new TokenVerifier(
                        (_, algorithm, keyId) -> key(algorithm, keyId),
                        (_, presented) -> reviewed.add(presented.reveal()),
                        (InstantSource) () -> now);
        return verifier.verify(new TokenParser().parse(Secret.of(token)), issuer.build());
    }

    private void refuses(RefusalReason reason, Tokens token) {
        String compact = token.compact();
        Refused.expect(reason, compact, () -> verify(compact));
    }

    private static Tokens good() {
        return Tokens.plain(Issuers.URL, Issuers.AUDIENCE, ISSUED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
                "EdDSA", "Ed25519"
            })
    void verifiesEveryAlgorithmTheIssuerLists(String algorithm) {
        issuer.algorithms = java.util.Set.of(algorithm);
        KeyPair key = TestKeys.of(TestKeys.kindFor(algorithm), "issuer");
        VerifiedToken token = verify(good().signedBy(algorithm, key).compact());
        assertThat(token.issuedAt()).isEqualTo(ISSUED);
        assertThat(token.expiresAt()).isEqualTo(ISSUED.plusSeconds(300));
        assertThat(token.claims().string("sub")).isEqualTo("job-42");
        assertThat(keysAsked).containsExactly(algorithm + " key-1");

        keyName = "another";
        refuses(RefusalReason.SIGNATURE_INVALID, good().signedBy(algorithm, key));
    }

    @Test
    void refusesAnAlgorithmTheIssuerDoesNotListBeforeAskingForAnyKey() {
        refuses(
                RefusalReason.SIGNATURE_INVALID,
                good().signedBy("PS256", TestKeys.of("RSA2048", "issuer")));
        assertThat(keysAsked).isEmpty();
    }

    @Test
    void refusesAKeyThatIsForAnotherAlgorithm() {
        keyAlgorithm = "RS512";
        refuses(RefusalReason.SIGNATURE_INVALID, good());
    }

    @Test
    void refusesClaimsThatWereChangedAfterSigning() {
        String token = good().compact();
        String other = good().claim("sub", "job-43").compact();
        String mixed =
                other.substring(0, other.lastIndexOf('.'))
                        + token.substring(token.lastIndexOf('.'));
        Refused.expect(RefusalReason.SIGNATURE_INVALID, mixed, () -> verify(mixed));
    }

    @Test
    void refusesSignaturesOfTheWrongForm() {
        for (int length : new int[] {1, 63, 65, 70, 72, 132}) {
            byte[] bytes = new byte[length];
            java.util.Arrays.fill(bytes, (byte) 1);
            refuses(
                    RefusalReason.SIGNATURE_INVALID,
                    good().header("alg", "ES256").signature(bytes));
        }
        byte[] zeroR = new byte[64];
        zeroR[63] = 1;
        byte[] zeroS = new byte[64];
        zeroS[0] = 1;
        for (byte[] bytes : List.of(new byte[64], zeroR, zeroS)) {
            refuses(
                    RefusalReason.SIGNATURE_INVALID,
                    good().header("alg", "ES256").signature(bytes));
        }
        for (int length : new int[] {1, 64, 128, 255, 257, 1024}) {
            refuses(RefusalReason.SIGNATURE_INVALID, good().signature(new byte[length]));
        }
        assertThat(keysAsked).doesNotContain("ES256 key-1");
    }

    @Test
    void passesOnThatAKeyIsUnknown() {
        String token = good().compact();
        TokenVerifier verifier =
                new TokenVerifier(
                        (_, _, _) -> {
                            throw new Refusal(RefusalReason.KEY_UNKNOWN, "no such key");
                        },
                        (_, _) -> {},
                        InstantSource.fixed(now));
        Refused.expect(
                RefusalReason.KEY_UNKNOWN,
                token,
                () -> verifier.verify(new TokenParser().parse(Secret.of(token)), issuer.build()));
    }

    @Test
    void takesALibraryThatThrowsForARefusal() {
        VerificationKey throwing =
                VerificationKey.ofLibrary(
                        null,
                        "RS256",
                        new com.nimbusds.jose.JWSVerifier() {
                            @Override
                            public boolean verify(
                                    com.nimbusds.jose.JWSHeader header,
                                    byte[] input,
                                    com.nimbusds.jose.util.Base64URL signature) {
                                throw new IllegalStateException("from the provider");
                            }

                            @Override
                            public java.util.Set<com.nimbusds.jose.JWSAlgorithm>
                                    supportedJWSAlgorithms() {
                                return java.util.Set.of();
                            }

                            @Override
                            public com.nimbusds.jose.jca.JCAContext getJCAContext() {
                                return new com.nimbusds.jose.jca.JCAContext();
                            }
                        });
        assertThat(Signatures.holds(throwing, new byte[0], new byte[256])).isFalse();
    }

    @Test
    void refusesTokenForAnotherAudience() {
        for (Object audience :
                List.of(
                        "https://other.example",
                        Issuers.AUDIENCE + "/",
                        "",
                        5,
                        List.of(),
                        List.of(Issuers.AUDIENCE, "https://other.example"),
                        List.of(Issuers.AUDIENCE, Issuers.AUDIENCE),
                        List.of(List.of(Issuers.AUDIENCE)),
                        Map.of(Issuers.AUDIENCE, true),
                        Tokens.JSON_NULL)) {
            refuses(RefusalReason.AUDIENCE_MISMATCH, good().claim("aud", audience));
        }
        refuses(RefusalReason.AUDIENCE_MISMATCH, good().claim("aud", null));
        verify(good().claim("aud", List.of(Issuers.AUDIENCE)).compact());
    }

    @Test
    void refusesToVerifyAgainstAnotherIssuerThanTheTokens() {
        refuses(RefusalReason.ISSUER_UNKNOWN, good().claim("iss", Issuers.URL + "/"));
        assertThat(keysAsked).isEmpty();
    }

    @Test
    void saysSignatureBeforeAnythingAboutClaims() {
        keyName = "another";
        refuses(
                RefusalReason.SIGNATURE_INVALID,
                good().claim("exp", 1).claim("sub", null).claim("aud", "x"));
    }

    @Test
    void refusesDatesOfTheWrongType() {
        for (String name : List.of("exp", "iat", "nbf")) {
            for (Object value :
                    List.of(
                            Tokens.JSON_NULL,
                            "1795255200",
                            1795255200.0,
                            1795255200.5,
                            -1,
                            (1L << 53) + 1,
                            Long.MAX_VALUE,
                            new java.math.BigInteger("99999999999999999999999999"),
                            true,
                            List.of(1795255200),
                            Map.of())) {
                refuses(RefusalReason.CLAIM_MALFORMED, good().claim(name, value));
            }
        }
        refuses(RefusalReason.CLAIM_MALFORMED, good().claim("exp", null));
        refuses(RefusalReason.CLAIM_MALFORMED, good().claim("iat", null));
        verify(good().claim("nbf", null).compact());
        String exponent =
                good().claimsJson().replace("" + (ISSUED.getEpochSecond() + 300), "17952555e2");
        refuses(RefusalReason.CLAIM_MALFORMED, good().rawClaims(exponent));
        refuses(RefusalReason.CLAIM_MALFORMED, good().claim("exp", ISSUED.getEpochSecond()));
        refuses(RefusalReason.TOKEN_TOO_LONG_LIVED, good().claim("exp", 1L << 53));
    }

    @Test
    void isValidUntilTheEndPlusSkewAndNotAMillisecondLonger() {
        now = ISSUED.plusSeconds(330).minusMillis(1);
        verify(good().compact());
        now = ISSUED.plusSeconds(330);
        refuses(RefusalReason.TOKEN_EXPIRED, good());
        issuer.clockSkew = Duration.ZERO;
        now = ISSUED.plusSeconds(300);
        refuses(RefusalReason.TOKEN_EXPIRED, good());
        now = ISSUED.plusSeconds(300).minusMillis(1);
        verify(good().compact());
    }

    @Test
    void isValidFromItsStartMinusSkewAndNotAMillisecondSooner() {
        Tokens early = good().claim("nbf", ISSUED.getEpochSecond() + 60);
        now = ISSUED.plusSeconds(30);
        verify(early.compact());
        now = ISSUED.plusSeconds(30).minusMillis(1);
        refuses(RefusalReason.TOKEN_NOT_YET_VALID, early);
        now = ISSUED.minusSeconds(30);
        verify(good().claim("nbf", null).compact());
        now = ISSUED.minusSeconds(30).minusMillis(1);
        refuses(RefusalReason.TOKEN_NOT_YET_VALID, good().claim("nbf", null));
    }

    @Test
    void boundsAgeAndLifetimeWhereTheIssuerSaysSo() {
        issuer.maxTokenAge = Duration.ofMinutes(1);
        now = ISSUED.plusSeconds(90);
        verify(good().compact());
        now = ISSUED.plusSeconds(90).plusMillis(1);
        refuses(RefusalReason.TOKEN_TOO_OLD, good());
        issuer.maxTokenAge = null;
        issuer.maxTokenLifetime = Duration.ofMinutes(5);
        verify(good().compact());
        issuer.maxTokenLifetime = Duration.ofSeconds(299);
        refuses(RefusalReason.TOKEN_TOO_LONG_LIVED, good());
    }

    @Test
    void refusesASubjectThatIsNotAReasonableString() {
        for (Object subject :
                List.of(
                        "",
                        5,
                        true,
                        List.of("a"),
                        "x".repeat(1025),
                        "a\u0000b",
                        "a\nb",
                        Tokens.JSON_NULL)) {
            refuses(RefusalReason.CLAIM_MALFORMED, good().claim("sub", subject));
        }
        refuses(RefusalReason.CLAIM_MALFORMED, good().claim("sub", null));
        verify(good().claim("sub", "x".repeat(1024)).compact());
    }

    @Test
    void refusesAJtiThatIsNotAReasonableString() {
        for (Object jti : List.of("", 5, List.of("a"), "x".repeat(257), Tokens.JSON_NULL)) {
            refuses(RefusalReason.CLAIM_MALFORMED, good().claim("jti", jti));
        }
        verify(good().claim("jti", "x".repeat(256)).compact());
        verify(good().claim("jti", null).compact());
        issuer.requiresJti = true;
        refuses(RefusalReason.CLAIM_MALFORMED, good().claim("jti", null));
    }

    @Test
    void refusesClaimsOfAnotherTypeThanThePresetSays() {
        Map<ClaimFact.Type, List<Object>> fitting = new LinkedHashMap<>();
        fitting.put(ClaimFact.Type.STRING, List.of("a", ""));
        fitting.put(ClaimFact.Type.INTEGER, List.of(1, 1L << 60));
        fitting.put(ClaimFact.Type.BOOLEAN, List.of(true, false));
        fitting.put(ClaimFact.Type.STRINGS, List.of(List.of(), List.of("a")));
        fitting.put(ClaimFact.Type.STRING_OR_STRINGS, List.of("a", List.of("a")));
        fitting.put(ClaimFact.Type.OBJECT, List.of(Map.of(), Map.of("a", 1)));
        Map<ClaimFact.Type, List<Object>> wrong = new LinkedHashMap<>();
        wrong.put(ClaimFact.Type.STRING, List.of(1, true, List.of("a"), Map.of()));
        wrong.put(ClaimFact.Type.INTEGER, List.of("1", 1.0, true, List.of(1)));
        wrong.put(ClaimFact.Type.BOOLEAN, List.of("true", 1, 0));
        wrong.put(ClaimFact.Type.STRINGS, List.of("a", List.of(1), Map.of()));
        wrong.put(ClaimFact.Type.STRING_OR_STRINGS, List.of(1, List.of("a", 1)));
        wrong.put(ClaimFact.Type.OBJECT, List.of("a", List.of()));
        fitting.forEach((type, values) -> {
            issuer.claimTypes.clear();
            issuer.type("exact", type).type("family.*", type).type("/deep/er", type);
            values.forEach(value -> everyPlace(value).forEach(t -> verify(t.compact())));
            everyPlace(Tokens.JSON_NULL).forEach(t -> verify(t.compact()));
            wrong.getOrDefault(type, List.of())
                    .forEach(value ->
                            everyPlace(value)
                                    .forEach(t -> refuses(RefusalReason.CLAIM_MALFORMED, t)));
        });
    }

    private static List<Tokens> everyPlace(Object value) {
        List<Tokens> tokens = new ArrayList<>();
        tokens.add(good().claim("exact", value));
        tokens.add(good().claim("family.one", value));
        if (!value.equals(Tokens.JSON_NULL)) {
            tokens.add(good().claim("deep", Map.of("er", value)));
        }
        return tokens;
    }

    @Test
    void letsClaimsPassThatThePresetDoesNotKnow() {
        issuer.type("known", ClaimFact.Type.STRING).type("aud", ClaimFact.Type.STRINGS);
        verify(good().claim("new_claim", Map.of("any", "thing")).compact());
    }

    private Tokens pod(UnaryOperator<Map<String, Object>> change) {
        issuer.kubernetes = true;
        issuer.requirePod = true;
        Map<String, Object> kubernetes = new LinkedHashMap<>();
        kubernetes.put("namespace", "payments");
        kubernetes.put("serviceaccount", Map.of("name", "deployer", "uid", "sa-uid"));
        kubernetes.put("pod", Map.of("name", "pod-1", "uid", "pod-uid"));
        return Tokens.kubernetes(Issuers.URL, Issuers.AUDIENCE, ISSUED)
                .claim("kubernetes.io", change.apply(kubernetes));
    }

    private static UnaryOperator<Map<String, Object>> with(String name, @Nullable Object value) {
        return members -> {
            if (value == null) {
                members.remove(name);
            } else {
                members.put(name, value);
            }
            return members;
        };
    }

    @Test
    @DisplayName("DESIGN 14 rule 9: a Kubernetes token is bound to a pod and agrees with itself")
    void rule9_refusesKubernetesTokensThatDoNotAgreeWithThemselves() {
        verify(pod(UnaryOperator.identity()).compact());
        verify(Tokens.kubernetes(Issuers.URL, Issuers.AUDIENCE, ISSUED).compact());
        for (Tokens wrong :
                List.of(
                        pod(UnaryOperator.identity()).claim("kubernetes.io", null),
                        pod(UnaryOperator.identity()).claim("kubernetes.io", "payments"),
                        pod(UnaryOperator.identity())
                                .claim("sub", "system:serviceaccount:payments:other"),
                        pod(UnaryOperator.identity())
                                .claim("sub", "system:serviceaccount:other:deployer"),
                        pod(UnaryOperator.identity()).claim("sub", "deployer"),
                        pod(with("namespace", null)),
                        pod(with("namespace", "")),
                        pod(with("serviceaccount", null)),
                        pod(with("serviceaccount", Map.of("name", "deployer"))),
                        pod(with("serviceaccount", Map.of("name", "deployer", "uid", ""))),
                        pod(with("serviceaccount", Map.of("name", 5, "uid", "u"))),
                        pod(with("pod", null)),
                        pod(with("pod", "pod-1")),
                        pod(with("pod", Map.of("name", "pod-1"))),
                        pod(with("pod", Map.of("uid", "pod-uid"))),
                        pod(with("warnafter", 1795255200)),
                        pod(with("warnafter", "x")))) {
            refuses(RefusalReason.CLAIM_MALFORMED, wrong);
        }
    }

    @Test
    @DisplayName("DESIGN 14 rule 9: requirePod: false admits a token that no pod holds")
    void rule9_admitsUnboundTokensWhereTheIssuerSaysSo() {
        Tokens unbound = pod(with("pod", null));
        issuer.requirePod = false;
        verify(unbound.compact());
        refuses(RefusalReason.CLAIM_MALFORMED, pod(with("pod", Map.of())));
    }

    @Test
    void asksTokenReviewLastAndWithTheTokenAsItCame() {
        issuer.tokenReview = new TokenReviewSource(null, true);
        String token = good().compact();
        verify(token);
        assertThat(reviewed).containsExactly(token);
        refuses(RefusalReason.CLAIM_MALFORMED, good().claim("sub", null));
        assertThat(reviewed).hasSize(1);
        issuer.tokenReview = null;
        verify(token);
        assertThat(reviewed).hasSize(1);
    }

    @Test
    void judgesReplayByIssuerAudienceAndJti() {
        String first = verify(good().compact()).jtiHash();
        assertThat(first).matches("[0-9a-f]{32}");
        assertThat(verify(good().claim("run", "again").compact()).jtiHash()).isEqualTo(first);
        assertThat(verify(good().claim("jti", "jti-2").compact()).jtiHash()).isNotEqualTo(first);
        issuer.audience = "https://other.example";
        assertThat(verify(good().claim("aud", issuer.audience).compact()).jtiHash())
                .isNotEqualTo(first);
    }

    @Test
    void judgesReplayByTheSignedBytesWhereThereIsNoJti() {
        issuer.algorithms = java.util.Set.of("ES256");
        KeyPair key = TestKeys.of("P-256", "issuer");
        Tokens token = good().claim("jti", null).signedBy("ES256", key);
        String one = token.compact();
        String two = token.compact();
        assertThat(one).as("two ECDSA signatures over the same bytes").isNotEqualTo(two);
        assertThat(verify(one).jtiHash()).isEqualTo(verify(two).jtiHash());
        String other = good().claim("jti", null).claim("x", 1).signedBy("ES256", key).compact();
        assertThat(verify(one).jtiHash()).isNotEqualTo(verify(other).jtiHash());
    }

    @Test
    void saysNothingOfATokenInItsText() {
        assertThat(verify(good().compact()).toString()).doesNotContain("eyJ", "job-42");
    }
}
