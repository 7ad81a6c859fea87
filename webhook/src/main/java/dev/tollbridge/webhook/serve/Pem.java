package dev.tollbridge.webhook.serve;

import dev.tollbridge.webhook.http.Certificate;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Looks into PEM as far as it takes to know whether a pair fits together and how long it lasts.
final class Pem {

    private static final Pattern PKCS8 =
            Pattern.compile(
                    "-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private Pem() {}

    /// Why the pair cannot be used; empty where it can. A key in another form than PKCS #8 is left
    /// to the TLS library.
    static String problem(Certificate pair) {
        X509Certificate leaf;
        try {
            leaf = leaf(pair.chainPem());
        } catch (GeneralSecurityException _) {
            return "no certificate in PEM";
        }
        Matcher pem = PKCS8.matcher(pair.privateKeyPem());
        if (!pem.find()) {
            return pair.privateKeyPem().contains("PRIVATE KEY-----") ? "" : "no key in PEM";
        }
        try {
            return fit(leaf.getPublicKey(), key(pem.group(1), leaf.getPublicKey().getAlgorithm()))
                    ? ""
                    : "the key is not the certificate's";
        } catch (GeneralSecurityException | IllegalArgumentException _) {
            return "the key is not the certificate's";
        }
    }

    static Instant ends(Certificate pair) {
        try {
            return leaf(pair.chainPem()).getNotAfter().toInstant();
        } catch (GeneralSecurityException e) {
            return Instant.EPOCH;
        }
    }

    private static X509Certificate leaf(String chain) throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(
                                        chain.getBytes(StandardCharsets.US_ASCII)));
    }

    private static PrivateKey key(String base64, String algorithm) throws GeneralSecurityException {
        byte[] der = Base64.getMimeDecoder().decode(base64);
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    private static boolean fit(PublicKey publicKey, PrivateKey privateKey)
            throws GeneralSecurityException {
        String algorithm =
                switch (publicKey.getAlgorithm()) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    case "EdDSA" -> "EdDSA";
                    default -> "";
                };
        if (algorithm.isEmpty()) {
            return true;
        }
        byte[] text = "tollbridge".getBytes(StandardCharsets.US_ASCII);
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(privateKey);
        signing.update(text);
        byte[] signature = signing.sign();
        Signature checking = Signature.getInstance(algorithm);
        checking.initVerify(publicKey);
        checking.update(text);
        return checking.verify(signature);
    }
}
