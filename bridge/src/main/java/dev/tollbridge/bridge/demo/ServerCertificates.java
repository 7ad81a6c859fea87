package dev.tollbridge.bridge.demo;

import dev.tollbridge.bridge.tls.ServerIdentity;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// What the JDK's own https server shows: from the PEM that the throwaway authority gives.
final class ServerCertificates {

    private ServerCertificates() {}

    static SSLContext of(ServerIdentity identity) {
        char[] none = new char[0];
        try {
            Certificate[] chain =
                    CertificateFactory.getInstance("X.509")
                            .generateCertificates(
                                    new ByteArrayInputStream(
                                            identity.certificatesPem()
                                                    .getBytes(StandardCharsets.US_ASCII)))
                            .toArray(Certificate[]::new);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", privateKey(identity), none, chain);
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, none);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a certificate made here can be used here", e);
        }
    }

    private static PrivateKey privateKey(ServerIdentity identity) throws GeneralSecurityException {
        StringBuilder base64 = new StringBuilder();
        identity.privateKeyPem()
                .reveal()
                .lines()
                .filter(line -> !line.startsWith("-----"))
                .forEach(base64::append);
        return KeyFactory.getInstance("EC")
                .generatePrivate(
                        new PKCS8EncodedKeySpec(Base64.getDecoder().decode(base64.toString())));
    }
}
