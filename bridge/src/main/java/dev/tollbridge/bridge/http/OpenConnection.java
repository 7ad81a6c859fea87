package dev.tollbridge.bridge.http;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/// A connection as its event loop knows it. Touched on that loop only.
final class OpenConnection {

    private final HttpConnection connection;
    private final String address;
    private final @Nullable String certificateThumbprint;
    private long quietSince;
    private int inProgress;
    private boolean served;

    OpenConnection(HttpConnection connection, long now) {
        this.connection = connection;
        this.address = address(connection.remoteAddress());
        this.certificateThumbprint = connection.isSsl() ? thumbprint(connection) : null;
        this.quietSince = now;
    }

    private static String address(@Nullable SocketAddress remote) {
        String literal = remote == null ? null : remote.hostAddress();
        if (literal == null) {
            return "unknown";
        }
        int zone = literal.indexOf('%');
        return zone < 0 ? literal : literal.substring(0, zone);
    }

    /// SHA-256 of the client certificate, base64url (RFC 8705 section 3.1). That the caller holds
    /// its key was shown by the handshake; who the certificate is for does not matter.
    private static @Nullable String thumbprint(HttpConnection connection) {
        try {
            List<Certificate> certificates = connection.peerCertificates();
            if (certificates == null || certificates.isEmpty()) {
                return null;
            }
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(certificates.getFirst().getEncoded());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (SSLPeerUnverifiedException | CertificateEncodingException e) {
            return null;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    String address() {
        return address;
    }

    @Nullable String certificateThumbprint() {
        return certificateThumbprint;
    }

    void began() {
        inProgress++;
        served = true;
    }

    void ended(long now) {
        inProgress--;
        quietSince = now;
    }

    boolean quiet() {
        return inProgress == 0;
    }

    boolean served() {
        return served;
    }

    /// By `System.nanoTime`; means something only while it is quiet.
    long quietSince() {
        return quietSince;
    }

    void close() {
        connection.close();
    }
}
