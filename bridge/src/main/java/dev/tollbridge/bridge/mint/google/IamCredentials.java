package dev.tollbridge.bridge.mint.google;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import dev.tollbridge.bridge.mint.MintFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/// Google's IAM Service Account Credentials API, method `generateAccessToken`.
final class IamCredentials {

    private IamCredentials() {}

    /// A service account's access token, for a federated one that may have it.
    static GoogleToken impersonated(
            OneEndpoint endpoint,
            GoogleToken federated,
            String serviceAccount,
            SortedSet<String> scopes,
            Duration life)
            throws MintFailure {
        AccessToken given =
                endpoint.ask(transport ->
                        ImpersonatedCredentials.newBuilder()
                                .setSourceCredentials(
                                        // Without an end: the library must not judge it by its
                                        // own clock, nor try to get another.
                                        GoogleCredentials.create(
                                                AccessToken.newBuilder()
                                                        .setTokenValue(federated.value().reveal())
                                                        .build()))
                                .setTargetPrincipal(serviceAccount)
                                .setScopes(List.copyOf(scopes))
                                .setLifetime(Math.toIntExact(life.toSeconds()))
                                .setHttpTransportFactory(transport)
                                .setIamEndpointOverride(transport.url())
                                .build()
                                .refreshAccessToken());
        return GoogleToken.of(
                Step.IMPERSONATION, given.getTokenValue(), wholeSeconds(given.getExpirationTime()));
    }

    private static @Nullable Instant wholeSeconds(@Nullable Date end) {
        return end == null ? null : end.toInstant().truncatedTo(ChronoUnit.SECONDS);
    }
}
