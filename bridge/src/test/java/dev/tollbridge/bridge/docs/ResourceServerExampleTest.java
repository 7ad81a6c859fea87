package dev.tollbridge.bridge.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.testing.PythonPackages;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.TestKeys;
import dev.tollbridge.bridge.testing.Tokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// `examples/resource-server`: an API and a client in another language, each with a library of its
/// own, that know the bridge by its URL alone.
@DisplayName("The resource server of the examples")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResourceServerExampleTest {

    private static final String ISSUER = "https://ci.acme.example";
    private static final String AUDIENCE = "https://tollbridge.acme.example";
    private static final Path EXAMPLE = Page.ROOT.resolve("examples/resource-server");
    private static final KeyPair KEY = TestKeys.of(TestKeys.kindFor("ES256"), "proof");

    @TempDir static Path folder;

    private final TestIssuer issuer = new TestIssuer().with("key-1", "ES256", "api");
    private final HttpClient http = HttpClient.newHttpClient();
    private ServedBridge bridge;
    private Path python;
    private Process server;
    private String api;

    @BeforeAll
    void start() throws Exception {
        python =
                PythonPackages.python(
                        "resource-server",
                        List.of("PyJWT[crypto]==2.15.1", "Authlib==1.9.9", "requests==2.34.2"));
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(
                config.resolve("all.yaml"),
                """
                apiVersion: tollbridge.dev/v1alpha1
                kind: TrustedIssuer
                metadata: {name: ci}
                spec: {issuer: %s, audience: %s, algorithms: [ES256], keys: {inline: %s}}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: internal-api}
                spec:
                  owner: team@acme.example
                  jwt: {audience: "https://api.acme.example", scopes: ["deploy:read", "deploy:write"]}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Target
                metadata: {name: other-api}
                spec:
                  owner: team@acme.example
                  jwt: {audience: "https://other.acme.example", scopes: ["deploy:write"]}
                ---
                apiVersion: tollbridge.dev/v1alpha1
                kind: Grant
                metadata: {name: job}
                spec:
                  owner: team@acme.example
                  issuer: ci
                  match: {sub: job-42}
                  allow:
                    - {target: internal-api, scopes: ["deploy:read", "deploy:write"]}
                    - {target: other-api, scopes: ["deploy:write"]}
                """
                        .formatted(ISSUER, AUDIENCE, issuer.jwks()));
        bridge = new ServedBridge(config, Files.createDirectories(folder.resolve("data")));
        server =
                new ProcessBuilder(
                                python.toString(),
                                EXAMPLE.resolve("server.py").toString(),
                                "--issuer",
                                bridge.url(),
                                "--audience",
                                "https://api.acme.example",
                                "--scope",
                                "deploy:write",
                                "--listen",
                                "127.0.0.1:0")
                        .redirectError(folder.resolve("server.log").toFile())
                        .start();
        BufferedReader said = server.inputReader();
        String ready = String.valueOf(said.readLine());
        assertThat(ready).as(Files.readString(folder.resolve("server.log"))).startsWith("ready ");
        api = ready.substring("ready ".length());
    }

    @AfterAll
    void stop() {
        server.destroy();
        bridge.close();
        http.close();
    }

    private String subjectToken() {
        return issuer.sign(
                Tokens.plain(ISSUER, AUDIENCE, Instant.now())
                        .claim("sub", "job-42")
                        .claim("jti", UUID.randomUUID().toString()),
                "key-1");
    }

    private String token(String target, String scope, boolean bound) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(bridge.url() + "/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "grant_type=urn:ietf:params:oauth:grant-type:token-exchange"
                                                + "&subject_token_type=urn:ietf:params:oauth:token-type:jwt"
                                                + "&subject_token="
                                                + subjectToken()
                                                + "&audience="
                                                + target
                                                + "&scope="
                                                + URLEncoder.encode(
                                                        scope, StandardCharsets.UTF_8)));
        if (bound) {
            request.header("DPoP", proof("POST", bridge.url() + "/token", null));
        }
        JsonNode answer =
                new ObjectMapper()
                        .readTree(
                                http.send(request.build(), HttpResponse.BodyHandlers.ofString())
                                        .body());
        return answer.path("access_token").asText();
    }

    private static String proof(String method, String url, @Nullable String token)
            throws Exception {
        Tokens proof =
                Tokens.dpop("ES256", KEY, method, url, Instant.now())
                        .claim("jti", UUID.randomUUID().toString());
        if (token != null) {
            proof.claim(
                    "ath",
                    TestKeys.encode(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(token.getBytes(StandardCharsets.US_ASCII))));
        }
        return proof.compact();
    }

    private HttpResponse<String> call(String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(api + "/deployments"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String bearer(String token) throws Exception {
        HttpResponse<String> answer = call("Authorization", "Bearer " + token);
        return answer.statusCode() + " " + answer.body();
    }

    private String authlib(String scope) throws IOException, InterruptedException {
        Path token = Files.writeString(folder.resolve("token"), subjectToken());
        Process client =
                new ProcessBuilder(
                                python.toString(),
                                EXAMPLE.resolve("client.py").toString(),
                                "--token-url",
                                bridge.url() + "/token",
                                "--token-file",
                                token.toString(),
                                "--target",
                                "internal-api",
                                "--scope",
                                scope,
                                api + "/deployments")
                        .redirectErrorStream(true)
                        .start();
        String said =
                new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertThat(client.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return said;
    }

    @Test
    void anOAuthClientOfAnotherLanguageGetsAToken() throws Exception {
        assertThat(authlib("deploy:write"))
                .isEqualTo("200 {\"hello\": \"ci:job-42\", \"scope\": \"deploy:write\"}");
    }

    @Test
    void andIsToldNoInTheProtocolsWords() throws Exception {
        assertThat(authlib("deploy:everything")).isEqualTo("refused: invalid_scope");
    }

    @Test
    void takesATokenForItselfWithTheScope() throws Exception {
        assertThat(bearer(token("internal-api", "deploy:write", false))).startsWith("200 ");
    }

    @Test
    void refusesWhatIsForSomebodyElseOrTooLittle() throws Exception {
        assertThat(bearer(token("other-api", "deploy:write", false)))
                .startsWith("401 ")
                .contains("invalid_token");
        assertThat(bearer(token("internal-api", "deploy:read", false)))
                .startsWith("403 ")
                .contains("insufficient_scope");
        assertThat(bearer(subjectToken())).startsWith("401 ");
        assertThat(call().statusCode()).isEqualTo(401);
        assertThat(call().headers().allValues("www-authenticate")).hasSize(2);
    }

    @Test
    void refusesWhatWasChanged() throws Exception {
        String[] part = token("internal-api", "deploy:write", false).split("\\.");
        String[] other = token("internal-api", "deploy:write", false).split("\\.");
        assertThat(bearer(part[0] + "." + part[1] + "." + other[2])).startsWith("401 ");
    }

    @Test
    void takesABoundTokenWithItsProofOnly() throws Exception {
        String token = token("internal-api", "deploy:write", true);
        assertThat(bearer(token)).startsWith("401 ");
        String proof = proof("GET", api + "/deployments", token);
        List<Integer> statuses = new ArrayList<>();
        for (String shown :
                List.of(
                        proof,
                        proof,
                        proof("POST", api + "/deployments", token),
                        proof("GET", api + "/other", token),
                        proof("GET", api + "/deployments", "another token"))) {
            statuses.add(call("Authorization", "DPoP " + token, "DPoP", shown).statusCode());
        }
        assertThat(statuses)
                .as("once, and for this request only")
                .containsExactly(200, 401, 401, 401, 401);
    }
}
