package dev.tollbridge.bridge.http;

import static dev.tollbridge.bridge.http.RunningBridge.tokenForm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollbridge.bridge.tls.ServerIdentity;
import dev.tollbridge.bridge.tls.ThrowawayCa;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsListenerTest {

    private static final char[] PASSWORD = "unused".toCharArray();

    @TempDir Path files = Path.of("");

    private final ThrowawayCa authority = ThrowawayCa.create(InstantSource.system());
    private @Nullable RunningBridge bridge;

    @BeforeEach
    void start() throws IOException {
        ServerIdentity identity = authority.issue("localhost", "127.0.0.1");
        Path certificate = Files.writeString(files.resolve("tls.crt"), identity.certificatesPem());
        Path key = Files.writeString(files.resolve("tls.key"), identity.privateKeyPem().reveal());
        bridge =
                new RunningBridge(
                        _ -> List.of(RunningBridge.issued(Set.of())),
                        new ListenerSettings(
                                new ListenAddress("127.0.0.1", 0),
                                new TlsFiles(certificate, key),
                                false,
                                TrustedProxies.NONE),
                        ServerLimits.DEFAULT,
                        false);
    }

    @AfterEach
    void stop() {
        RunningBridge running = bridge;
        if (running != null) {
            running.close();
        }
    }

    private RunningBridge running() {
        RunningBridge running = bridge;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running;
    }

    private static SSLContext context(ThrowawayCa trusted, KeyManager @Nullable [] keys)
            throws Exception {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("ca", certificate(trusted.certificatePem()));
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trust);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, factory.getTrustManagers(), null);
        return context;
    }

    private static Certificate certificate(String pem) throws Exception {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    private HttpResponse<String> token(SSLContext context, HttpClient.Version version)
            throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(context).version(version).build()) {
            return client.send(
                    HttpRequest.newBuilder(running().uri("/token"))
                            .header("Content-Type", RunningBridge.FORM)
                            .POST(HttpRequest.BodyPublishers.ofString(tokenForm()))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void servesHttp1AndHttp2WithoutAClientCertificate() throws Exception {
        SSLContext context = context(authority, null);
        for (HttpClient.Version version : HttpClient.Version.values()) {
            if (!version.name().equals("HTTP_1_1") && !version.name().equals("HTTP_2")) {
                continue;
            }
            HttpResponse<String> response = token(context, version);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.version()).isEqualTo(version);
            assertThat(response.headers().firstValue("strict-transport-security")).isPresent();
        }
        assertThat(running().asked.getLast().proof().certificateThumbprint()).isNull();
    }

    @Test
    void takesAnyClientCertificateByItsThumbprint() throws Exception {
        ServerIdentity stranger = ThrowawayCa.create(InstantSource.system()).issue("client");
        Certificate certificate = certificate(stranger.certificatesPem());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "client",
                privateKey(stranger.privateKeyPem().reveal()),
                PASSWORD,
                new Certificate[] {certificate});
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, PASSWORD);

        token(context(authority, keys.getKeyManagers()), HttpClient.Version.HTTP_1_1);

        assertThat(running().asked.getLast().proof().certificateThumbprint())
                .isEqualTo(
                        Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(
                                        MessageDigest.getInstance("SHA-256")
                                                .digest(certificate.getEncoded())));
    }

    private static PrivateKey privateKey(String pem) throws Exception {
        String body =
                pem.replace("-----BEGIN PRIVATE KEY-----", "")
                        .replace("-----END PRIVATE KEY-----", "");
        return KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(body)));
    }

    @Test
    void speaksNoOlderTls() throws Exception {
        try (SSLSocket socket =
                (SSLSocket)
                        context(authority, null)
                                .getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), running().port())) {
            assertThatThrownBy(
                            () -> {
                                socket.setEnabledProtocols(new String[] {"TLSv1.1"});
                                socket.startHandshake();
                            })
                    .isInstanceOf(SSLException.class);
        }
    }

    @Test
    void answersNoPlainHttp() throws Exception {
        try (RawClient raw = new RawClient(running().port())) {
            assertThat(raw.send(RawClient.tokenPost()).untilClosed()).doesNotContain("200 OK");
        }
    }

    @Test
    void saysWhichFileCannotBeRead() {
        ListenerSettings settings =
                new ListenerSettings(
                        new ListenAddress("127.0.0.1", 0),
                        new TlsFiles(files.resolve("none.crt"), files.resolve("none.key")),
                        false,
                        TrustedProxies.NONE);
        assertThatThrownBy(() ->
                        new RunningBridge(_ -> List.of(), settings, ServerLimits.DEFAULT, false))
                .hasMessageContaining("none.crt");
    }
}
