package dev.tollbridge.images;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// The authorities a runtime believes, with those added that somebody gave.
///
/// Written as JKS by hand, because `keytool` and `KeyStore` put the time and random bytes into what
/// they write, and an image has to be the same bytes when it is built again. Java reads JKS
/// wherever it expects PKCS 12 (`keystore.type.compat` in `java.security`). It holds public
/// certificates only; the password, which everybody knows, guards against accidents.
final class Authorities {

    /// As the JDK's own store.
    static final String PASSWORD = "changeit";

    private static final int MAGIC = 0xFEEDFEED;
    private static final int VERSION = 2;
    private static final int TRUSTED_CERTIFICATE = 2;

    private Authorities() {}

    /// @param pem one or more certificates
    /// @param store the runtime's `cacerts`; replaced
    /// @param made the time each entry says it was added
    static void add(Path pem, Path store, Instant made) throws IOException {
        try (InputStream given = Files.newInputStream(pem)) {
            Map<String, Certificate> all = new TreeMap<>();
            KeyStore before = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
            for (String alias : Collections.list(before.aliases())) {
                all.put(alias, before.getCertificate(alias));
            }
            int number = 0;
            for (Certificate each :
                    CertificateFactory.getInstance("X.509").generateCertificates(given)) {
                all.put("given-" + ++number, each);
            }
            if (number == 0) {
                throw new BuildFailed(pem + " holds no certificate");
            }
            Files.write(store, jks(all, made));
        } catch (GeneralSecurityException e) {
            throw new BuildFailed(pem + " cannot be added to " + store + ": " + e.getMessage());
        }
    }

    private static byte[] jks(Map<String, Certificate> certificates, Instant made)
            throws IOException, GeneralSecurityException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(MAGIC);
        out.writeInt(VERSION);
        out.writeInt(certificates.size());
        for (Map.Entry<String, Certificate> entry : certificates.entrySet()) {
            byte[] encoded = entry.getValue().getEncoded();
            out.writeInt(TRUSTED_CERTIFICATE);
            out.writeUTF(entry.getKey());
            out.writeLong(made.toEpochMilli());
            out.writeUTF(entry.getValue().getType());
            out.writeInt(encoded.length);
            out.write(encoded);
        }
        // What the format asks for, whatever one thinks of it.
        MessageDigest digest = MessageDigest.getInstance("SHA-1");
        digest.update(PASSWORD.getBytes(StandardCharsets.UTF_16BE));
        digest.update("Mighty Aphrodite".getBytes(StandardCharsets.UTF_8));
        out.write(digest.digest(bytes.toByteArray()));
        return bytes.toByteArray();
    }
}
