package dev.tollbridge.bridge.token.keys;

import com.nimbusds.jose.crypto.utils.ECChecks;
import com.nimbusds.jose.jwk.Curve;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the public numbers of a key (RFC 7518 section 6, RFC 8037 section 2) and refuses weak
/// ones.
final class KeyMaterial {

    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 8192;
    private static final int MAX_EXPONENT_BITS = 33;
    private static final int ED25519_BYTES = 32;

    private static final List<String> RSA_ALGORITHMS =
            List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512");
    private static final List<String> ED25519_ALGORITHMS = List.of("EdDSA", "Ed25519");

    private KeyMaterial() {}

    static PublishedKey read(Map<String, @Nullable Object> jwk) throws KeyRefused {
        try {
            return switch (text(jwk, "kty")) {
                case "RSA" -> rsa(jwk);
                case "EC" -> ec(jwk);
                case "OKP" -> ed25519(jwk);
                case "oct" -> throw new KeyRefused("a symmetric key");
                default -> throw new KeyRefused("`kty` is not one that is admitted");
            };
        } catch (GeneralSecurityException _) {
            throw new KeyRefused("the platform refuses the key");
        }
    }

    private static PublishedKey rsa(Map<String, @Nullable Object> jwk)
            throws KeyRefused, GeneralSecurityException {
        BigInteger modulus = new BigInteger(1, bytes(jwk, "n"));
        BigInteger exponent = new BigInteger(1, bytes(jwk, "e"));
        if (modulus.bitLength() < MIN_RSA_BITS || modulus.bitLength() > MAX_RSA_BITS) {
            throw new KeyRefused("RSA of " + modulus.bitLength() + " bits");
        }
        if (!modulus.testBit(0)) {
            throw new KeyRefused("an even RSA modulus");
        }
        if (!exponent.testBit(0)
                || exponent.compareTo(BigInteger.TWO) <= 0
                || exponent.bitLength() > MAX_EXPONENT_BITS) {
            throw new KeyRefused("RSA exponent not odd, below 3 or too large");
        }
        return new PublishedKey(
                KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(modulus, exponent)),
                RSA_ALGORITHMS);
    }

    private static PublishedKey ec(Map<String, @Nullable Object> jwk)
            throws KeyRefused, GeneralSecurityException {
        return switch (text(jwk, "crv")) {
            case "P-256" -> ec(jwk, Curve.P_256, 32, "ES256");
            case "P-384" -> ec(jwk, Curve.P_384, 48, "ES384");
            case "P-521" -> ec(jwk, Curve.P_521, 66, "ES512");
            default -> throw new KeyRefused("`crv` is not one that is admitted");
        };
    }

    private static PublishedKey ec(
            Map<String, @Nullable Object> jwk, Curve curve, int coordinateBytes, String algorithm)
            throws KeyRefused, GeneralSecurityException {
        byte[] x = bytes(jwk, "x");
        byte[] y = bytes(jwk, "y");
        if (x.length != coordinateBytes || y.length != coordinateBytes) {
            throw new KeyRefused("coordinates of the wrong length");
        }
        ECPoint point = new ECPoint(new BigInteger(1, x), new BigInteger(1, y));
        ECParameterSpec parameters = curve.toECParameterSpec();
        if (!ECChecks.isPointOnCurve(point.getAffineX(), point.getAffineY(), parameters)) {
            throw new KeyRefused("the point is not on the curve");
        }
        return new PublishedKey(
                KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, parameters)),
                List.of(algorithm));
    }

    private static PublishedKey ed25519(Map<String, @Nullable Object> jwk)
            throws KeyRefused, GeneralSecurityException {
        if (!"Ed25519".equals(jwk.get("crv"))) {
            throw new KeyRefused("`crv` is not one that is admitted");
        }
        byte[] encoded = bytes(jwk, "x");
        if (encoded.length != ED25519_BYTES) {
            throw new KeyRefused("a point of the wrong length");
        }
        // RFC 8032 section 5.1.2: little-endian y, the sign of x in the highest bit.
        byte[] bigEndian = new byte[ED25519_BYTES];
        for (int i = 0; i < ED25519_BYTES; i++) {
            bigEndian[i] = encoded[ED25519_BYTES - 1 - i];
        }
        boolean xIsOdd = (bigEndian[0] & 0x80) != 0;
        bigEndian[0] &= 0x7f;
        BigInteger y = new BigInteger(1, bigEndian);
        if (SmallOrderPoints.has(y)) {
            throw new KeyRefused("a point of small order, which anyone can sign for");
        }
        EdECPublicKey key =
                (EdECPublicKey)
                        KeyFactory.getInstance("Ed25519")
                                .generatePublic(
                                        new EdECPublicKeySpec(
                                                NamedParameterSpec.ED25519,
                                                new EdECPoint(xIsOdd, y)));
        // The platform looks at the point only when the key is first used.
        Signature.getInstance("Ed25519").initVerify(key);
        return new PublishedKey(key, ED25519_ALGORITHMS);
    }

    private static String text(Map<String, @Nullable Object> jwk, String member) {
        return jwk.get(member) instanceof String text ? text : "";
    }

    /// base64url without padding (RFC 7515 section 2).
    private static byte[] bytes(Map<String, @Nullable Object> jwk, String member)
            throws KeyRefused {
        if (!(jwk.get(member) instanceof String text) || text.isEmpty() || text.indexOf('=') >= 0) {
            throw new KeyRefused("`" + member + "` is missing or not base64url");
        }
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException _) {
            throw new KeyRefused("`" + member + "` is not base64url");
        }
    }
}
