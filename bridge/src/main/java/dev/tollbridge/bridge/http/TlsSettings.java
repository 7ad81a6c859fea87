package dev.tollbridge.bridge.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// TLS 1.2 and 1.3 with the given certificate. A client certificate is asked for and never
/// required: whichever it is, its thumbprint is what a credential can be bound to (RFC 8705 section
/// 2.2).
final class TlsSettings implements AutoCloseable {

    private static final Set<String> PROTOCOLS = new LinkedHashSet<>(List.of("TLSv1.3", "TLSv1.2"));
    private static final long LOOK_AGAIN_MILLIS = 5000;

    private final Logger log = LoggerFactory.getLogger(TlsSettings.class);
    private final TlsFiles files;
    private volatile boolean closed;
    private String seen = "";

    TlsSettings(TlsFiles files) {
        this.files = files;
    }

    /// @throws UncheckedIOException in words for the operator
    void check() {
        if (!Files.isReadable(files.certificate())) {
            throw new UncheckedIOException(
                    new IOException("the certificate " + files.certificate() + " cannot be read"));
        }
        if (!Files.isReadable(files.key())) {
            throw new UncheckedIOException(
                    new IOException("the private key " + files.key() + " cannot be read"));
        }
        seen = stamp();
    }

    void apply(HttpServerOptions options) {
        options.setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(pair())
                .setTrustOptions(TrustOptions.wrap(new AnyClientCertificate()))
                .setClientAuth(ClientAuth.REQUEST)
                .setEnabledSecureTransportProtocols(PROTOCOLS);
    }

    private PemKeyCertOptions pair() {
        return new PemKeyCertOptions()
                .addCertPath(files.certificate().toAbsolutePath().toString())
                .addKeyPath(files.key().toAbsolutePath().toString());
    }

    /// Looks for a renewed pair now and then. A pair that cannot be used is left alone, said
    /// loudly, and the old one stays.
    void watch(Vertx vertx, Supplier<HttpServer> server, Executor mayBlock) {
        vertx.setTimer(
                LOOK_AGAIN_MILLIS,
                _ -> {
                    if (!closed) {
                        mayBlock.execute(() -> reload(server.get()));
                        watch(vertx, server, mayBlock);
                    }
                });
    }

    /// Uses the files' content for new connections, when it changed.
    synchronized void reload(HttpServer server) {
        String now = stamp();
        if (closed || now.isEmpty() || now.equals(seen)) {
            return;
        }
        seen = now;
        ServerSSLOptions options = new ServerSSLOptions();
        options.setKeyCertOptions(pair());
        options.setTrustOptions(TrustOptions.wrap(new AnyClientCertificate()));
        options.setClientAuth(ClientAuth.REQUEST);
        options.setUseAlpn(true);
        options.setApplicationLayerProtocols(List.of("h2", "http/1.1"));
        options.setEnabledSecureTransportProtocols(PROTOCOLS);
        server.updateSSLOptions(options)
                .onSuccess(_ -> log.info("the certificate {} was reloaded", files.certificate()))
                .onFailure(e ->
                        log.error(
                                "the certificate {} changed and cannot be used; the one"
                                        + " before stays: {}",
                                files.certificate(),
                                e.getClass().getName()));
    }

    private String stamp() {
        try {
            return Files.getLastModifiedTime(files.certificate())
                    + " "
                    + Files.size(files.certificate())
                    + " "
                    + Files.getLastModifiedTime(files.key())
                    + " "
                    + Files.size(files.key());
        } catch (IOException e) {
            return "";
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    /// Believes nothing about a client certificate but that its key was used in the handshake,
    /// which TLS itself checks.
    private static final class AnyClientCertificate extends X509ExtendedTrustManager {

        private static final int MOST_CERTIFICATES = 10;

        private static void bound(X509Certificate[] chain) throws CertificateException {
            if (chain.length > MOST_CERTIFICATES) {
                throw new CertificateException("too many certificates");
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            bound(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            bound(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            bound(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("this is no client");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("this is no client");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            throw new CertificateException("this is no client");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
