package dev.tollbridge.bench;

import dev.tollbridge.bridge.signing.CryptoProvider;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/// What the arithmetic and HTTP alone cost: verifies RS256, signs ES256, answers with JSON. No
/// claim is read, nothing is decided, nothing is kept. What an exchange costs beyond this is the
/// bridge's own.
public final class BareServer {

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
    private static final String HEADER =
            base64("{\"alg\":\"ES256\",\"kid\":\"bare\",\"typ\":\"at+jwt\"}") + ".";

    private BareServer() {}

    /// @param args the file of the issuer's key set
    public static void main(String[] args) throws IOException, GeneralSecurityException {
        CryptoProvider.install();
        PublicKey trusted = rsaKey(Files.readString(Path.of(args[0])));
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair own = generator.generateKeyPair();
        int loops = Runtime.getRuntime().availableProcessors();
        Vertx vertx =
                Vertx.builder()
                        .with(
                                new VertxOptions()
                                        .setEventLoopPoolSize(loops)
                                        .setPreferNativeTransport(true))
                        .build();
        AtomicLong port = new AtomicLong();
        vertx.deployVerticle(
                        () -> new Loop(trusted, own, port),
                        new DeploymentOptions().setInstances(loops))
                .await();
        System.out.printf(Locale.ROOT, "ready url=http://127.0.0.1:%d%n", port.get());
        System.out.flush();
    }

    private static PublicKey rsaKey(String jwks) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA")
                .generatePublic(
                        new RSAPublicKeySpec(number(jwks, "\"n\":\""), number(jwks, "\"e\":\"")));
    }

    private static BigInteger number(String jwks, String member) {
        int from = jwks.indexOf(member) + member.length();
        return new BigInteger(
                1, Base64.getUrlDecoder().decode(jwks.substring(from, jwks.indexOf('"', from))));
    }

    private static String base64(String text) {
        return BASE64.encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static final class Loop extends AbstractVerticle {
        private static final byte[] TOKEN = "subject_token=".getBytes(StandardCharsets.US_ASCII);

        private final Signature verifier;
        private final Signature signer;
        private final AtomicLong port;
        private long number;

        Loop(PublicKey trusted, KeyPair own, AtomicLong port) {
            this.port = port;
            try {
                verifier = Signature.getInstance("SHA256withRSA");
                verifier.initVerify(trusted);
                signer = Signature.getInstance("SHA256withECDSAinP1363Format");
                signer.initSign(own.getPrivate());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void start(Promise<Void> started) {
            vertx.createHttpServer(new HttpServerOptions().setTcpNoDelay(true))
                    .requestHandler(request -> request.bodyHandler(body -> serve(request, body)))
                    .listen(SocketAddress.sharedRandomPort(1, "127.0.0.1"))
                    .onSuccess(server -> {
                        port.set(server.actualPort());
                        started.complete();
                    })
                    .onFailure(started::fail);
        }

        private void serve(HttpServerRequest request, Buffer body) {
            try {
                byte[] bytes = body.getBytes();
                int token = tokenStart(bytes);
                int dot = bytes.length;
                do {
                    dot--;
                } while (bytes[dot] != '.');
                verifier.update(bytes, token, dot - token);
                byte[] signature =
                        Base64.getUrlDecoder()
                                .decode(Arrays.copyOfRange(bytes, dot + 1, bytes.length));
                if (!verifier.verify(signature)) {
                    request.response().setStatusCode(400).end("{\"error\":\"invalid_request\"}");
                    return;
                }
                request.response()
                        .putHeader("content-type", "application/json")
                        .putHeader("cache-control", "no-store")
                        .end(
                                "{\"access_token\":\""
                                        + minted()
                                        + "\",\"token_type\":\"Bearer\",\"expires_in\":600}");
            } catch (GeneralSecurityException | RuntimeException e) {
                request.response().setStatusCode(500).end();
            }
        }

        private String minted() throws GeneralSecurityException {
            long now = System.currentTimeMillis() / 1000;
            String input =
                    HEADER
                            + base64(
                                    "{\"iss\":\"http://127.0.0.1\",\"aud\":\"https://api.acme.example\","
                                            + "\"sub\":\"github:repo:1001:200001\",\"client_id\":\"github\","
                                            + "\"scope\":\"deploy:write\",\"jti\":\"iss_"
                                            + number++
                                            + "\",\"iat\":"
                                            + now
                                            + ",\"exp\":"
                                            + (now + 600)
                                            + "}");
            signer.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + BASE64.encodeToString(signer.sign());
        }

        private static int tokenStart(byte[] bytes) {
            for (int i = 0; i + TOKEN.length < bytes.length; i++) {
                if (Arrays.mismatch(bytes, i, i + TOKEN.length, TOKEN, 0, TOKEN.length) < 0) {
                    return i + TOKEN.length;
                }
            }
            throw new IllegalArgumentException("no subject_token");
        }
    }
}
