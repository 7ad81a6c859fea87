package dev.tollbridge.bridge.client;

import dev.tollbridge.bridge.secret.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// One HTTP client for one command: follows no redirect, waits at most 5 s for a connection and 35
/// s for an answer (the bridge's own bound is 30 s), reads at most 1 MiB.
public final class Http implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(35);
    private static final int LONGEST_BODY = 1 << 20;
    private static final String AGENT = "tollbridge-cli";

    private final HttpClient client;

    private Http(HttpClient client) {
        this.client = client;
    }

    /// @param caFile certificates to believe instead of the platform's; null: the platform's
    /// @throws IOException in words, when the file holds no certificates
    public static Http trusting(@Nullable Path caFile) throws IOException {
        HttpClient.Builder builder =
                HttpClient.newBuilder()
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(CONNECT);
        if (caFile != null) {
            builder.sslContext(TrustedCertificates.of(caFile));
        }
        return new Http(builder.build());
    }

    public HttpAnswer get(URI url, Map<String, Secret> headers) {
        return send(HttpRequest.newBuilder(url).GET(), url, headers);
    }

    /// @param fields of `application/x-www-form-urlencoded`, in order
    public HttpAnswer postForm(URI url, Map<String, Secret> fields, Map<String, Secret> headers) {
        String body =
                fields.entrySet().stream()
                        .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                        .collect(Collectors.joining("&"));
        return post(url, "application/x-www-form-urlencoded", body, headers);
    }

    public HttpAnswer postJson(URI url, Secret body, Map<String, Secret> headers) {
        return post(url, "application/json", body.reveal(), headers);
    }

    /// Without a body.
    public HttpAnswer post(URI url, Map<String, Secret> headers) {
        return send(
                HttpRequest.newBuilder(url).POST(HttpRequest.BodyPublishers.noBody()),
                url,
                headers);
    }

    private HttpAnswer post(URI url, String type, String body, Map<String, Secret> headers) {
        return send(
                HttpRequest.newBuilder(url)
                        .header("content-type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body)),
                url,
                headers);
    }

    private HttpAnswer send(HttpRequest.Builder request, URI url, Map<String, Secret> headers) {
        request.timeout(ANSWER).header("accept", "application/json").header("user-agent", AGENT);
        headers.forEach((name, value) -> request.header(name, value.reveal()));
        String host = url.getScheme() + "://" + url.getRawAuthority();
        try {
            HttpResponse<InputStream> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                byte[] body = in.readNBytes(LONGEST_BODY + 1);
                if (body.length > LONGEST_BODY) {
                    throw new Unreachable(host + " answers with more than 1 MiB");
                }
                return new HttpAnswer(
                        url,
                        response.statusCode(),
                        response.headers(),
                        Secret.of(new String(body, StandardCharsets.UTF_8)));
            }
        } catch (HttpConnectTimeoutException e) {
            throw new Unreachable(host + " cannot be reached: no connection within 5 s");
        } catch (HttpTimeoutException e) {
            throw new Unreachable(host + " did not answer within 35 s");
        } catch (ConnectException e) {
            throw new Unreachable(host + " cannot be reached: nothing answers there");
        } catch (SSLException e) {
            throw new Unreachable(
                    host
                            + " does not show a certificate that is believed here; for a private"
                            + " authority give --ca-file");
        } catch (IOException e) {
            throw new Unreachable(host + " cannot be reached: " + e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable("interrupted");
        }
    }

    private static String encode(Secret value) {
        return encode(value.reveal());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
