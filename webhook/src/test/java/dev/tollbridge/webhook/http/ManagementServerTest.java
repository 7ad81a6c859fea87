package dev.tollbridge.webhook.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.webhook.testing.Yaml;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

class ManagementServerTest {

    @Test
    void saysWhyItIsNotReadyAlsoWhereTheReasonQuotesSomething()
            throws IOException, InterruptedException {
        String reason = "User \"a\\b\" cannot list resource \"secretverdicts\"";
        Vertx vertx = Vertx.vertx();
        try (ManagementServer server =
                        new ManagementServer(
                                vertx,
                                new ListenAt("127.0.0.1", 0),
                                new ManagementPorts(() -> reason, () -> "", _ -> "", _ -> false));
                HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer =
                    http.send(
                            HttpRequest.newBuilder(URI.create(server.url() + "/readyz")).build(),
                            BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(Yaml.MAPPER.readTree(answer.body()).at("/reasons/0").asText())
                    .isEqualTo(reason);
        } finally {
            vertx.close().await();
        }
    }
}
