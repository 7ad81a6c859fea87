package dev.tollbridge.bridge.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.testing.ExamplePolicy;
import dev.tollbridge.bridge.testing.ServedBridge;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.Tokens;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// `examples/java-service`: a service of one file that knows the bridge by its URL alone.
@DisplayName("The Java service of the examples")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JavaServiceExampleTest {

    private static final Path EXAMPLE = Page.ROOT.resolve("examples/java-service");
    private static final String AUDIENCE = "https://tollbridge.acme.example";

    @TempDir static Path folder;

    private final TestIssuer gitlab = TestIssuer.rsa();
    private final HttpClient http = HttpClient.newHttpClient();
    private ServedBridge bridge;
    private Process service;
    private String api;

    @BeforeAll
    void start() throws Exception {
        List<String> keys = ExamplePolicy.keys(AUDIENCE, gitlab.jwks());
        Path config =
                ExamplePolicy.copy(EXAMPLE, folder.resolve("config"), keys.get(0), keys.get(1));
        bridge = new ServedBridge(config, folder.resolve("data"));
        service =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                EXAMPLE.resolve("Service.java").toString(),
                                bridge.url(),
                                "https://api.acme.example",
                                "deploy:write",
                                "0")
                        .redirectError(folder.resolve("service.log").toFile())
                        .start();
        String ready = String.valueOf(service.inputReader().readLine());
        assertThat(ready).as(Files.readString(folder.resolve("service.log"))).startsWith("ready ");
        api = ready.substring("ready ".length());
    }

    @AfterAll
    void stop() {
        service.destroy();
        bridge.close();
        http.close();
    }

    private String jobToken() {
        return gitlab.sign(
                Tokens.gitlab(AUDIENCE, Instant.now())
                        .claim("environment", "production")
                        .claim("environment_protected", "true")
                        .claim("jti", UUID.randomUUID().toString()),
                "key-1");
    }

    private String token() {
        return bridge.exchange(jobToken(), "internal-api").path("access_token").asText();
    }

    private HttpResponse<String> call(String authorization) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(api + "/deployments"))
                        .header("Authorization", authorization)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void letsTheJobIn() throws Exception {
        HttpResponse<String> answer = call("Bearer " + token());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).startsWith("hello gitlab:");
    }

    @Test
    void refusesWhatIsNoTokenOfTheBridge() throws Exception {
        String[] one = token().split("\\.");
        String[] other = token().split("\\.");
        for (String shown :
                List.of(
                        "Bearer " + jobToken(),
                        "Bearer " + one[0] + "." + one[1] + "." + other[2],
                        "Bearer x",
                        "Basic " + token(),
                        "Bearer " + "x".repeat(20_000))) {
            assertThat(call(shown).statusCode()).isEqualTo(401);
        }
    }
}
