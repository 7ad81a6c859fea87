package dev.tollbridge.bridge.mint.github;

import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.claims.StrictJson;
import dev.tollbridge.bridge.config.TargetSpec.GitHub;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.fetch.AllowedEndpoints.Endpoint;
import dev.tollbridge.bridge.fetch.FetchFailure;
import dev.tollbridge.bridge.fetch.FetchRequest;
import dev.tollbridge.bridge.fetch.FetchResponse;
import dev.tollbridge.bridge.fetch.FetchRules;
import dev.tollbridge.bridge.fetch.Fetcher;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.provider.ProviderAnswers;
import dev.tollbridge.bridge.secret.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/// GitHub's REST API, as far as it is about installation tokens.
final class GitHubApi {

    static final String PUBLIC = "https://api.github.com";

    private static final String JSON = "application/vnd.github+json";
    private static final String VERSION = "2022-11-28";

    private final Fetcher fetcher;
    private final AllowedEndpoints endpoints;
    private final InstantSource clock;

    GitHubApi(Fetcher fetcher, AllowedEndpoints endpoints, InstantSource clock) {
        this.fetcher = fetcher;
        this.endpoints = endpoints;
        this.clock = clock;
    }

    /// @param settings whose `apiUrl`, if any, says which API
    Endpoint of(GitHub settings) throws MintFailure {
        try {
            return endpoints.choose(PUBLIC, settings.apiUrl());
        } catch (FetchFailure refused) {
            throw ProviderAnswers.unanswered(refused);
        }
    }

    FetchResponse get(Endpoint api, String path, Secret bearer) throws MintFailure {
        return ask(FetchRequest.get(api.at(path), api.rules()), bearer);
    }

    FetchResponse post(Endpoint api, String path, Secret bearer, byte[] body, int maxBytes)
            throws MintFailure {
        FetchRules rules = api.rules().withMaxBytes(maxBytes);
        return ask(FetchRequest.post(api.at(path), "application/json", body, rules), bearer);
    }

    FetchResponse delete(Endpoint api, String path, Secret bearer) throws MintFailure {
        return ask(
                new FetchRequest(
                        FetchRequest.Method.DELETE,
                        api.at(path),
                        Map.of(),
                        bearer,
                        new byte[0],
                        api.rules()),
                bearer);
    }

    private FetchResponse ask(FetchRequest request, Secret bearer) throws MintFailure {
        return ProviderAnswers.ask(
                fetcher,
                request.withBearer(bearer)
                        .withHeader("accept", JSON)
                        .withHeader("x-github-api-version", VERSION));
    }

    /// GitHub's error bodies have a text and no code, and the text names repositories: the status
    /// says enough, but for the rate limit, which is a 403 as often as a 429 (GitHub Docs, "Rate
    /// limits for the REST API").
    MintFailure unwilling(FetchResponse response) {
        Instant now = clock.instant();
        boolean limited =
                response.status() == 403
                        && (response.header("retry-after") != null
                                || "0".equals(response.header("x-ratelimit-remaining")));
        if (limited) {
            return MintFailure.unavailable(
                    "the provider answers 403 rate limit", true, untilReset(response, now));
        }
        return ProviderAnswers.unwilling(response, null, false, now);
    }

    private static Duration untilReset(FetchResponse response, Instant now) {
        String reset = response.header("x-ratelimit-reset");
        if (response.header("retry-after") == null
                && reset != null
                && reset.matches("[0-9]{1,11}")) {
            Duration wait = Duration.ofSeconds(Long.parseLong(reset) - now.getEpochSecond());
            return ProviderAnswers.bounded(wait);
        }
        return ProviderAnswers.wait(response, now);
    }

    /// @throws MintFailure when it is no JSON object; whether a token may exist is the caller's to
    ///   say
    static Claims body(FetchResponse response) throws MintFailure {
        try {
            return StrictJson.object(response.body());
        } catch (StrictJson.Malformed e) {
            throw ProviderAnswers.unreadable("is no JSON object");
        }
    }
}
