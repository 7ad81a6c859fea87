package dev.tollbridge.bridge.target;

import dev.tollbridge.bridge.config.TargetSpec.OAuth;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An `oauth` target's settings together with what its preset says: how its server is asked.
///
/// @param builtIn the preset's token endpoint; null without a preset
/// @param written the document's token endpoint; null: the preset's
/// @param authenticated whether the bridge signs that it is the client (RFC 7523 section 2.2)
/// @param assertionParameter of a request of the service's own form, else null
/// @param assertionAudience the `aud` of everything that is shown there
/// @param subjectTokenType the whole URN
/// @param algorithm a JOSE name
public record OAuthTerms(
        @Nullable String builtIn,
        @Nullable String written,
        OAuthRequest request,
        @Nullable String clientId,
        boolean authenticated,
        @Nullable String audience,
        @Nullable String assertionParameter,
        String assertionAudience,
        String subjectTokenType,
        @Nullable String requestedTokenType,
        @Nullable String lifetimeParameter,
        @Nullable Duration tokenLifetime,
        @Nullable String revocationEndpoint,
        String algorithm,
        Map<String, String> parameters) {

    private static final String TOKEN_TYPE = "urn:ietf:params:oauth:token-type:";

    /// @throws IllegalArgumentException when it names neither a preset that is known nor an
    ///   endpoint: such a document is not loaded
    public static OAuthTerms of(OAuth oauth) {
        OAuthService service = oauth.preset() == null ? null : OAuthServices.find(oauth.preset());
        String endpoint = oauth.tokenEndpoint();
        if (endpoint == null) {
            if (service == null) {
                throw new IllegalArgumentException("no token endpoint");
            }
            endpoint = service.tokenEndpoint();
        }
        Duration lifetime = oauth.tokenLifetime();
        if (lifetime == null && service != null) {
            lifetime = service.tokenLifetime();
        }
        return new OAuthTerms(
                service == null ? null : service.tokenEndpoint(),
                oauth.tokenEndpoint(),
                request(oauth, service),
                oauth.clientId(),
                "private_key_jwt".equals(oauth.clientAuth()),
                oauth.audience(),
                service == null ? null : service.assertionParameter(),
                oauth.assertionAudience() == null ? endpoint : oauth.assertionAudience(),
                TOKEN_TYPE + subjectTokenType(oauth, service),
                service == null ? null : service.requestedTokenType(),
                service == null ? null : service.lifetimeParameter(),
                lifetime,
                oauth.revocationEndpoint(),
                oauth.algorithm() == null ? "RS256" : oauth.algorithm(),
                oauth.parameters());
    }

    private static OAuthRequest request(OAuth oauth, @Nullable OAuthService service) {
        if (service != null) {
            return service.request();
        }
        return oauth.grantType() != null && oauth.grantType().endsWith("jwt-bearer")
                ? OAuthRequest.JWT_BEARER
                : OAuthRequest.TOKEN_EXCHANGE;
    }

    private static String subjectTokenType(OAuth oauth, @Nullable OAuthService service) {
        if (service != null) {
            return service.subjectTokenType();
        }
        return oauth.subjectTokenType() == null ? "jwt" : oauth.subjectTokenType();
    }

    /// Where it is asked.
    public String endpoint() {
        return written != null ? written : String.valueOf(builtIn);
    }

    /// The shortest life that can be granted: the server's own, where nobody can tell it less.
    Duration minimumTtl() {
        return tokenLifetime != null && lifetimeParameter == null
                ? tokenLifetime
                : Duration.ofSeconds(1);
    }
}
