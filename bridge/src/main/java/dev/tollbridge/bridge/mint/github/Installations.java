package dev.tollbridge.bridge.mint.github;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.tollbridge.bridge.claims.Claims;
import dev.tollbridge.bridge.config.TargetSpec.GitHub;
import dev.tollbridge.bridge.fetch.AllowedEndpoints.Endpoint;
import dev.tollbridge.bridge.fetch.FetchResponse;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.provider.ProviderAnswers;
import dev.tollbridge.bridge.secret.Secret;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Which installation of an App is whose, where a target names only the owner.
final class Installations {

    /// An App that is installed anew gets another number; until it is looked up again, GitHub says
    /// 404 to the old one, which forgets it at once.
    private static final Duration KEPT = Duration.ofHours(1);

    private static final int MOST = 1_000;

    private final GitHubApi api;
    private final Cache<Owner, String> known;

    private record Owner(String api, String app, String login) {}

    Installations(GitHubApi api, InstantSource clock) {
        this.api = api;
        Ticker ticker = () -> clock.millis() * 1_000_000;
        this.known =
                Caffeine.newBuilder()
                        .maximumSize(MOST)
                        .expireAfterWrite(KEPT)
                        .ticker(ticker)
                        .build();
    }

    /// @param jwt the App's proof, for looking it up
    String of(GitHub settings, Endpoint endpoint, Secret jwt) throws MintFailure {
        if (settings.installationId() != null) {
            return settings.installationId();
        }
        Owner owner = owner(settings, endpoint);
        String found = known.getIfPresent(owner);
        if (found == null) {
            // Two at once ask twice, which does no harm.
            found = lookUp(owner, endpoint, jwt);
            known.put(owner, found);
        }
        return found;
    }

    /// GitHub does not know the installation any more.
    ///
    /// @return whether it had been looked up, so that looking again may help
    boolean forget(GitHub settings, Endpoint endpoint) {
        if (settings.installationId() != null) {
            return false;
        }
        known.invalidate(owner(settings, endpoint));
        return true;
    }

    private static Owner owner(GitHub settings, Endpoint endpoint) {
        return new Owner(
                endpoint.uri().toString(),
                settings.appId(),
                String.valueOf(settings.owner()).toLowerCase(Locale.ROOT));
    }

    private String lookUp(Owner owner, Endpoint endpoint, Secret jwt) throws MintFailure {
        // An owner is an organisation or a user, and only GitHub knows which.
        for (String kind : List.of("/orgs/", "/users/")) {
            FetchResponse response = asked(endpoint, kind + owner.login + "/installation", jwt);
            if (response.status() == 200) {
                return installation(response, owner);
            }
            if (response.status() != 404) {
                throw nothingCame(api.unwilling(response));
            }
        }
        throw MintFailure.refused("the App is not installed for " + owner.login);
    }

    private FetchResponse asked(Endpoint endpoint, String path, Secret jwt) throws MintFailure {
        try {
            return api.get(endpoint, path, jwt);
        } catch (MintFailure failure) {
            throw nothingCame(failure);
        }
    }

    private static String installation(FetchResponse response, Owner owner) throws MintFailure {
        Claims body;
        try {
            body = GitHubApi.body(response);
        } catch (MintFailure unreadable) {
            throw nothingCame(unreadable);
        }
        Long id = body.integer("id");
        if (id == null || id <= 0) {
            throw nothingCame(ProviderAnswers.unreadable("holds no installation"));
        }
        // A renamed account's old name may be somebody else's by now.
        if (!owner.login.equals(login(body.get("account")))) {
            throw MintFailure.refused("GitHub names another owner of the installation");
        }
        if (body.get("suspended_at") != null) {
            throw MintFailure.refused("the App's installation is suspended");
        }
        return Long.toString(id);
    }

    private static @Nullable String login(@Nullable Object account) {
        return account instanceof Map<?, ?> members && members.get("login") instanceof String login
                ? login.toLowerCase(Locale.ROOT)
                : null;
    }

    /// Looking up makes nothing: whatever went wrong, there is no token.
    private static MintFailure nothingCame(MintFailure failure) {
        return new MintFailure(failure.reason(), failure.detail(), true, failure.retryAfter());
    }
}
