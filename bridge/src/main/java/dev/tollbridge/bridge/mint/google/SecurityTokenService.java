package dev.tollbridge.bridge.mint.google;

import com.google.auth.oauth2.StsRequestHandler;
import com.google.auth.oauth2.StsTokenExchangeRequest;
import com.google.auth.oauth2.StsTokenExchangeResponse;
import dev.tollbridge.bridge.mint.IssuedTokenType;
import dev.tollbridge.bridge.mint.MintFailure;
import dev.tollbridge.bridge.secret.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/// Google's Security Token Service (Security Token Service API, method `token`; RFC 8693).
///
/// The library's handler for its protocol, and not its credentials above that: those measure a
/// token's life by a clock of their own.
final class SecurityTokenService {

    private static final String JWT = "urn:ietf:params:oauth:token-type:jwt";

    /// Nobody issues for longer, and an instant can hold it.
    private static final Duration LONGEST = Duration.ofDays(366);

    private final InstantSource clock;

    SecurityTokenService(InstantSource clock) {
        this.clock = clock;
    }

    /// A federated access token for the bridge's proof.
    ///
    /// @param provider as the target names it: `//iam.googleapis.com/projects/...`
    GoogleToken federated(
            OneEndpoint endpoint,
            Step step,
            Secret proof,
            String provider,
            Collection<String> scopes)
            throws MintFailure {
        StsTokenExchangeRequest request =
                StsTokenExchangeRequest.newBuilder(proof.reveal(), JWT)
                        .setRequestTokenType(IssuedTokenType.ACCESS_TOKEN)
                        .setAudience(provider)
                        .setScopes(List.copyOf(scopes))
                        .build();
        return token(endpoint, step, request, null, Set.copyOf(scopes));
    }

    /// The same token with less power.
    ///
    /// @param boundary the credential access boundary as JSON text
    /// @param scopes what the token has
    GoogleToken bounded(
            OneEndpoint endpoint, GoogleToken token, String boundary, SortedSet<String> scopes)
            throws MintFailure {
        StsTokenExchangeRequest request =
                StsTokenExchangeRequest.newBuilder(
                                token.value().reveal(), IssuedTokenType.ACCESS_TOKEN)
                        .setRequestTokenType(IssuedTokenType.ACCESS_TOKEN)
                        .build();
        GoogleToken bounded = token(endpoint, Step.BOUNDARY, request, boundary, scopes);
        // Said only where the first was a service account's; it ends with the first in any case.
        return bounded.expiresAt() == null
                ? new GoogleToken(bounded.value(), token.expiresAt())
                : bounded;
    }

    private GoogleToken token(
            OneEndpoint endpoint,
            Step step,
            StsTokenExchangeRequest request,
            @Nullable String options,
            Set<String> scopes)
            throws MintFailure {
        // Before the request leaves: a life counted from later would end after the token does.
        Instant asked = clock.instant();
        StsTokenExchangeResponse given =
                endpoint.ask(transport -> {
                    StsRequestHandler.Builder handler =
                            StsRequestHandler.newBuilder(
                                    transport.url(), request, transport.createRequestFactory());
                    if (options != null) {
                        handler.setInternalOptions(options);
                    }
                    return handler.build().exchangeToken();
                });
        if (!given.getTokenType().equalsIgnoreCase("Bearer")
                || !given.getIssuedTokenType().equals(IssuedTokenType.ACCESS_TOKEN)) {
            throw step.failed(MintFailure.refused("it gave something else than an access token"));
        }
        List<String> gotten = given.getScopes();
        if (gotten != null && !scopes.containsAll(gotten)) {
            throw step.failed(MintFailure.refused("it gave a scope that was not asked for"));
        }
        return GoogleToken.of(
                step,
                given.getAccessToken().getTokenValue(),
                expiry(asked, given.getExpiresInSeconds()));
    }

    private static @Nullable Instant expiry(Instant asked, @Nullable Long seconds) {
        if (seconds == null || Math.abs(seconds) > LONGEST.toSeconds()) {
            return null;
        }
        return Instant.ofEpochSecond(asked.getEpochSecond() + seconds);
    }
}
