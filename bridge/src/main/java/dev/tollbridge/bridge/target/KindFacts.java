package dev.tollbridge.bridge.target;

import dev.tollbridge.bridge.config.TargetSpec.Aws;
import dev.tollbridge.bridge.config.TargetSpec.Azure;
import dev.tollbridge.bridge.config.TargetSpec.GitHub;
import dev.tollbridge.bridge.config.TargetSpec.Google;
import dev.tollbridge.bridge.config.TargetSpec.Jwt;
import dev.tollbridge.bridge.config.TargetSpec.Kubernetes;
import dev.tollbridge.bridge.config.TargetSpec.OAuth;
import dev.tollbridge.bridge.config.TargetSpec.TargetSettings;
import java.time.Duration;

/// What is fixed for every target of one kind, because the provider fixes it.
///
/// @param minimumTtl the shortest life a credential of this kind can be given
/// @param maximumTtl the longest life the provider grants to anybody
/// @param bindable whether its credentials can be bound to a key of the caller (RFC 9449, RFC 8705)
/// @param scoped whether a scope means something to it
/// @param chosenByProvider how much longer than asked the provider may make a credential live,
///   because it chooses the life itself; zero where it keeps to what it is told
public record KindFacts(
        Duration minimumTtl,
        Duration maximumTtl,
        boolean bindable,
        boolean scoped,
        Duration chosenByProvider) {

    /// What a target's credentials may live at most when it says nothing.
    public static final Duration DEFAULT_MAX_TTL = Duration.ofHours(1);

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    // AWS STS API reference, AssumeRoleWithWebIdentity: DurationSeconds 900 to 43200.
    private static final KindFacts AWS =
            new KindFacts(
                    Duration.ofMinutes(15), Duration.ofHours(12), false, false, Duration.ZERO);
    // Kubernetes API, TokenRequestSpec: expirationSeconds at least 600.
    private static final KindFacts KUBERNETES =
            new KindFacts(Duration.ofMinutes(10), DAY, false, false, Duration.ZERO);
    // IAM credentials API, generateAccessToken: lifetime up to 12 h by organisation policy.
    private static final KindFacts GOOGLE =
            new KindFacts(SECOND, Duration.ofHours(12), false, true, Duration.ZERO);
    // Without impersonation the security token service decides: one hour, or what is left of the
    // subject token. It cannot be told less.
    private static final KindFacts GOOGLE_FEDERATED =
            new KindFacts(HOUR, HOUR, false, true, Duration.ZERO);
    // Entra ID, "Configurable token lifetimes": by default a life between 60 and 90 minutes that
    // the client cannot choose.
    private static final KindFacts AZURE =
            new KindFacts(HOUR, DAY, false, true, Duration.ofMinutes(30));
    // GitHub REST API, installation access tokens: one hour, no choice.
    private static final KindFacts GITHUB = new KindFacts(HOUR, HOUR, false, false, Duration.ZERO);
    private static final KindFacts JWT = new KindFacts(SECOND, DAY, true, true, Duration.ZERO);

    public static KindFacts of(TargetSettings settings) {
        return switch (settings) {
            case Jwt _ -> JWT;
            case Aws _ -> AWS;
            case Google google -> google.serviceAccount() == null ? GOOGLE_FEDERATED : GOOGLE;
            case Kubernetes _ -> KUBERNETES;
            case Azure _ -> AZURE;
            case GitHub _ -> GITHUB;
            case OAuth oauth -> new KindFacts(lifetime(oauth), DAY, false, true, Duration.ZERO);
        };
    }

    private static Duration lifetime(OAuth oauth) {
        // A document that is not understood is looked at all the same, to say all that is wrong.
        return oauth.tokenEndpoint() == null
                        && (oauth.preset() == null || OAuthServices.find(oauth.preset()) == null)
                ? SECOND
                : OAuthTerms.of(oauth).minimumTtl();
    }
}
