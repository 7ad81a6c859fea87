package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.client.BridgeUrl;
import dev.tollbridge.bridge.client.Http;
import dev.tollbridge.bridge.client.HttpAnswer;
import dev.tollbridge.bridge.secret.Secret;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The admin API of a running bridge (`docs/http-api.md`).
final class AdminApi implements AutoCloseable {

    private final Http http;
    private final BridgeUrl management;
    private final Secret token;

    AdminApi(Http http, BridgeUrl management, Secret token) {
        this.http = http;
        this.management = management;
        this.token = token;
    }

    /// @param path below `/admin/v1/`
    /// @return null: there is nothing by that id
    @Nullable Map<String, @Nullable Object> get(String path) {
        return answered(
                http.get(management.at("/admin/v1/" + path), Map.of("authorization", bearer())));
    }

    /// The elements of a list.
    ///
    /// @param query parameters; null values are left out
    List<Map<String, @Nullable Object>> list(String name, Map<String, @Nullable String> query) {
        StringBuilder path = new StringBuilder(name);
        query.forEach((key, value) -> {
            if (value != null) {
                path.append(path.indexOf("?") < 0 ? '?' : '&')
                        .append(key)
                        .append('=')
                        .append(encode(value));
            }
        });
        List<Map<String, @Nullable Object>> elements = new ArrayList<>();
        Map<String, @Nullable Object> answer = get(path.toString());
        if (answer != null && answer.get(name) instanceof List<?> list) {
            for (Object element : list) {
                elements.add(object(element));
            }
        }
        return elements;
    }

    /// @return null: there is nothing by that id
    @Nullable Map<String, @Nullable Object> post(String path) {
        return answered(
                http.post(management.at("/admin/v1/" + path), Map.of("authorization", bearer())));
    }

    private static @Nullable Map<String, @Nullable Object> answered(HttpAnswer answer) {
        return switch (answer.status()) {
            case 200 -> answer.json();
            case 404 -> null;
            case 401 ->
                    throw CommandFailure.usage(
                            "the bridge does not take this operator's token; is it the one of its"
                                    + " data folder, or a Kubernetes one for the audience"
                                    + " EXTERNAL-URL/operators?");
            case 403 -> throw CommandFailure.no(sentence(answer));
            case 400 -> throw CommandFailure.usage(sentence(answer));
            default -> throw CommandFailure.unavailable(sentence(answer));
        };
    }

    private static String sentence(HttpAnswer answer) {
        return answer.json().get("error_description") instanceof String sentence
                ? Plain.text(sentence)
                : "the bridge answered " + answer.status();
    }

    @SuppressWarnings("unchecked") // an object of JSON has names for keys
    private static Map<String, @Nullable Object> object(@Nullable Object element) {
        return element instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : Map.of();
    }

    /// An id as it may stand in a path.
    static String id(String kind, String written) {
        boolean sound = !written.isEmpty() && written.length() <= 64;
        for (int i = 0; i < written.length() && sound; i++) {
            char c = written.charAt(i);
            sound = c == '_' || (c < 128 && Character.isLetterOrDigit(c));
        }
        if (!sound) {
            throw CommandFailure.usage(kind + " is letters, digits and _");
        }
        return written;
    }

    private Secret bearer() {
        return Secret.of("Bearer " + token.reveal());
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
    }
}
