package dev.tollbridge.sidecar;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.HttpsURLConnection;
import org.jspecify.annotations.Nullable;

/// `POST /token` and `POST /revoke` by the JDK's oldest client, which starts fastest and needs
/// least.
///
/// No redirects, no cookies, no proxy but the JVM's own; nothing of an answer or a token is ever in
/// a message.
final class HttpBridge implements Bridge {

    private static final int CONNECT_MILLIS = 3_000;
    private static final int READ_MILLIS = 12_000;
    private static final int REVOKE_MILLIS = 1_500;
    private static final int MOST_BYTES = 256 * 1024;
    private static final int LONGEST_TOKEN = 16 * 1024;
    private static final Set<String> GONE = Set.of("subject_gone", "subject_disabled");

    private final URI url;
    private final Path tokenFile;
    private final @Nullable Authorities authorities;

    /// @param url of the bridge, without a slash at its end
    /// @param authorities null: as the platform trusts
    HttpBridge(URI url, Path tokenFile, @Nullable Authorities authorities) {
        this.url = url;
        this.tokenFile = tokenFile;
        this.authorities = authorities;
    }

    private record Reply(int status, @Nullable String retryAfter, String body) {}

    @Override
    public Answer exchange(String target) {
        String token;
        try {
            token = subjectToken();
        } catch (IOException e) {
            return new Answer.Later("the pod's token cannot be read: " + tokenFile, null);
        }
        Reply reply;
        try {
            reply =
                    post(
                            "/token",
                            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange"
                                    + "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt"
                                    + "&audience="
                                    + encoded(target)
                                    + "&subject_token="
                                    + encoded(token),
                            READ_MILLIS);
        } catch (IOException e) {
            return new Answer.Later(
                    url.getHost() + " cannot be reached: " + e.getClass().getSimpleName(), null);
        }
        try {
            return read(reply);
        } catch (Json.Malformed e) {
            return new Answer.Later(
                    url.getHost() + " answered " + reply.status() + ", " + e.getMessage(), null);
        }
    }

    private static Answer read(Reply reply) throws Json.Malformed {
        Map<String, @Nullable Object> tree = Json.object(reply.body());
        if (reply.status() == 200) {
            return new Answer.Issued(Credential.of(tree));
        }
        String reason = word(tree.get("reason"));
        String receipt = tree.get("receipt") == null ? null : word(tree.get("receipt"));
        if (reply.status() >= 500 || reply.status() == 429) {
            return new Answer.Later(reason, seconds(reply.retryAfter()));
        }
        return GONE.contains(reason)
                ? new Answer.Gone(reason, receipt)
                : new Answer.Refused(reason, receipt);
    }

    /// What goes into a log is what a reason or receipt is made of.
    private static String word(@Nullable Object value) {
        return value instanceof String text && text.matches("[A-Za-z0-9_]{1,64}")
                ? text
                : "without a reason";
    }

    private static @Nullable Duration seconds(@Nullable String written) {
        return written != null && written.matches("[0-9]{1,6}")
                ? Duration.ofSeconds(Long.parseLong(written))
                : null;
    }

    private String subjectToken() throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(tokenFile)) {
            bytes = in.readNBytes(LONGEST_TOKEN + 1);
        }
        String token = new String(bytes, StandardCharsets.US_ASCII).strip();
        if (bytes.length > LONGEST_TOKEN || token.isEmpty()) {
            throw new IOException("no token");
        }
        return token;
    }

    @Override
    public boolean revoke(String handle) {
        try {
            return post("/revoke", "token=" + encoded(handle), REVOKE_MILLIS).status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private Reply post(String path, String form, int readMillis) throws IOException {
        byte[] body = form.getBytes(StandardCharsets.US_ASCII);
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url + path).toURL().openConnection();
        try {
            if (authorities != null && connection instanceof HttpsURLConnection secure) {
                secure.setSSLSocketFactory(authorities.sockets());
            }
            connection.setInstanceFollowRedirects(false);
            connection.setConnectTimeout(Math.min(CONNECT_MILLIS, readMillis));
            connection.setReadTimeout(readMillis);
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            connection.setUseCaches(false);
            connection.setFixedLengthStreamingMode(body.length);
            connection.setRequestProperty("content-type", "application/x-www-form-urlencoded");
            connection.setRequestProperty("accept", "application/json");
            connection.setRequestProperty("user-agent", "tollbridge-sidecar");
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
            int status = connection.getResponseCode();
            try (InputStream in =
                    status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
                byte[] answer = in == null ? new byte[0] : in.readNBytes(MOST_BYTES + 1);
                if (answer.length > MOST_BYTES) {
                    throw new IOException("too large an answer");
                }
                return new Reply(
                        status,
                        connection.getHeaderField("retry-after"),
                        new String(answer, StandardCharsets.UTF_8));
            }
        } finally {
            connection.disconnect();
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
