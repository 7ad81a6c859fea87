package dev.tollbridge.bench.scan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate of localhost's own, by the JDK's tool.
///
/// @param chain a PEM file
/// @param key a PEM file
/// @param trusting believes the certificate and nothing else
record LocalCertificate(Path chain, Path key, SSLContext trusting) {

    private static final String PASSWORD = "benchmark";

    static LocalCertificate in(Path work)
            throws IOException, GeneralSecurityException, InterruptedException {
        Path store = work.resolve("tls.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "webhook",
                                "-keyalg",
                                "EC",
                                "-groupname",
                                "secp256r1",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "san=dns:localhost",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .redirectOutput(work.resolve("keytool.txt").toFile())
                        .start();
        if (keytool.waitFor() != 0) {
            throw new IOException(Files.readString(work.resolve("keytool.txt")));
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        Path key = work.resolve("tls.key");
        pem(key, "PRIVATE KEY", keys.getKey("webhook", PASSWORD.toCharArray()).getEncoded());
        Path chain = work.resolve("tls.crt");
        pem(chain, "CERTIFICATE", keys.getCertificate("webhook").getEncoded());
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("webhook", keys.getCertificate("webhook"));
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return new LocalCertificate(chain, key, context);
    }

    private static void pem(Path file, String what, byte[] bytes) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN "
                        + what
                        + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
                        + "\n-----END "
                        + what
                        + "-----\n");
    }
}
