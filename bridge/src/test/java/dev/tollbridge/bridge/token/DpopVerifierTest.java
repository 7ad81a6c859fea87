package dev.tollbridge.bridge.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import dev.tollbridge.bridge.refusal.Refusal;
import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.testing.TestKeys;
import dev.tollbridge.bridge.testing.Tokens;
import dev.tollbridge.bridge.token.DpopVerifier.NoncePolicy;
import dev.tollbridge.bridge.token.keys.KeyAdmission;
import java.security.KeyPair;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DpopVerifierTest {

    private static final String URL = "https://bridge.example/token";
    private static final KeyPair KEY = TestKeys.of("P-256", "proof");

    private Instant now = Instant.parse("2026-11-21T10:02:00Z");
    private final InstantSource clock = () -> now;
    private final DpopNonces nonces = new DpopNonces(clock, new SplittableRandom(1));
    private final DpopVerifier verifier = verifier(NoncePolicy.OPTIONAL, 100);

    private DpopVerifier verifier(NoncePolicy policy, int capacity) {
        return new DpopVerifier(KeyAdmission::admitProofKey, nonces, policy, capacity);
    }

    private Tokens proof() {
        return Tokens.dpop("ES256", KEY, "POST", URL, now);
    }

    private @Nullable String verify(DpopVerifier by, Tokens proof) {
        return by.verify(List.of(proof.compact()), "POST", URL, now, null);
    }

    private Refusal refuses(Tokens proof) {
        return refuses(verifier, proof);
    }

    private Refusal refuses(DpopVerifier by, Tokens proof) {
        String compact = proof.compact();
        return Refused.expect(
                RefusalReason.PROOF_INVALID,
                compact,
                () -> by.verify(List.of(compact), "POST", URL, now, null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256", "ES384", "ES512", "RS256", "PS256", "EdDSA", "Ed25519"})
    void provesAKeyByItsThumbprint(String algorithm) throws ParseException, JOSEException {
        KeyPair key = TestKeys.of(TestKeys.kindFor(algorithm), "proof");
        String expected = JWK.parse(TestKeys.jwk(key)).computeThumbprint().toString();
        assertThat(verify(verifier, Tokens.dpop(algorithm, key, "POST", URL, now)))
                .isEqualTo(expected);
        refuses(
                Tokens.dpop(algorithm, key, "POST", URL, now)
                        .header(
                                "jwk",
                                TestKeys.jwk(TestKeys.of(TestKeys.kindFor(algorithm), "x"))));
    }

    @Test
    void provesNothingWithoutAHeaderAndTakesNoMoreThanOne() {
        assertThat(verifier.verify(List.of(), "POST", URL, now, null)).isNull();
        String one = proof().compact();
        Refused.expect(
                RefusalReason.PROOF_INVALID,
                one,
                () -> verifier.verify(List.of(one, one), "POST", URL, now, null));
        Refused.expect(
                RefusalReason.PROOF_INVALID,
                one,
                () -> verifier.verify(List.of(one + ", " + one), "POST", URL, now, null));
        Refused.expect(
                RefusalReason.PROOF_INVALID,
                "",
                () -> verifier.verify(List.of(""), "POST", URL, now, null));
    }

    @Test
    void refusesEveryOtherHeader() {
        refuses(proof().header("typ", null));
        refuses(proof().header("typ", "JWT"));
        refuses(proof().header("typ", 5));
        refuses(proof().header("alg", "none"));
        refuses(proof().header("alg", "HS256"));
        refuses(proof().header("jwk", null));
        refuses(proof().header("jwk", "key"));
        refuses(proof().header("crit", List.of("exp")));
        refuses(proof().header("jku", "https://evil.example"));
        refuses(proof().header("x5c", List.of("AAAA")));
    }

    @Test
    void refusesKeysThatAreNotPublicAndStrong() {
        Map<String, Object> withPrivatePart = new LinkedHashMap<>(TestKeys.jwk(KEY));
        withPrivatePart.put("d", TestKeys.encode(new byte[32]));
        refuses(proof().header("jwk", withPrivatePart));
        refuses(proof().header("jwk", Map.of("kty", "oct", "k", "AAAA")));
        Map<String, Object> forEncryption = new LinkedHashMap<>(TestKeys.jwk(KEY));
        forEncryption.put("use", "enc");
        refuses(proof().header("jwk", forEncryption));
        Map<String, Object> offCurve = new LinkedHashMap<>(TestKeys.jwk(KEY));
        offCurve.put("y", offCurve.get("x"));
        refuses(proof().header("jwk", offCurve));
        refuses(Tokens.dpop("RS256", TestKeys.of("RSA1024", "weak"), "POST", URL, now));
        refuses(
                Tokens.dpop("ES256", KEY, "POST", URL, now)
                        .header("jwk", TestKeys.jwk(TestKeys.of("P-384", "proof"))));
    }

    @Test
    void refusesAKeyThatIsNotWrittenCanonicallySoThatItHasOneThumbprint() {
        for (String wrong : List.of("=", "A", "AAAA")) {
            Map<String, Object> spelled = new LinkedHashMap<>(TestKeys.jwk(KEY));
            spelled.put("x", spelled.get("x") + wrong);
            refuses(proof().header("jwk", spelled));
        }
        KeyPair rsa = TestKeys.of("RSA2048", "proof");
        Map<String, Object> leadingZero = new LinkedHashMap<>(TestKeys.jwk(rsa));
        leadingZero.put("e", "AAEAAQ");
        refuses(Tokens.dpop("RS256", rsa, "POST", URL, now).header("jwk", leadingZero));
    }

    @Test
    void refusesAProofForAnotherRequest() {
        refuses(proof().claim("htm", "GET"));
        refuses(proof().claim("htm", "post"));
        refuses(proof().claim("htm", null));
        refuses(proof().claim("htm", 5));
        refuses(proof().claim("htu", null));
        refuses(proof().claim("htu", List.of(URL)));
        refuses(proof().claim("htu", "https://evil.example/token"));
        refuses(proof().claim("htu", URL + "/"));
        refuses(proof().claim("jti", null));
        refuses(proof().claim("jti", ""));
        refuses(proof().claim("jti", "x".repeat(257)));
        refuses(proof().claim("jti", 5));
    }

    @ParameterizedTest
    @CsvSource({
        "https://bridge.example/token, https://bridge.example/token",
        "HTTPS://Bridge.Example/token, https://bridge.example/token",
        "https://bridge.example:443/token, https://bridge.example/token",
        "https://bridge.example:/token, https://bridge.example/token",
        "http://bridge.example:80/token, http://bridge.example/token",
        "https://bridge.example:8443/token, https://bridge.example:8443/token",
        "https://bridge.example/token?a=b, https://bridge.example/token",
        "https://bridge.example/token#f, https://bridge.example/token",
        "https://bridge.example/%74oken, https://bridge.example/token",
        "https://bridge.example/%c3%a9, https://bridge.example/%C3%A9",
        "https://bridge.example/a%2fb, https://bridge.example/a%2Fb",
        "https://bridge.example/a/../token, https://bridge.example/token",
        "https://bridge.example/./token, https://bridge.example/token",
        "https://bridge.example/../../token, https://bridge.example/token",
        "https://bridge.example/a/.., https://bridge.example/",
        "https://bridge.example/a/., https://bridge.example/a/",
        "https://bridge.example/a/%2e%2e/b, https://bridge.example/b",
        "https://bridge.example/.well, https://bridge.example/.well",
        "https://bridge.example, https://bridge.example/",
        "https://bridge.example?x, https://bridge.example/",
        "https://[::1]:443/token, https://[::1]/token",
        "https://[::1]:8443/token, https://[::1]:8443/token",
        "https://bridge.example//token, https://bridge.example//token"
    })
    void comparesUrlsInTheirNormalForm(String text, String normal) {
        assertThat(HttpUri.normalised(text)).isEqualTo(normal);
        assertThat(HttpUri.normalised(normal)).isEqualTo(normal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/token",
                "token",
                "ftp://bridge.example/",
                "https:///token",
                "https://a b/",
                "https://user@bridge.example/",
                "https://bridge.example:x/",
                "https://bridge.example/%",
                "https://bridge.example/%4",
                "https://bridge.example/%zz",
                "https://é.example/",
                "https://bridge.example\\token",
                "https://br%69dge.example/"
            })
    void takesNoUrlThatIsNotOfHttp(String text) {
        assertThat(HttpUri.normalised(text)).isNull();
    }

    @Test
    void takesProofsOfTheLastMinuteOnly() {
        Instant start = now;
        for (long age : new long[] {-30, 0, 60, 90}) {
            verify(
                    verifier,
                    proof().claim("jti", "age" + age).claim("iat", start.getEpochSecond() - age));
        }
        for (Object issued :
                List.of(
                        start.getEpochSecond() - 91,
                        start.getEpochSecond() + 31,
                        0,
                        Long.MIN_VALUE,
                        Long.MAX_VALUE,
                        "1795255200",
                        start.getEpochSecond() + 0.5,
                        Tokens.JSON_NULL)) {
            refuses(proof().claim("iat", issued));
        }
        refuses(proof().claim("iat", null));
    }

    @Test
    void takesAProofOnce() {
        String proof = proof().compact();
        verifier.verify(List.of(proof), "POST", URL, now, null);
        // Through every moment at which the proof still could be presented.
        for (int i = 0; i <= 90; i++) {
            Refused.expect(
                    RefusalReason.PROOF_INVALID,
                    proof,
                    () -> verifier.verify(List.of(proof), "POST", URL, now, null));
            now = now.plusSeconds(1);
        }
        verify(verifier, proof().claim("jti", "proof-2"));
        verify(
                verifier,
                Tokens.dpop("ES256", TestKeys.of("P-256", "other"), "POST", URL, now)
                        .claim("jti", "proof-2"));
    }

    @Test
    void refusesWhenItCannotRememberMoreAndRecoversByTime() {
        DpopVerifier small = verifier(NoncePolicy.OPTIONAL, 2);
        verify(small, proof().claim("jti", "1"));
        verify(small, proof().claim("jti", "2"));
        String third = proof().claim("jti", "3").compact();
        Refusal refusal =
                Refused.expect(
                        RefusalReason.OVERLOADED,
                        third,
                        () -> small.verify(List.of(third), "POST", URL, now, null));
        assertThat(refusal.retryAfter()).isPositive();
        refuses(small, proof().claim("jti", "1"));
        now = now.plusSeconds(130);
        verify(small, proof().claim("jti", "3"));
    }

    @Test
    void takesAGoodNonceAndRefusesAnyOther() {
        verify(verifier, proof().claim("nonce", nonces.issue()));
        String issued = nonces.issue();
        for (Object nonce :
                List.of(
                        "",
                        "x",
                        5,
                        Tokens.JSON_NULL,
                        "A".repeat(32),
                        issued + "A",
                        new DpopNonces(clock, new SplittableRandom(2)).issue())) {
            String fresh = refuses(proof().claim("nonce", nonce)).dpopNonce();
            assertThat(fresh).isNotNull();
            assertThat(nonces.valid(String.valueOf(fresh))).isTrue();
        }
    }

    @Test
    void asksForANonceWhereOneIsRequired() {
        DpopVerifier required = verifier(NoncePolicy.REQUIRED, 100);
        String nonce = refuses(required, proof()).dpopNonce();
        assertThat(nonce).isNotNull();
        // The challenge has not taken the proof's use.
        verify(required, proof().claim("nonce", nonce));
        assertThat(refuses(required, proof().claim("htm", "GET")).dpopNonce()).isNull();
    }

    @Test
    void noncesLastTheirPeriodAndTheNextAndOutliveAChangeOfKeys() {
        for (int hours = 0; hours < 30; hours++) {
            Instant start =
                    Instant.parse("2026-11-21T10:59:00Z").plus(Duration.ofHours(hours * 5L));
            now = start;
            String nonce = nonces.issue();
            assertThat(nonces.valid(nonce)).isTrue();
            now = start.plus(Duration.ofMinutes(5));
            nonces.issue();
            assertThat(nonces.valid(nonce)).isTrue();
            now = start.plus(Duration.ofMinutes(6));
            assertThat(nonces.valid(nonce)).isFalse();
        }
    }

    @Test
    void bindsTheProofToTheAccessTokenWhereThereIsOne() {
        String hash = DpopVerifier.accessTokenHash("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU");
        // RFC 9449 section 7.1, the example.
        assertThat(hash).isEqualTo("fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
        verifier.verify(List.of(proof().claim("ath", hash).compact()), "POST", URL, now, hash);
        for (Object wrong : List.of("", 5, hash + "A")) {
            String compact = proof().claim("ath", wrong).compact();
            Refused.expect(
                    RefusalReason.PROOF_INVALID,
                    compact,
                    () -> verifier.verify(List.of(compact), "POST", URL, now, hash));
        }
    }
}
