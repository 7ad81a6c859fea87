package dev.tollbridge.webhook.tls;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/// A certificate authority for one name, the webhook's own. P-256.
public final class Authority {

    /// Clocks of API servers and nodes differ.
    private static final Duration SKEW = Duration.ofMinutes(5);

    private final X509CertificateHolder certificate;
    private final PrivateKey key;

    private Authority(X509CertificateHolder certificate, PrivateKey key) {
        this.certificate = certificate;
        this.key = key;
    }

    /// A certificate chain and its key, PEM; the key PKCS #8.
    public record Issued(String chainPem, String privateKeyPem, Instant from, Instant until) {
        /// @throws IllegalArgumentException when it is no certificate in PEM
        static Issued of(String chainPem, String privateKeyPem) {
            try {
                X509CertificateHolder leaf = new X509CertificateHolder(content(chainPem));
                return new Issued(
                        chainPem,
                        privateKeyPem,
                        leaf.getNotBefore().toInstant(),
                        leaf.getNotAfter().toInstant());
            } catch (IOException e) {
                throw new IllegalArgumentException("no certificate in PEM", e);
            }
        }

        @Override
        public String toString() {
            return "Issued[until " + until + "]";
        }
    }

    public static Authority create(Instant now, Duration life) {
        KeyPair keys = newKeys();
        // Each authority has a name of its own: during a rotation two are trusted at once, and a
        // verifier finds the issuer by its name.
        BigInteger serial = serial();
        X500Name name = new X500Name("CN=Tollbridge webhook " + serial.toString(36));
        try {
            X509v3CertificateBuilder builder =
                    builder(name, serial, now, life, name, keys.getPublic())
                            .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                            .addExtension(
                                    Extension.keyUsage,
                                    true,
                                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return new Authority(sign(builder, keys.getPrivate()), keys.getPrivate());
        } catch (CertIOException e) {
            throw new IllegalStateException("a certificate could not be made", e);
        }
    }

    /// @throws IllegalArgumentException when it is no certificate and key in PEM
    public static Authority load(String certificatePem, String keyPem) {
        try {
            return new Authority(
                    new X509CertificateHolder(content(certificatePem)),
                    KeyFactory.getInstance("EC")
                            .generatePrivate(new PKCS8EncodedKeySpec(content(keyPem))));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalArgumentException("no authority in PEM", e);
        }
    }

    private static byte[] content(String pem) throws IOException {
        try (PemReader reader = new PemReader(new StringReader(pem))) {
            PemObject object = reader.readPemObject();
            if (object == null) {
                throw new IOException("no PEM");
            }
            return object.getContent();
        }
    }

    public String certificatePem() {
        return pem("CERTIFICATE", encoded(certificate));
    }

    public String keyPem() {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    public Instant from() {
        return certificate.getNotBefore().toInstant();
    }

    public Instant until() {
        return certificate.getNotAfter().toInstant();
    }

    /// A server certificate with a key of its own.
    ///
    /// @param names DNS names, or addresses as text
    public Issued issue(Instant now, Duration life, List<String> names) {
        List<GeneralName> alternatives = new ArrayList<>();
        for (String name : names) {
            alternatives.add(
                    new GeneralName(
                            isAddress(name) ? GeneralName.iPAddress : GeneralName.dNSName, name));
        }
        KeyPair server = newKeys();
        try {
            X509v3CertificateBuilder builder =
                    builder(
                                    certificate.getSubject(),
                                    serial(),
                                    now,
                                    life,
                                    new X500Name("CN=tollbridge-webhook"),
                                    server.getPublic())
                            .addExtension(
                                    Extension.subjectAlternativeName,
                                    false,
                                    new GeneralNames(alternatives.toArray(GeneralName[]::new)))
                            .addExtension(
                                    Extension.extendedKeyUsage,
                                    false,
                                    new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                            .addExtension(
                                    Extension.keyUsage,
                                    true,
                                    new KeyUsage(KeyUsage.digitalSignature));
            X509CertificateHolder issued = sign(builder, key);
            return new Issued(
                    pem("CERTIFICATE", encoded(issued)) + certificatePem(),
                    pem("PRIVATE KEY", server.getPrivate().getEncoded()),
                    issued.getNotBefore().toInstant(),
                    issued.getNotAfter().toInstant());
        } catch (CertIOException e) {
            throw new IllegalStateException("a certificate could not be made", e);
        }
    }

    private static boolean isAddress(String name) {
        try {
            InetAddress _ = InetAddress.ofLiteral(name);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has P-256", e);
        }
    }

    private static BigInteger serial() {
        return new BigInteger(120, new SecureRandom()).add(BigInteger.ONE);
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer,
            BigInteger serial,
            Instant now,
            Duration life,
            X500Name subject,
            PublicKey publicKey) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                serial,
                Date.from(now.minus(SKEW)),
                Date.from(now.plus(life)),
                subject,
                publicKey);
    }

    private static X509CertificateHolder sign(X509v3CertificateBuilder builder, PrivateKey by) {
        try {
            return builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by));
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("a certificate could not be signed", e);
        }
    }

    private static byte[] encoded(X509CertificateHolder certificate) {
        try {
            return certificate.getEncoded();
        } catch (IOException e) {
            throw new IllegalStateException("a certificate could not be encoded", e);
        }
    }

    private static String pem(String type, byte[] content) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, content));
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory failed", e);
        }
        return text.toString();
    }
}
