package dev.tollbridge.bridge.issuer;

import dev.tollbridge.bridge.config.TrustedIssuerSpec.Replay;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An issuer's facts, shipped as data.
///
/// @param aliases other names it is found by; presets that share an alias are a family, of which
///   the written issuer URL picks one
/// @param issuer its exact URL; null where every customer has one of their own
/// @param issuerPattern what such a URL must look like; null: any https URL
/// @param algorithms JWS algorithms its tokens are signed with
/// @param claims by name
/// @param identifyingClaims the claims that go into the record, in order
/// @param immutableIds claims that name the workload for ever; a grant should pin at least one.
///   Empty where the platform has none
/// @param stableSubject template of the subject used in records and in what the bridge signs, of
///   immutable ids where the platform has them, such as
///   `repo:{{repository_owner_id}}:{{repository_id}}`
/// @param tokenLifetime the longest life its tokens have by default
/// @param mayOutlive whether a credential may live longer than the subject token it was given for
/// @param cap the longest life of a credential
/// @param requiresJti whether every token has a `jti`
/// @param kubernetes whether its tokens are Kubernetes service-account tokens
/// @param refused why it cannot be trusted at all and what to do instead; null: it can
/// @param dangers what a grant over its claims has to watch, for the linter
/// @param recommended grants to copy, the first one for the common case; empty only where refused
/// @param dangerous grants that the linter must refuse
/// @param guide what its documentation page says beside the facts above
public record Preset(
        String id,
        List<String> aliases,
        String name,
        @Nullable String issuer,
        @Nullable Pattern issuerPattern,
        List<String> algorithms,
        Map<String, ClaimFact> claims,
        List<String> identifyingClaims,
        List<String> immutableIds,
        String stableSubject,
        Duration tokenLifetime,
        boolean mayOutlive,
        Duration cap,
        Replay replay,
        boolean requiresJti,
        boolean kubernetes,
        @Nullable String refused,
        Dangers dangers,
        List<ExampleGrant> recommended,
        List<ExampleGrant> dangerous,
        Guide guide) {

    /// Whether this URL can be this issuer's.
    public boolean fits(String url) {
        if (issuer != null) {
            return issuer.equals(url);
        }
        return issuerPattern == null || issuerPattern.matcher(url).matches();
    }

    /// What is known about a claim reference, also when the facts name its family
    /// (`repo_property_*`) or the object it lies in. Null: nothing.
    public @Nullable ClaimFact fact(String reference) {
        ClaimFact exact = claims.get(reference);
        if (exact != null) {
            return exact;
        }
        for (ClaimFact fact : claims.values()) {
            if (fact.family()
                    && reference.startsWith(fact.name().substring(0, fact.name().length() - 1))) {
                return fact;
            }
        }
        return null;
    }
}
