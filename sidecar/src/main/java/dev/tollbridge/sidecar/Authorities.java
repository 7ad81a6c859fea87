package dev.tollbridge.sidecar;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Whom to believe at the bridge, as a file says: read anew each time, because authorities are
/// replaced while pods run.
final class Authorities {

    private static final int MOST_BYTES = 1024 * 1024;

    private final Path file;
    private byte[] last = new byte[0];
    private @Nullable SSLSocketFactory made;

    Authorities(Path file) {
        this.file = file;
    }

    /// @throws IOException when the file cannot be read or holds no certificate; what was read
    ///   before is kept
    synchronized SSLSocketFactory sockets() throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MOST_BYTES);
        }
        SSLSocketFactory known = made;
        if (known != null && Arrays.equals(bytes, last)) {
            return known;
        }
        try {
            SSLSocketFactory read = of(bytes);
            last = bytes;
            made = read;
            return read;
        } catch (GeneralSecurityException | IOException e) {
            if (known != null) {
                // Half written, or a mistake: the ones of before go on.
                return known;
            }
            throw new IOException("--ca-file: no certificate in " + file, e);
        }
    }

    private static SSLSocketFactory of(byte[] pem) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        int count = 0;
        for (Certificate one :
                CertificateFactory.getInstance("X.509")
                        .generateCertificates(new ByteArrayInputStream(pem))) {
            trusted.setCertificateEntry("ca-" + count++, one);
        }
        if (count == 0) {
            throw new IOException("no certificate");
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context.getSocketFactory();
    }
}
