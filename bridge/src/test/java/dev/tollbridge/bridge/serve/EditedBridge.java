package dev.tollbridge.bridge.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.Tokens;
import dev.tollbridge.bridge.testing.aws.AwsEmulator;
import dev.tollbridge.bridge.testing.aws.AwsEmulator.Role;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/// A whole bridge on free ports whose documents a test edits while it runs, and a caller that comes
/// through every door.
final class EditedBridge implements AutoCloseable {

    static final String AUDIENCE = "https://tollbridge.acme.example";
    static final String ISSUER = "https://ci.example";

    private static final String EXTERNAL = "https://bridge.acme.example";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String URN = "urn:ietf:params:oauth:";

    private static final String ROLE = "arn:aws:iam::111122223333:role/deploy";

    private final TestIssuer issuer = TestIssuer.rsa();
    private final AwsEmulator aws = new AwsEmulator();
    private final Path config;
    private final Path data;
    private final HttpClient http = HttpClient.newHttpClient();
    private Bridge bridge;

    EditedBridge(Path folder) throws IOException {
        config = Files.createDirectories(folder.resolve("config"));
        data = folder.resolve("data");
        good();
        bridge = start();
        aws.trust(EXTERNAL + "/federation", url -> bridge.url() + url.substring(EXTERNAL.length()))
                .with(Role.trusting(ROLE, "target:aws:aws-deploy"));
    }

    private Bridge start() {
        return Bridge.start(
                ServeSettings.local(config, data)
                        .withExternalUrl(EXTERNAL)
                        .withEndpoints(AllowedEndpoints.of(List.of(aws.url()), null)));
    }

    /// Ends and starts anew on the same folders.
    void restart() {
        bridge.close();
        bridge = start();
    }

    /// As {@link #restart}, with the documents made good in between.
    void restartGood() throws IOException {
        bridge.close();
        good();
        bridge = start();
    }

    /// The documents as they were at the start.
    void good() throws IOException {
        write("issuer.yaml", issuerDocument(""));
        write("target.yaml", targetDocument(""));
        write("grant.yaml", grantDocument("deploy", "internal-api", ""));
        write("unrelated.yaml", unrelated());
    }

    String issuerDocument(String more) {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: TrustedIssuer
        metadata: {name: ci}
        spec:
          issuer: %s
          audience: %s
          keys: {inline: %s}
        """
                        .formatted(ISSUER, AUDIENCE, issuer.jwks())
                + more;
    }

    /// One that the bridge signs for itself, and one of AWS for the door that is for AWS only.
    String targetDocument(String more) {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: internal-api}
        spec:
          owner: team@acme.example
          jwt: {audience: "https://internal-api.acme.example"}
        %1$s---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: aws-deploy}
        spec:
          owner: team@acme.example
          aws: {roleArn: "%2$s", region: eu-west-1, stsEndpoint: "%3$s"}
        %1$s\
        """
                .formatted(more, ROLE, aws.url());
    }

    static String grantDocument(String name, String target, String more) {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: Grant
        metadata: {name: %s}
        spec:
          owner: team@acme.example
          issuer: ci
          match: {sub: job-42}
          allow: [{target: %s, ttl: 10m}, {target: aws-deploy, ttl: 15m}]
        """
                        .formatted(name, target)
                + more;
    }

    static String unrelated() {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: unrelated}
        spec:
          owner: team@acme.example
          jwt: {audience: "https://unrelated.acme.example"}
        """;
    }

    /// In one step, as every editor and every mount does it.
    void write(String name, String text) throws IOException {
        Path temporary = Files.createTempFile(data.getParent(), "edit", null);
        Files.writeString(temporary, text);
        Files.move(temporary, config.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    void delete(String name) throws IOException {
        Files.delete(config.resolve(name));
    }

    /// A subject token that nobody has used.
    String token() {
        return issuer.sign(
                Tokens.plain(ISSUER, AUDIENCE, Instant.now())
                        .claim("jti", UUID.randomUUID() + "")
                        // AWS gives nothing for less than 15 minutes.
                        .claim("exp", Instant.now().plusSeconds(3_600).getEpochSecond()),
                "key-1");
    }

    JsonNode exchange(String token) throws IOException, InterruptedException {
        return form(
                "/token",
                Map.of(
                        "grant_type",
                        URN + "grant-type:token-exchange",
                        "subject_token_type",
                        URN + "token-type:jwt",
                        "subject_token",
                        token,
                        "audience",
                        "internal-api"));
    }

    JsonNode bearer(String token) throws IOException, InterruptedException {
        return form(
                "/token",
                Map.of(
                        "grant_type",
                        URN + "grant-type:jwt-bearer",
                        "assertion",
                        token,
                        "audience",
                        "internal-api"));
    }

    JsonNode credentials(String token) throws IOException, InterruptedException {
        String body =
                JSON.writeValueAsString(
                        Map.of(
                                "subject_token",
                                token,
                                "targets",
                                new Object[] {Map.of("target", "internal-api")}));
        return JSON.readTree(
                        http.send(
                                        HttpRequest.newBuilder(
                                                        URI.create(bridge.url() + "/credentials"))
                                                .header("Content-Type", "application/json")
                                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                                .build(),
                                        HttpResponse.BodyHandlers.ofString())
                                .body())
                .path("results")
                .path(0);
    }

    /// As an AWS SDK asks.
    JsonNode aws(String token) throws IOException, InterruptedException {
        return aws(token, "aws-deploy");
    }

    JsonNode aws(String token, String target) throws IOException, InterruptedException {
        return JSON.readTree(
                http.send(
                                HttpRequest.newBuilder(URI.create(bridge.url() + "/aws/" + target))
                                        .header("Authorization", token)
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body());
    }

    JsonNode introspect(String credential) throws IOException, InterruptedException {
        return form("/introspect", Map.of("token", credential));
    }

    JsonNode revoke(String credential) throws IOException, InterruptedException {
        return form("/revoke", Map.of("token", credential));
    }

    JsonNode explain(String token) throws IOException, InterruptedException {
        return form(
                "/explain",
                Map.of(
                        "grant_type",
                        URN + "grant-type:token-exchange",
                        "subject_token_type",
                        URN + "token-type:jwt",
                        "subject_token",
                        token,
                        "audience",
                        "internal-api"));
    }

    /// With the operator's token, which only the doors that ask for one look at.
    private JsonNode form(String path, Map<String, String> fields)
            throws IOException, InterruptedException {
        String body =
                fields.entrySet().stream()
                        .map(field ->
                                field.getKey()
                                        + "="
                                        + URLEncoder.encode(
                                                field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
        String answer =
                http.send(
                                HttpRequest.newBuilder(URI.create(bridge.url() + path))
                                        .header("Content-Type", "application/x-www-form-urlencoded")
                                        .header(
                                                "Authorization",
                                                "Bearer "
                                                        + Files.readString(
                                                                        data.resolve("admin-token"))
                                                                .strip())
                                        .POST(HttpRequest.BodyPublishers.ofString(body))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString())
                        .body();
        return answer.isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer);
    }

    HttpResponse<String> management(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(bridge.managementUrl() + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        http.close();
        bridge.close();
        aws.close();
    }
}
