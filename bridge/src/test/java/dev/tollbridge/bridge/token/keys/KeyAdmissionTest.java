package dev.tollbridge.bridge.token.keys;

import static dev.tollbridge.bridge.token.keys.PublishedSets.ec;
import static dev.tollbridge.bridge.token.keys.PublishedSets.published;
import static dev.tollbridge.bridge.token.keys.PublishedSets.raw;
import static dev.tollbridge.bridge.token.keys.PublishedSets.rsa;
import static dev.tollbridge.bridge.token.keys.PublishedSets.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import dev.tollbridge.bridge.token.VerificationKey;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyAdmissionTest {

    private static final Set<String> ALL =
            Set.of("RS256", "RS384", "RS512", "PS512", "ES256", "ES384", "ES512", "EdDSA");
    private static final JWK EC = ec("good");
    private static final JWK RSA = rsa("rsa", 2048);
    private static final byte[] MESSAGE = "a.b".getBytes(StandardCharsets.US_ASCII);

    private static AdmittedKeys admit(String jwks) throws NotKeys {
        return KeyAdmission.admit(jwks.getBytes(StandardCharsets.UTF_8), ALL);
    }

    /// Beside a good key, which must be admitted whatever the other is.
    private static AdmittedKeys besideGood(String jwk) throws NotKeys {
        AdmittedKeys keys = admit(raw(jwk, published(EC)));
        assertThat(keys.find("ES256", "good")).isNotNull();
        return keys;
    }

    private static void refuses(String jwk, String reason) throws NotKeys {
        AdmittedKeys keys = besideGood(jwk);
        assertThat(keys.count()).isEqualTo(1);
        assertThat(keys.skipped()).hasSize(1);
        assertThat(keys.skipped().getFirst().position()).isZero();
        assertThat(keys.skipped().getFirst().reason()).contains(reason);
    }

    private static VerificationKey found(AdmittedKeys keys, String algorithm, String keyId) {
        VerificationKey key = keys.find(algorithm, keyId);
        if (key == null) {
            throw new AssertionError("no key " + keyId + " for " + algorithm);
        }
        return key;
    }

    private static String with(JWK key, String member, String json) {
        String text = published(key);
        return text.substring(0, text.length() - 1) + ",\"" + member + "\":" + json + "}";
    }

    private static String replaced(JWK key, String member, String value) {
        String old = "\"" + member + "\":\"" + key.toJSONObject().get(member) + "\"";
        return published(key).replace(old, "\"" + member + "\":\"" + value + "\"");
    }

    private static String ed25519(byte[] point) {
        return "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"e\",\"x\":\""
                + Base64URL.encode(point)
                + "\"}";
    }

    private static String rsaJson(BigInteger modulus) {
        return "{\"kty\":\"RSA\",\"kid\":\"w\",\"e\":\"AQAB\",\"n\":\""
                + Base64URL.encode(modulus)
                + "\"}";
    }

    @Test
    void admitsTheKindsThatAreStrongEnough() throws Exception {
        Map<Curve, JWSAlgorithm> algorithms =
                Map.of(
                        Curve.P_256, JWSAlgorithm.ES256,
                        Curve.P_384, JWSAlgorithm.ES384,
                        Curve.P_521, JWSAlgorithm.ES512);
        for (Curve curve : algorithms.keySet()) {
            JWK key = ec("k", curve);
            JWSHeader header = new JWSHeader(algorithms.get(curve));
            Base64URL signature = new ECDSASigner(key.toECKey()).sign(header, MESSAGE);
            VerificationKey found = found(admit(set(key)), header.getAlgorithm().getName(), "k");
            assertThat(found.check().holds(MESSAGE, signature.decode())).isTrue();
        }
        assertThat(admit(set(RSA)).find("PS512", "rsa")).isNotNull();
    }

    @Test
    void verifiesEd25519() throws Exception {
        KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = keys.getPublic().getEncoded();
        byte[] point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
        Signature signer = Signature.getInstance("Ed25519");
        signer.initSign(keys.getPrivate());
        signer.update(MESSAGE);
        Base64URL signature = Base64URL.encode(signer.sign());
        VerificationKey key = found(besideGood(ed25519(point)), "EdDSA", "e");
        assertThat(key.check().holds(MESSAGE, signature.decode())).isTrue();
        assertThat(key.check().holds(new byte[] {1}, signature.decode())).isFalse();
        Base64URL tooShort = Base64URL.encode(new byte[63]);
        assertThat(key.check().holds(MESSAGE, tooShort.decode())).isFalse();
    }

    @Test
    void aKeyVerifiesWithTheAlgorithmItWasAskedForAndNoOther() throws Exception {
        AdmittedKeys keys = admit(set(RSA));
        JWSHeader rs512 = new JWSHeader(JWSAlgorithm.RS512);
        Base64URL signature = new RSASSASigner(RSA.toRSAKey()).sign(rs512, MESSAGE);
        VerificationKey for512 = found(keys, "RS512", "rsa");
        VerificationKey for256 = found(keys, "RS256", "rsa");
        assertThat(for512.check().holds(MESSAGE, signature.decode())).isTrue();
        assertThat(for256.check().holds(MESSAGE, signature.decode())).isFalse();
        // A verifier that refused goes on verifying.
        assertThat(for512.check().holds(new byte[] {1}, signature.decode())).isFalse();
        assertThat(for512.check().holds(MESSAGE, new byte[256])).isFalse();
        assertThat(for512.check().holds(MESSAGE, signature.decode())).isTrue();
        assertThat(keys.find("ES256", "rsa")).isNull();
    }

    @Test
    void aKeyMarkedWithAnAlgorithmIsForThatOneOnly() throws NotKeys {
        AdmittedKeys keys = admit(raw(with(RSA, "alg", "\"RS256\"")));
        assertThat(keys.find("RS256", "rsa")).isNotNull();
        assertThat(keys.find("RS512", "rsa")).isNull();
    }

    @Test
    void aKeyIsAdmittedOnlyForWhatTheIssuerMaySignWith() throws NotKeys {
        byte[] set = set(RSA, EC).getBytes(StandardCharsets.UTF_8);
        AdmittedKeys keys = KeyAdmission.admit(set, Set.of("ES256"));
        assertThat(keys.count()).isEqualTo(1);
        assertThat(keys.find("RS256", "rsa")).isNull();
    }

    @Test
    void refusesSymmetricAndPrivateKeys() throws NotKeys {
        refuses("{\"kty\":\"oct\",\"kid\":\"o\",\"k\":\"c2VjcmV0\"}", "symmetric");
        refuses("{\"kty\":\"oct\",\"kid\":\"o\"}", "symmetric");
        refuses(RSA.toJSONString(), "private");
        refuses(with(ec("p"), "d", "\"AA\""), "private");
    }

    @Test
    void refusesWeakAndOversizedRsa() throws NotKeys {
        refuses(published(rsa("w", 1024)), "1024 bits");
        refuses(rsaJson(BigInteger.TWO.pow(8192).add(BigInteger.ONE)), "8193 bits");
        refuses(rsaJson(BigInteger.TWO.pow(2047)), "even");
    }

    @ParameterizedTest
    @ValueSource(strings = {"AQ", "AA", "Ag", "BA", "AQAAAAAAAAAB"})
    void refusesBadRsaExponents(String exponent) throws NotKeys {
        refuses(replaced(RSA, "e", exponent), "exponent");
    }

    @Test
    void acceptsALeadingZeroInTheModulus() throws NotKeys {
        byte[] n = RSA.toRSAKey().getModulus().decode();
        byte[] padded = new byte[n.length + 1];
        System.arraycopy(n, 0, padded, 1, n.length);
        String jwk = replaced(RSA, "n", Base64URL.encode(padded).toString());
        assertThat(besideGood(jwk).count()).isEqualTo(2);
    }

    @Test
    void refusesPointsOffTheCurveAndOfTheWrongLength() throws NotKeys {
        JWK key = ec("p");
        refuses(replaced(key, "y", key.toECKey().getX().toString()), "not on the curve");
        byte[] x = key.toECKey().getX().decode();
        byte[] longer = Arrays.copyOf(x, x.length + 1);
        refuses(replaced(key, "x", Base64URL.encode(longer).toString()), "length");
        refuses(replaced(key, "crv", "secp256k1"), "crv");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            })
    void refusesEd25519PointsOfSmallOrder(String hex) throws NotKeys {
        refuses(ed25519(HexFormat.of().parseHex(hex)), "small order");
    }

    @Test
    void theConstantIsAPointOfOrderEight() {
        // Doubling such a point gives one of order 4, whose y is 0: then y^2 = -x^2, and the curve
        // -x^2 + y^2 = 1 + d x^2 y^2 becomes 2 y^2 = 1 - d y^4.
        BigInteger p = SmallOrderPoints.FIELD;
        BigInteger d =
                BigInteger.valueOf(-121665).multiply(BigInteger.valueOf(121666).modInverse(p));
        BigInteger square = SmallOrderPoints.ORDER_8_A.pow(2);
        assertThat(square.shiftLeft(1).add(d.multiply(square.pow(2))).mod(p))
                .isEqualTo(BigInteger.ONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "use|\"enc\"|use",
                "use|1|use",
                "use|null|use",
                "key_ops|[\"sign\"]|key_ops",
                "key_ops|\"verify\"|key_ops",
                "alg|\"HS256\"|alg",
                "alg|\"none\"|alg",
                "alg|\"ES384\"|alg",
                "alg|\"RS256\"|alg",
                "alg|7|alg"
            })
    void refusesKeysForAnotherPurpose(String member, String value, String reason) throws NotKeys {
        refuses(with(ec("p"), member, value), reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "null",
                "\"text\"",
                "[]",
                "{}",
                "{\"kty\":\"RSA\"}",
                "{\"kty\":\"RSA\",\"n\":\"!!!\",\"e\":\"AQAB\"}",
                "{\"kty\":\"RSA\",\"n\":17,\"e\":\"AQAB\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\"}",
                "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\",\"y\":\"\"}",
                "{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\"}",
                "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AA\"}",
                "{\"kty\":\"AKP\"}",
                "{\"kty\":[]}"
            })
    void oneMalformedKeySpoilsNoOther(String jwk) throws NotKeys {
        assertThat(besideGood(jwk).skipped()).hasSize(1);
    }

    @Test
    void badCertificatesAreNeitherReadNorBelieved() throws NotKeys {
        String jwk = with(ec("c"), "x5c", "[\"not a certificate\"]");
        assertThat(besideGood(jwk).count()).isEqualTo(2);
    }

    @Test
    void aKeyIdThatTwoKeysShareIsRefused() throws NotKeys {
        AdmittedKeys keys = admit(set(ec("same"), ec("same"), EC));
        assertThat(keys.find("ES256", "same")).isNull();
        assertThat(keys.find("ES256", "good")).isNotNull();
        assertThat(keys.skipped()).hasSize(2);
    }

    @Test
    void anEncryptionKeyMayShareAKeyId() throws NotKeys {
        String encryption = with(rsa("rsa", 2048), "use", "\"enc\"");
        assertThat(admit(raw(encryption, published(RSA))).find("RS256", "rsa")).isNotNull();
    }

    @Test
    void boundsKeyIds() throws NotKeys {
        refuses(published(ec("x".repeat(257))), "kid");
        refuses(published(ec("")), "kid");
    }

    @Test
    void withoutAKeyIdOnlyASingleKeyIsFound() throws NotKeys {
        assertThat(admit(set(EC, RSA)).find("ES256", null)).isNotNull();
        assertThat(admit(set(EC, ec("other"))).find("ES256", null)).isNull();
    }

    @Test
    void boundsTheSet() {
        String hundredAndOne = raw(Collections.nCopies(101, "{}").toArray(String[]::new));
        for (String bad :
                List.of(
                        hundredAndOne,
                        "{\"keys\":[]}" + " ".repeat(KeyAdmission.MAX_BYTES),
                        "",
                        "[]",
                        "{}",
                        "<html>",
                        "{\"keys\":{}}",
                        "{\"keys\":[],\"keys\":[]}",
                        "{\"keys\":[]} trailing",
                        "{\"keys\":" + "[".repeat(50) + "]".repeat(50) + "}")) {
            assertThatThrownBy(() -> admit(bad)).isInstanceOf(NotKeys.class);
        }
    }

    @Test
    void aNameTwiceInOneKeyRefusesTheSet() {
        // Two readers would see two sets: nothing of it can be believed.
        assertThatThrownBy(() -> admit(raw("{\"kty\":\"EC\",\"kty\":\"RSA\"}")))
                .isInstanceOf(NotKeys.class);
    }
}
