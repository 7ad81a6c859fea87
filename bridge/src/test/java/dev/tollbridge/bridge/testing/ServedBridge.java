package dev.tollbridge.bridge.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.client.DpopKey;
import dev.tollbridge.bridge.serve.Bridge;
import dev.tollbridge.bridge.serve.ServeSettings;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The whole bridge as `serve` runs it, in this process on free ports, and a caller of it.
public final class ServedBridge implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Bridge bridge;
    private final Path data;
    private final HttpClient http;

    public ServedBridge(Path config, Path data) {
        this(ServeSettings.local(config, data));
    }

    public ServedBridge(ServeSettings settings) {
        this(settings, HttpClient.newHttpClient());
    }

    /// @param http what trusts the listener's certificate; closed with the bridge
    public ServedBridge(ServeSettings settings, HttpClient http) {
        this(settings, http, InstantSource.system());
    }

    /// By the test's clock.
    public ServedBridge(ServeSettings settings, InstantSource clock) {
        this(settings, HttpClient.newHttpClient(), clock);
    }

    private ServedBridge(ServeSettings settings, HttpClient http, InstantSource clock) {
        this.data = settings.data();
        this.http = http;
        this.bridge = Bridge.start(settings, clock);
    }

    public String url() {
        return bridge.url();
    }

    public String managementUrl() {
        return bridge.managementUrl();
    }

    /// The body of the answer of `POST /token`, whatever it is.
    public JsonNode exchange(String subjectToken, String target) {
        String form =
                Map.of(
                                "grant_type",
                                "urn:ietf:params:oauth:grant-type:token-exchange",
                                "subject_token_type",
                                "urn:ietf:params:oauth:token-type:jwt",
                                "subject_token",
                                subjectToken,
                                "audience",
                                target)
                        .entrySet()
                        .stream()
                        .map(field ->
                                field.getKey()
                                        + "="
                                        + URLEncoder.encode(
                                                field.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
        return send(
                HttpRequest.newBuilder(URI.create(url() + "/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form)));
    }

    /// The body of the answer to a form with a proof of a key (RFC 9449).
    ///
    /// @param issuer what the bridge calls itself, which is what the proof is for
    /// @param pairs names and values of the form
    public JsonNode proved(DpopKey key, String issuer, String path, String... pairs) {
        StringJoiner form = new StringJoiner("&");
        for (int i = 0; i < pairs.length; i += 2) {
            form.add(pairs[i] + "=" + URLEncoder.encode(pairs[i + 1], StandardCharsets.UTF_8));
        }
        String proof = key.proof("POST", URI.create(issuer + path), null, Instant.now()).reveal();
        return send(
                HttpRequest.newBuilder(URI.create(url() + path))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .header("DPoP", proof)
                        .POST(HttpRequest.BodyPublishers.ofString(form.toString())));
    }

    /// An exchange at `POST /token` that opens a job session.
    public JsonNode openSession(DpopKey key, String issuer, String subjectToken, String target) {
        return proved(
                key,
                issuer,
                "/token",
                "grant_type",
                "urn:ietf:params:oauth:grant-type:token-exchange",
                "subject_token_type",
                "urn:ietf:params:oauth:token-type:jwt",
                "subject_token",
                subjectToken,
                "audience",
                target,
                "session",
                "1");
    }

    /// What `POST /introspect` says of a token, to the operator.
    public JsonNode introspect(String token) {
        return send(
                HttpRequest.newBuilder(URI.create(url() + "/introspect"))
                        .header("Authorization", "Bearer " + adminToken())
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        "token="
                                                + URLEncoder.encode(
                                                        token, StandardCharsets.UTF_8))));
    }

    /// Any request to either listener; the whole answer.
    ///
    /// @param url of a listener, and a path
    /// @param form sent by POST; null: none
    public HttpResponse<String> ask(
            String method, String url, @Nullable String bearer, @Nullable String form) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url))
                        .method(
                                method,
                                form == null
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofString(form));
        if (form != null) {
            request.header("Content-Type", "application/x-www-form-urlencoded");
        }
        if (bearer != null) {
            request.header("Authorization", "Bearer " + bearer);
        }
        return answer(request);
    }

    /// The status that `POST /revoke` answers with.
    public int revoke(String token) {
        try {
            return http.send(
                            HttpRequest.newBuilder(URI.create(url() + "/revoke"))
                                    .header("Content-Type", "application/x-www-form-urlencoded")
                                    .POST(
                                            HttpRequest.BodyPublishers.ofString(
                                                    "token="
                                                            + URLEncoder.encode(
                                                                    token, StandardCharsets.UTF_8)))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// What an operator who revokes an issuance is told.
    public JsonNode revokeIssuance(String id) {
        return send(
                HttpRequest.newBuilder(
                                URI.create(
                                        managementUrl() + "/admin/v1/issuances/" + id + "/revoke"))
                        .header("Authorization", "Bearer " + adminToken())
                        .POST(HttpRequest.BodyPublishers.noBody()));
    }

    /// The body of the answer of `POST /credentials`.
    public JsonNode credentials(String subjectToken, List<String> targets) {
        return send(
                HttpRequest.newBuilder(URI.create(url() + "/credentials"))
                        .header("Content-Type", "application/json")
                        .POST(
                                HttpRequest.BodyPublishers.ofString(
                                        Tokens.json(
                                                Map.of(
                                                        "subject_token",
                                                        subjectToken,
                                                        "targets",
                                                        targets.stream()
                                                                .map(name -> Map.of("target", name))
                                                                .toList())))));
    }

    /// What is published at a path.
    public JsonNode published(String path) {
        return send(HttpRequest.newBuilder(URI.create(url() + path)));
    }

    /// Everything that lies in the bridge's data folder, as text.
    public String data() {
        try (Stream<Path> files = Files.walk(data)) {
            StringBuilder all = new StringBuilder();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
            return all.toString();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What the operator sees of a receipt.
    public JsonNode receipt(String id) {
        return send(
                HttpRequest.newBuilder(URI.create(managementUrl() + "/admin/v1/receipts/" + id))
                        .header("Authorization", "Bearer " + adminToken()));
    }

    /// What Prometheus would read.
    public String metrics() {
        return text(HttpRequest.newBuilder(URI.create(managementUrl() + "/metrics")));
    }

    /// Of the file in the data folder.
    public String adminToken() {
        try {
            return Files.readString(data.resolve("admin-token")).strip();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode send(HttpRequest.Builder request) {
        try {
            return JSON.readTree(text(request));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String text(HttpRequest.Builder request) {
        return answer(request).body();
    }

    private HttpResponse<String> answer(HttpRequest.Builder request) {
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.close();
        bridge.close();
    }
}
