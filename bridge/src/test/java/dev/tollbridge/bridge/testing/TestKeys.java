package dev.tollbridge.bridge.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Real key pairs, made once per JVM and name, and raw JWS signatures by them. Signs by the JDK
/// alone, so that what the tests produce does not depend on the library under test.
public final class TestKeys {

    private static final Map<String, KeyPair> KEYS = new ConcurrentHashMap<>();

    private TestKeys() {}

    /// @param kind `RSA2048`, `RSA1024`, `RSA3072`, `P-256`, `P-384`, `P-521`, `Ed25519`
    /// @param name tells apart keys of the same kind
    public static KeyPair of(String kind, String name) {
        return KEYS.computeIfAbsent(kind + "/" + name, _ -> make(kind));
    }

    private static KeyPair make(String kind) {
        try {
            if (kind.startsWith("RSA")) {
                KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
                rsa.initialize(Integer.parseInt(kind.substring(3)));
                return rsa.generateKeyPair();
            }
            if (kind.equals("Ed25519")) {
                return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            }
            KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
            ec.initialize(new ECGenParameterSpec("secp" + kind.substring(2) + "r1"));
            return ec.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The kind of key an algorithm needs.
    public static String kindFor(String algorithm) {
        return switch (algorithm) {
            case "ES256" -> "P-256";
            case "ES384" -> "P-384";
            case "ES512" -> "P-521";
            case "EdDSA", "Ed25519" -> "Ed25519";
            default -> "RSA2048";
        };
    }

    /// A JWS signature (RFC 7518 section 3, RFC 8037 section 3.1).
    public static byte[] sign(String algorithm, KeyPair key, byte[] input) {
        try {
            Signature signature = Signature.getInstance(jcaName(algorithm));
            if (algorithm.startsWith("PS")) {
                String bits = algorithm.substring(2);
                signature.setParameter(
                        new PSSParameterSpec(
                                "SHA-" + bits,
                                "MGF1",
                                new MGF1ParameterSpec("SHA-" + bits),
                                Integer.parseInt(bits) / 8,
                                1));
            }
            signature.initSign(key.getPrivate());
            signature.update(input);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String jcaName(String algorithm) {
        String bits = algorithm.substring(2);
        return switch (algorithm.substring(0, 2)) {
            case "RS" -> "SHA" + bits + "withRSA";
            case "PS" -> "RSASSA-PSS";
            case "ES" -> "SHA" + bits + "withECDSAinP1363Format";
            default -> "Ed25519";
        };
    }

    /// The public part as a JWK (RFC 7517), without `kid`, `use` and `alg`.
    public static Map<String, Object> jwk(KeyPair key) {
        Map<String, Object> jwk = new LinkedHashMap<>();
        switch (key.getPublic()) {
            case RSAPublicKey rsa -> {
                jwk.put("kty", "RSA");
                jwk.put("n", encode(unsigned(rsa.getModulus().toByteArray(), 0)));
                jwk.put("e", encode(unsigned(rsa.getPublicExponent().toByteArray(), 0)));
            }
            case ECPublicKey ec -> {
                int bits = ec.getParams().getCurve().getField().getFieldSize();
                int size = (bits + 7) / 8;
                jwk.put("kty", "EC");
                jwk.put("crv", "P-" + bits);
                jwk.put("x", encode(unsigned(ec.getW().getAffineX().toByteArray(), size)));
                jwk.put("y", encode(unsigned(ec.getW().getAffineY().toByteArray(), size)));
            }
            case EdECPublicKey ed -> {
                byte[] spki = ed.getEncoded();
                byte[] point = new byte[32];
                System.arraycopy(spki, spki.length - 32, point, 0, 32);
                jwk.put("kty", "OKP");
                jwk.put("crv", "Ed25519");
                jwk.put("x", encode(point));
            }
            default -> throw new IllegalArgumentException(key.getPublic().getAlgorithm());
        }
        return jwk;
    }

    private static byte[] unsigned(byte[] number, int size) {
        int from = 0;
        while (from < number.length - 1 && number[from] == 0) {
            from++;
        }
        int length = number.length - from;
        byte[] bytes = new byte[Math.max(size, length)];
        System.arraycopy(number, from, bytes, bytes.length - length, length);
        return bytes;
    }

    public static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    public static String encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }
}
