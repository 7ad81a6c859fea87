package dev.tollbridge.bridge.mint.github;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tollbridge.bridge.claims.PooledJson;
import dev.tollbridge.bridge.config.TargetSpec.GitHub;
import dev.tollbridge.bridge.fetch.AllowedEndpoints;
import dev.tollbridge.bridge.fetch.AllowedEndpoints.Endpoint;
import dev.tollbridge.bridge.fetch.FetchResponse;
import dev.tollbridge.bridge.fetch.Fetcher;
import dev.tollbridge.bridge.mint.GivenToNobody;
import dev.tollbridge.bridge.mint.IssuedTokenType;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.mint.MintedCredential;
import dev.tollbridge.bridge.mint.RevocableMinter;
import dev.tollbridge.bridge.policy.Decision;
import dev.tollbridge.bridge.secret.Secret;
import dev.tollbridge.bridge.target.Target;
import java.security.PrivateKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks GitHub for an installation token of an App (GitHub REST API, "Create an installation access
/// token for an app"), always for named repositories and permissions: leaving either out would give
/// all that the installation has.
///
/// It lives one hour, which GitHub fixes, and can be ended by whoever holds it.
public final class GitHubAppMinter implements RevocableMinter {

    private static final Logger LOG = LoggerFactory.getLogger(GitHubAppMinter.class);

    /// The answer describes each repository at length, some 6 kB in GitHub's own example.
    private static final int BYTES_PER_REPOSITORY = 16 * 1024;

    private static final int OTHER_BYTES = 64 * 1024;

    private final AppKeys keys = new AppKeys();
    private final GitHubApi api;
    private final Installations installations;
    private final InstantSource clock;

    public GitHubAppMinter(Fetcher fetcher, AllowedEndpoints endpoints, InstantSource clock) {
        this.api = new GitHubApi(fetcher, endpoints, clock);
        this.installations = new Installations(api, clock);
        this.clock = clock;
    }

    @Override
    public String kind() {
        return "github";
    }

    @Override
    public boolean inProcess() {
        return false;
    }

    /// A key that cannot be used is said when the configuration is loaded, and refuses nothing: it
    /// may be mounted later.
    @Override
    public void prepare(Target target) {
        try {
            key(target, (GitHub) target.settings());
        } catch (MintFailure unusable) {
            LOG.warn("target {}: {}", target.name(), unusable.detail());
        }
    }

    private PrivateKey key(Target target, GitHub settings) throws MintFailure {
        return keys.key(target.directory(), settings.privateKey());
    }

    @Override
    public MintedCredential mint(Decision decision, String issuance) throws MintFailure {
        Target target = decision.target();
        GitHub settings = (GitHub) target.settings();
        Endpoint endpoint = api.of(settings);
        Secret jwt = AppJwt.of(settings.appId(), key(target, settings), clock.instant());
        InstallationToken token = asked(settings, endpoint, jwt);
        String excess = token.excess(settings);
        Instant expiresAt = token.expiresAt();
        if (excess != null || expiresAt == null) {
            GivenToNobody.end(issuance, () -> end(endpoint, token.token()));
            throw MintFailure.refused(String.valueOf(excess));
        }
        return new MintedCredential(
                token.token(),
                "Bearer",
                IssuedTokenType.ACCESS_TOKEN,
                expiresAt,
                true,
                token.token());
    }

    private InstallationToken asked(GitHub settings, Endpoint endpoint, Secret jwt)
            throws MintFailure {
        byte[] body = body(settings);
        for (boolean again = false; ; again = true) {
            String installation = installations.of(settings, endpoint, jwt);
            FetchResponse response =
                    api.post(
                            endpoint,
                            "/app/installations/" + installation + "/access_tokens",
                            jwt,
                            body,
                            OTHER_BYTES + BYTES_PER_REPOSITORY * settings.repositories().size());
            if (response.status() == 201 || response.status() == 200) {
                return InstallationToken.of(GitHubApi.body(response));
            }
            if (response.status() != 404 || again || !installations.forget(settings, endpoint)) {
                throw api.unwilling(response);
            }
        }
    }

    private static byte[] body(GitHub settings) {
        try {
            return PooledJson.MAPPER.writeValueAsBytes(
                    Map.of(
                            "repositories", settings.repositories(),
                            "permissions", settings.permissions()));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("lists and maps of text are JSON", e);
        }
    }

    /// Only the token itself ends it at GitHub (GitHub REST API, "Revoke an installation access
    /// token").
    @Override
    public boolean revoke(Target target, String issuance, @Nullable Secret endedBy)
            throws MintFailure {
        if (endedBy == null) {
            return false;
        }
        end(api.of((GitHub) target.settings()), endedBy);
        return true;
    }

    private void end(Endpoint endpoint, Secret token) throws MintFailure {
        FetchResponse response = api.delete(endpoint, "/installation/token", token);
        // 401: it has ended already, by its time or by another's word.
        if (response.status() != 204 && response.status() != 401) {
            throw api.unwilling(response);
        }
    }
}
