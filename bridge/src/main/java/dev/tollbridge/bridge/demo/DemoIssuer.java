package dev.tollbridge.bridge.demo;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.tls.ServerIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// A platform that signs tokens and publishes its public keys over https, as GitHub, GitLab and
/// Kubernetes do. Its private key never leaves this object.
final class DemoIssuer implements AutoCloseable {

    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final String KEYS = "/keys";

    private final HttpsServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final String path;
    private final JWK key;

    private DemoIssuer(ServerIdentity identity, String path, JWK key) throws IOException {
        this.path = path;
        this.key = key;
        this.server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(ServerCertificates.of(identity)));
        server.setExecutor(threads);
        byte[] discovery =
                ("{\"issuer\":\"" + url() + "\",\"jwks_uri\":\"" + url() + KEYS + "\"}")
                        .getBytes(StandardCharsets.UTF_8);
        byte[] keys = new JWKSet(key).toPublicJWKSet().toString().getBytes(StandardCharsets.UTF_8);
        server.createContext(path + DISCOVERY, exchange -> answer(exchange, discovery));
        server.createContext(path + KEYS, exchange -> answer(exchange, keys));
        server.start();
    }

    /// Signs RS256.
    ///
    /// @param identity for `localhost`
    /// @param path what follows the port in the issuer's URL; may be empty
    static DemoIssuer rsa(ServerIdentity identity, String path) {
        try {
            return start(
                    identity, path, new RSAKeyGenerator(2048).keyIDFromThumbprint(true).generate());
        } catch (JOSEException e) {
            throw new IllegalStateException("every Java platform has RSA", e);
        }
    }

    /// Signs ES256.
    static DemoIssuer ec(ServerIdentity identity, String path) {
        try {
            return start(
                    identity,
                    path,
                    new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate());
        } catch (JOSEException e) {
            throw new IllegalStateException("every Java platform has P-256", e);
        }
    }

    private static DemoIssuer start(ServerIdentity identity, String path, JWK key) {
        try {
            return new DemoIssuer(identity, path, key);
        } catch (IOException e) {
            throw new UncheckedIOException("no port on this machine can be listened on", e);
        }
    }

    String url() {
        return "https://localhost:" + server.getAddress().getPort() + path;
    }

    String keyType() {
        return key.getKeyType().getValue();
    }

    /// @param claims as the platform would say them
    Secret sign(Map<String, @Nullable Object> claims) {
        try {
            JWSSigner signer = new DefaultJWSSignerFactory().createJWSSigner(key);
            SignedJWT token =
                    new SignedJWT(
                            new JWSHeader.Builder(algorithm())
                                    .keyID(key.getKeyID())
                                    .type(JOSEObjectType.JWT)
                                    .build(),
                            JWTClaimsSet.parse(claims));
            token.sign(signer);
            return Secret.of(token.serialize());
        } catch (JOSEException | ParseException e) {
            throw new IllegalStateException("a key made here signs claims made here", e);
        }
    }

    private JWSAlgorithm algorithm() {
        return keyType().equals("RSA") ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256;
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        try (exchange) {
            exchange.getResponseHeaders().add("content-type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
