package dev.tollbridge.bridge.client;

import dev.tollbridge.bridge.secret.Secret;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The token that a GitHub Actions job can ask for (GitHub, "OpenID Connect reference", "Methods
/// for requesting the OIDC token").
public final class GitHubToken {

    private static final String URL = "ACTIONS_ID_TOKEN_REQUEST_URL";
    private static final String TOKEN = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";

    private GitHubToken() {}

    /// @param environment by name; null or empty: not set
    /// @throws IllegalArgumentException in words, when the job may not ask
    /// @throws Unreachable when GitHub does not answer with one
    public static Secret request(
            Http http, Function<String, @Nullable String> environment, String audience) {
        String url = environment.apply(URL);
        String token = environment.apply(TOKEN);
        if (url == null || url.isEmpty() || token == null || token.isEmpty()) {
            throw new IllegalArgumentException(
                    (environment.apply("GITHUB_ACTIONS") == null
                                    ? "this is no GitHub Actions job, or the job may not ask for a"
                                            + " token"
                                    : "this job may not ask GitHub for a token")
                            + " ("
                            + URL
                            + " is not set): add to the workflow or the job\n"
                            + "    permissions:\n"
                            + "      id-token: write");
        }
        URI request;
        try {
            URI base = BridgeUrl.checked(url);
            request =
                    URI.create(
                            url
                                    + (base.getRawQuery() == null ? "?" : "&")
                                    + "audience="
                                    + URLEncoder.encode(audience, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(URL + ": " + e.getMessage(), e);
        }
        HttpAnswer answer =
                http.get(request, Map.of("authorization", Secret.of("bearer " + token)));
        if (answer.status() != 200) {
            throw new Unreachable("GitHub's token service answered " + answer.status());
        }
        if (answer.json().get("value") instanceof String value && !value.isEmpty()) {
            return Secret.of(value);
        }
        throw new Unreachable("GitHub's token service answered without a token");
    }
}
