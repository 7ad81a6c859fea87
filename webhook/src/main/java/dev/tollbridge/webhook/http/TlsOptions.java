package dev.tollbridge.webhook.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// TLS 1.2 and 1.3. Where a client authority is given, only the API server gets in: it has to show
/// a certificate of that authority (`--admission-control-config-file` tells it which).
record TlsOptions(Certificate certificate, @Nullable String clientCaPem) {

    private static final Set<String> PROTOCOLS = new LinkedHashSet<>(List.of("TLSv1.3", "TLSv1.2"));

    void apply(HttpServerOptions options) {
        options.setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(pair())
                .setEnabledSecureTransportProtocols(PROTOCOLS);
        if (clientCaPem != null) {
            options.setTrustOptions(trust(clientCaPem)).setClientAuth(ClientAuth.REQUIRED);
        }
    }

    /// For connections from now on.
    ServerSSLOptions renewed() {
        ServerSSLOptions options = new ServerSSLOptions();
        options.setKeyCertOptions(pair());
        options.setUseAlpn(true);
        options.setApplicationLayerProtocols(List.of("h2", "http/1.1"));
        options.setEnabledSecureTransportProtocols(PROTOCOLS);
        if (clientCaPem != null) {
            options.setTrustOptions(trust(clientCaPem));
            options.setClientAuth(ClientAuth.REQUIRED);
        }
        return options;
    }

    private PemKeyCertOptions pair() {
        return new PemKeyCertOptions()
                .addCertValue(Buffer.buffer(certificate.chainPem()))
                .addKeyValue(Buffer.buffer(certificate.privateKeyPem()));
    }

    private static PemTrustOptions trust(String pem) {
        return new PemTrustOptions().addCertValue(Buffer.buffer(pem));
    }
}
