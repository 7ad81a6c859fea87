package dev.tollbridge.bridge.fetch;

import dev.tollbridge.bridge.secret.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request to send.
///
/// @param uri one that {@link FetchUrl} accepts
/// @param headers sent as they are; never a credential, which goes into `bearer`
/// @param bearer sent as `Authorization: Bearer ...`, to this host and no other
/// @param body null: none
@SuppressWarnings("ArrayRecordComponent") // sent once and dropped; nobody compares requests
public record FetchRequest(
        Method method,
        URI uri,
        Map<String, String> headers,
        @Nullable Secret bearer,
        byte @Nullable [] body,
        FetchRules rules) {

    /// A Kubernetes API server answers 406 on `/openid/v1/jwks` to whoever does not ask for the
    /// type of RFC 7517 section 8.5.
    private static final String JSON_OR_KEYS =
            "application/json, application/jwk-set+json, */*;q=0.1";

    public enum Method {
        GET,
        POST,
        PUT,
        PATCH,
        DELETE
    }

    public FetchRequest {
        headers = Map.copyOf(headers);
    }

    public static FetchRequest get(URI uri, FetchRules rules) {
        return new FetchRequest(Method.GET, uri, Map.of("accept", JSON_OR_KEYS), null, null, rules);
    }

    public static FetchRequest post(URI uri, String contentType, byte[] body, FetchRules rules) {
        return new FetchRequest(
                Method.POST,
                uri,
                Map.of("accept", "application/json", "content-type", contentType),
                null,
                body,
                rules);
    }

    public static FetchRequest postForm(URI uri, String form, FetchRules rules) {
        return post(
                uri,
                "application/x-www-form-urlencoded",
                form.getBytes(StandardCharsets.US_ASCII),
                rules);
    }

    public FetchRequest withBearer(Secret token) {
        return new FetchRequest(method, uri, headers, token, body, rules);
    }

    public FetchRequest withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new FetchRequest(method, uri, more, bearer, body, rules);
    }

    /// Without path, headers and body: a URL's path may be a secret at some providers.
    @Override
    public String toString() {
        return "FetchRequest[" + method + " " + uri.getHost() + "]";
    }
}
