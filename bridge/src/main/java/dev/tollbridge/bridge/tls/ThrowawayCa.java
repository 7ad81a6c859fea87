package dev.tollbridge.bridge.tls;

import dev.tollbridge.bridge.secret.Secret;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
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
import org.bouncycastle.util.io.pem.PemWriter;

/// A certificate authority that lives as long as this object: its private key is never written
/// anywhere. P-256 keys, certificates valid for a day.
public final class ThrowawayCa {

    private static final Duration LIFE = Duration.ofDays(1);
    private static final X500Name NAME = new X500Name("CN=Tollbridge throwaway CA");

    private final InstantSource clock;
    private final KeyPair keys;
    private final X509CertificateHolder certificate;

    private ThrowawayCa(InstantSource clock, KeyPair keys, X509CertificateHolder certificate) {
        this.clock = clock;
        this.keys = keys;
        this.certificate = certificate;
    }

    public static ThrowawayCa create(InstantSource clock) {
        KeyPair keys = newKeys();
        try {
            X509v3CertificateBuilder certificate =
                    builder(clock.instant(), NAME, keys.getPublic())
                            .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                            .addExtension(
                                    Extension.keyUsage,
                                    true,
                                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return new ThrowawayCa(clock, keys, sign(certificate, keys));
        } catch (CertIOException e) {
            throw new IllegalStateException("a certificate could not be made", e);
        }
    }

    /// The authority's own certificate: what clients are told to trust.
    public String certificatePem() {
        return pem("CERTIFICATE", encoded(certificate));
    }

    /// A server certificate with a key of its own.
    ///
    /// @param names DNS names, or addresses as text (`127.0.0.1`, `::1`); at least one
    public ServerIdentity issue(String... names) {
        if (names.length == 0) {
            throw new IllegalArgumentException("a server certificate needs a name");
        }
        GeneralName[] alternatives = new GeneralName[names.length];
        for (int i = 0; i < names.length; i++) {
            alternatives[i] =
                    new GeneralName(
                            isAddress(names[i]) ? GeneralName.iPAddress : GeneralName.dNSName,
                            names[i]);
        }
        KeyPair server = newKeys();
        try {
            X509v3CertificateBuilder builder =
                    builder(clock.instant(), new X500Name("CN=tollbridge"), server.getPublic())
                            .addExtension(
                                    Extension.subjectAlternativeName,
                                    false,
                                    new GeneralNames(alternatives))
                            .addExtension(
                                    Extension.extendedKeyUsage,
                                    false,
                                    new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                            .addExtension(
                                    Extension.keyUsage,
                                    true,
                                    new KeyUsage(KeyUsage.digitalSignature));
            return new ServerIdentity(
                    pem("CERTIFICATE", encoded(sign(builder, keys))) + certificatePem(),
                    Secret.of(pem("PRIVATE KEY", server.getPrivate().getEncoded())));
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

    private static X509v3CertificateBuilder builder(
            Instant now, X500Name subject, PublicKey publicKey) {
        return new JcaX509v3CertificateBuilder(
                NAME,
                new BigInteger(120, new SecureRandom()).add(BigInteger.ONE),
                Date.from(now.minus(Duration.ofMinutes(5))),
                Date.from(now.plus(LIFE)),
                subject,
                publicKey);
    }

    private static X509CertificateHolder sign(X509v3CertificateBuilder builder, KeyPair by) {
        try {
            return builder.build(
                    new JcaContentSignerBuilder("SHA256withECDSA").build(by.getPrivate()));
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
