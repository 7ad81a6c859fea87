package dev.tollbridge.bridge.signing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.testing.PythonPackages;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two libraries of another language, given nothing but the issuer's URL, must accept what we sign
/// and refuse what we did not. They are installed once into the user's cache; without Python or a
/// package index the tests are skipped, in CI they fail.
@DisplayName("PyJWT and joserfc, by discovery")
class ForeignLibraryTest {

    private static final List<String> PACKAGES = List.of("PyJWT[crypto]==2.15.1", "joserfc==1.8.0");
    private static final String AUDIENCE = "https://api.example";

    @TempDir Path data;
    private Keyring keyring;
    private HttpServer server;
    private String issuer;

    @BeforeAll
    static void makeRsaKeysQuickly() {
        CryptoProvider.install();
    }

    @BeforeEach
    void serve() throws IOException {
        keyring = Keyring.open(data, KeyringSettings.DEFAULT, InstantSource.system());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer = "http://127.0.0.1:" + server.getAddress().getPort();
        DiscoveryDocuments documents = new DiscoveryDocuments(issuer, List.of("ES256"));
        for (OwnIssuer own : OwnIssuer.values()) {
            answer(
                    own.path() + "/.well-known/openid-configuration",
                    () -> documents.openidConfiguration(own));
            answer(own.path() + "/jwks", () -> keyring.publicKeys(own).jwks());
        }
        server.start();
    }

    private void answer(String path, Supplier<byte[]> body) {
        server.createContext(
                path,
                exchange -> {
                    byte[] bytes = body.get();
                    exchange.getResponseHeaders().add("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, bytes.length);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(bytes);
                    }
                });
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Secret token(OwnIssuer own, SigningAlgorithm algorithm, String audience, long life) {
        long now = Instant.now().getEpochSecond();
        String claims =
                Json.object(
                        Map.of(
                                "iss",
                                own.url(issuer),
                                "sub",
                                "github:repo:1",
                                "aud",
                                audience,
                                "jti",
                                "iss_1",
                                "iat",
                                now - 1000,
                                "exp",
                                now + life));
        return keyring.signer(own).sign(algorithm, "at+jwt", claims.getBytes(UTF_8));
    }

    @Test
    void acceptWhatWasSignedWithEachAlgorithm() throws Exception {
        List<Secret> tokens = new ArrayList<>();
        for (SigningAlgorithm algorithm : SigningAlgorithm.values()) {
            tokens.add(token(OwnIssuer.BRIDGE, algorithm, AUDIENCE, 600));
        }
        assertThat(verify(issuer, tokens)).hasSize(3).containsOnly("github:repo:1 github:repo:1");
    }

    @Test
    void acceptTheFederationIssuersTokensAsItsOwn() throws Exception {
        Secret federation = token(OwnIssuer.FEDERATION, SigningAlgorithm.RS256, AUDIENCE, 600);
        assertThat(verify(issuer + "/federation", List.of(federation)))
                .containsExactly("github:repo:1 github:repo:1");
        assertThat(verify(issuer, List.of(federation))).containsExactly("refused refused");
    }

    @Test
    void acceptARetiredKeysTokenAndRefuseARevokedOnes() throws Exception {
        Secret token = token(OwnIssuer.BRIDGE, SigningAlgorithm.ES256, AUDIENCE, 600);
        List<String> kids =
                keyring.list().stream()
                        .filter(k -> k.issuer() == OwnIssuer.BRIDGE)
                        .sorted(java.util.Comparator.comparing(KeyInfo::state).reversed())
                        .map(KeyInfo::kid)
                        .toList();
        keyring.activate(kids.get(1), true);
        assertThat(verify(issuer, List.of(token))).containsExactly("github:repo:1 github:repo:1");
        keyring.revoke(kids.get(0));
        assertThat(verify(issuer, List.of(token))).containsExactly("refused refused");
    }

    @Test
    void refuseWhatIsNotRight() throws Exception {
        String good = token(OwnIssuer.BRIDGE, SigningAlgorithm.ES256, AUDIENCE, 600).reveal();
        String[] part = good.split("\\.");
        String other = token(OwnIssuer.BRIDGE, SigningAlgorithm.ES256, AUDIENCE, 601).reveal();
        assertThat(
                        verify(
                                issuer,
                                List.of(
                                        token(OwnIssuer.BRIDGE, SigningAlgorithm.ES256, "x", 600),
                                        token(
                                                OwnIssuer.BRIDGE,
                                                SigningAlgorithm.ES256,
                                                AUDIENCE,
                                                -10),
                                        Secret.of(
                                                part[0]
                                                        + "."
                                                        + part[1]
                                                        + "."
                                                        + other.split("\\.")[2]))))
                .hasSize(3)
                .containsOnly("refused refused");
    }

    private static List<String> verify(String issuer, List<Secret> tokens) throws Exception {
        Process process =
                new ProcessBuilder(
                                python().toString(),
                                "-W",
                                "ignore",
                                Path.of("src/test/resources/foreign/verify.py").toString(),
                                issuer,
                                AUDIENCE)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (OutputStream in = process.getOutputStream()) {
            for (Secret token : tokens) {
                in.write((token.reveal() + "\n").getBytes(UTF_8));
            }
        }
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return out.lines().toList();
    }

    private static Path python() throws IOException, InterruptedException {
        return PythonPackages.python("foreign-jwt", PACKAGES);
    }

    /// As little JSON as this test needs.
    private static final class Json {
        static String object(Map<String, Object> members) {
            try {
                return new com.fasterxml.jackson.databind.ObjectMapper()
                        .writeValueAsString(members);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
