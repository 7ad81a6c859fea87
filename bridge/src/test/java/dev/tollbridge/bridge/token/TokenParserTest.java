package dev.tollbridge.bridge.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.refusal.RefusalReason;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.testing.Issuers;
import dev.tollbridge.bridge.testing.TestKeys;
import dev.tollbridge.bridge.testing.Tokens;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenParserTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    private final TokenParser parser = new TokenParser();

    private static Tokens good() {
        return Tokens.plain(Issuers.URL, Issuers.AUDIENCE, NOW);
    }

    private SubjectToken parse(String token) {
        return parser.parse(Secret.of(token));
    }

    private void refuses(String token) {
        Refused.expect(RefusalReason.TOKEN_MALFORMED, token, () -> parse(token));
    }

    private static String header(String json) {
        return good().rawHeader(json).compact();
    }

    @Test
    void readsWhatIsWellFormed() {
        SubjectToken token = parse(good().compact());
        assertThat(token.algorithm()).isEqualTo("RS256");
        assertThat(token.keyId()).isEqualTo("key-1");
        assertThat(token.issuer()).isEqualTo(Issuers.URL);
        assertThat(token.audience()).containsExactly(Issuers.AUDIENCE);
        assertThat(token.fingerprint()).matches("[0-9a-f]{32}");
        assertThat(token.claims().integer("exp")).isEqualTo(NOW.getEpochSecond() + 300);
    }

    @Test
    void ignoresCertificateThumbprintsAndTakesTypInAnyCase() {
        parse(good().header("x5t", "abc").header("x5t#S256", 5).header("typ", "jwt").compact());
        assertThat(parse(good().header("typ", null).header("kid", null).compact()).keyId())
                .isNull();
    }

    @Test
    void keepsAnAudienceOfTheWrongTypeForTheVerifierToRefuse() {
        assertThat(parse(good().claim("aud", null).compact()).audience()).isEmpty();
        assertThat(parse(good().claim("aud", 5).compact()).audience()).isEmpty();
        assertThat(parse(good().claim("aud", List.of("a", 5)).compact()).audience()).isEmpty();
        assertThat(parse(good().claim("aud", List.of("a", "b")).compact()).audience())
                .containsExactly("a", "b");
    }

    @Test
    void givesOneFingerprintToOneSignedTextWhateverItsSignature() {
        String one = good().compact();
        String other = good().signature(new byte[256]).compact();
        assertThat(parse(one).fingerprint()).isEqualTo(parse(other).fingerprint());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "...",
                "a",
                "a.b",
                "a.b.c",
                "a.b.c.d",
                ".b.c",
                "a..c",
                "a.b.",
                "e30.e30.AAAA",
                "e30..AAAA",
                "e30.e30.",
                "\u0000",
                "é.é.é",
                "null"
            })
    void refusesWhatHasNotThreeFullParts(String text) {
        refuses(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=", "==", " ", "\n", "\t", "\r\n", "+", "/", "!", "\"", "{}", "é", ".", ".AAAA"
            })
    void refusesAnythingThatIsAddedToAToken(String added) {
        String token = good().compact();
        refuses(token + added);
        refuses(added + token);
        int dot = token.indexOf('.');
        refuses(token.substring(0, dot) + added + token.substring(dot));
        int second = token.lastIndexOf('.');
        refuses(token.substring(0, second) + added + token.substring(second));
        refuses(token.substring(0, second + 9) + added + token.substring(second + 9));
    }

    @Test
    void refusesBitsLeftOverAtTheEndOfAPart() {
        String token = good().signature(new byte[256]).compact();
        assertThat(token).endsWith("AA");
        refuses(token.substring(0, token.length() - 1) + "B");
        refuses(token.substring(0, token.length() - 1) + "P");
    }

    @Test
    void refusesATokenBeyondTheBound() {
        int room = CompactJws.MAX_LENGTH - good().claim("pad", "").compact().length();
        parse(good().claim("pad", "x".repeat(room * 3 / 4 - 2)).compact());
        refuses(good().claim("pad", "x".repeat(room * 3 / 4 + 3)).compact());
        refuses("a".repeat(10_000_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none",
                "None",
                "nOnE",
                "",
                "HS256",
                "HS384",
                "HS512",
                "rs256",
                "RS257",
                "ES256K",
                "RSA1_5",
                "PBES2-HS256+A128KW",
                "dir",
                "RS256 ",
                "Ed448"
            })
    void refusesEveryAlgorithmThatIsNotAnAsymmetricSignature(String algorithm) {
        refuses(good().header("alg", algorithm).compact());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"alg\":null}",
                "{\"alg\":5}",
                "{\"alg\":[\"RS256\"]}",
                "{\"alg\":\"RS256\",\"alg\":\"RS256\"}",
                "{\"alg\":\"RS256\",\"\\u0061lg\":\"none\"}",
                "{\"alg\":\"RS256\"}{}",
                "[{\"alg\":\"RS256\"}]",
                "\"RS256\"",
                "{'alg':'RS256'}",
                "{\"alg\":\"RS256\",}",
                "/* */{\"alg\":\"RS256\"}",
                "\uFEFF{\"alg\":\"RS256\"}",
                "{\"alg\":\"RS256\",\"kid\":5}",
                "{\"alg\":\"RS256\",\"kid\":null}",
                "{\"alg\":\"RS256\",\"kid\":\"\"}",
                "{\"alg\":\"RS256\",\"typ\":null}",
                "{\"alg\":\"RS256\",\"typ\":5}",
                "{\"alg\":\"RS256\",\"crit\":[]}",
                "{\"alg\":\"RS256\",\"crit\":[\"b64\"],\"b64\":true}",
                "{\"alg\":\"RS256\",\"crit\":[\"exp\"],\"exp\":1}",
                "{\"alg\":\"RS256\",\"b64\":false}",
                "{\"alg\":\"RS256\",\"zip\":\"DEF\"}",
                "{\"alg\":\"RS256\",\"cty\":\"JWT\"}",
                "{\"alg\":\"RS256\",\"enc\":\"A128GCM\"}",
                "{\"alg\":\"RS256\",\"jku\":\"https://evil.example\"}",
                "{\"alg\":\"RS256\",\"x5u\":\"https://evil.example\"}",
                "{\"alg\":\"RS256\",\"x5c\":[\"AAAA\"]}",
                "{\"alg\":\"RS256\",\"jwk\":{}}",
                "{\"alg\":\"RS256\",\"ALG\":\"RS256\"}",
                "{\"alg\":\"RS256\",\"\":1}"
            })
    void refusesEveryOtherHeader(String header) {
        refuses(header(header));
    }

    @Test
    void takesWhiteSpaceAroundJsonBecauseItIsJsonAndSigned() {
        parse(header(" {\"alg\":\"RS256\"}\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "at+jwt",
                "application/jwt",
                "application/at+jwt",
                "dpop+jwt",
                "wit+jwt",
                "txntoken+jwt",
                "logout+jwt",
                "JWE",
                "JOSE",
                "",
                "JWT "
            })
    void refusesTokensMadeForSomethingElse(String type) {
        refuses(good().header("typ", type).compact());
    }

    @Test
    void boundsTheKeyIdAndTheIssuer() {
        parse(good().header("kid", "k".repeat(256)).compact());
        refuses(good().header("kid", "k".repeat(257)).compact());
        parse(good().claim("iss", "i".repeat(2048)).compact());
        refuses(good().claim("iss", "i".repeat(2049)).compact());
        parse(good().signature(new byte[1024]).compact());
        refuses(good().signature(new byte[1025]).compact());
    }

    @Test
    void refusesAnIssuerThatIsNotAString() {
        for (Object issuer :
                List.of("", 5, true, List.of(Issuers.URL), Map.of("a", "b"), Tokens.JSON_NULL)) {
            refuses(good().claim("iss", issuer).compact());
        }
        refuses(good().claim("iss", null).compact());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{",
                "{}",
                "{\"iss\":\"a\",\"iss\":\"b\"}",
                "{\"iss\":\"a\",\"x\":{\"y\":1,\"y\":2}}",
                "{\"iss\":\"a\",\"x\":[{\"y\":1,\"\\u0079\":2}]}",
                "{\"iss\":\"a\"}{\"iss\":\"b\"}",
                "{\"iss\":\"a\"}x",
                "{\"iss\":\"a\",\"x\":NaN}",
                "{\"iss\":\"a\",\"x\":Infinity}",
                "{\"iss\":\"a\",\"x\":1e999}",
                "{\"iss\":\"a\",\"x\":01}",
                "{\"iss\":\"a\",\"x\":+1}",
                "{\"iss\":\"a\",\"x\":.5}",
                "{\"iss\":\"a\",\"x\":\"\\ud800\"}",
                "{\"iss\":\"a\",\"\\udc00\":1}",
                "{\"iss\":\"a\",\"x\":\"\\ud800\\ud800\"}",
                "{\"iss\":\"a\",\"x\":\"\t\"}",
                "{\"iss\":\"a\" // x\n}",
                "{iss:\"a\"}"
            })
    void refusesEveryPayloadThatTwoReadersCouldUnderstandDifferently(String payload) {
        refuses(good().rawClaims(payload).compact());
    }

    @Test
    void refusesMalformedUtf8() {
        String header = TestKeys.encode("{\"alg\":\"RS256\"}");
        String prefix = "{\"iss\":\"a\",\"x\":\"";
        for (byte[] wrong :
                new byte[][] {
                    {(byte) 0xc0, (byte) 0xaf},
                    {(byte) 0xff},
                    {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
                    {(byte) 0xe2}
                }) {
            byte[] start = prefix.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            byte[] all = java.util.Arrays.copyOf(start, start.length + wrong.length + 2);
            System.arraycopy(wrong, 0, all, start.length, wrong.length);
            all[all.length - 2] = '"';
            all[all.length - 1] = '}';
            refuses(header + "." + TestKeys.encode(all) + ".AAAA");
        }
    }

    @Test
    void boundsTheDepth() {
        parse(good().rawClaims(nested(15)).compact());
        refuses(good().rawClaims(nested(16)).compact());
        refuses(good().rawClaims(nested(3000)).compact());
    }

    /// The object itself is the first level.
    private static String nested(int lists) {
        return "{\"iss\":\"a\",\"x\":" + "[".repeat(lists) + "]".repeat(lists) + "}";
    }

    @Test
    void readsTokensOfThisSizeInOneSpellingOnly() {
        // Every single-character change either is refused or reads as other bytes.
        String token = good().signature(new byte[257]).compact();
        int dot = token.lastIndexOf('.');
        byte[] signature = parse(token).signature();
        for (char c = 0; c < 128; c++) {
            String changed = token.substring(0, token.length() - 1) + c;
            if (changed.equals(token)) {
                continue;
            }
            try {
                assertThat(parse(changed).signature()).isNotEqualTo(signature);
            } catch (dev.tollbridge.bridge.refusal.Refusal e) {
                assertThat(e.reason()).isEqualTo(RefusalReason.TOKEN_MALFORMED);
            }
        }
        assertThat(dot).isPositive();
    }

    @Test
    void saysNothingOfATokenInItsText() {
        String token = good().compact();
        assertThat(parse(token).toString()).doesNotContain("eyJ").hasSizeLessThan(64);
        assertThat(
                        CompactJws.parse(
                                        token,
                                        java.util.Set.of("alg", "kid", "typ"),
                                        RefusalReason.TOKEN_MALFORMED)
                                .toString())
                .isEqualTo("CompactJws[RS256]");
    }
}
