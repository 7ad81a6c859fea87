package dev.tollbridge.bridge.config;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Names that a `jwt` target may not use, in one place: reading, compiling and minting all ask here
/// (DESIGN 14, rule 1). Compared without regard to case, as the most careless reader would.
public final class ReservedNames {

    /// Claims that say who a token is from, for and about, and how long, or what its bearer may do
    /// (RFC 7519 section 4.1, RFC 9068 section 2.2, RFC 8693 section 4, RFC 7800, RFC 9396, OpenID
    /// Connect Core).
    private static final Set<String> REGISTERED =
            Set.of(
                    "iss",
                    "sub",
                    "aud",
                    "exp",
                    "nbf",
                    "iat",
                    "jti",
                    "client_id",
                    "scope",
                    "scp",
                    "act",
                    "may_act",
                    "cnf",
                    "azp",
                    "nonce",
                    "auth_time",
                    "acr",
                    "amr",
                    "sid",
                    "at_hash",
                    "c_hash",
                    "events",
                    "authorization_details",
                    "roles",
                    "groups",
                    "entitlements",
                    "typ");

    /// Parts of claim names that a cloud, a cluster or the bridge itself reads as its own.
    private static final List<String> NAMESPACES =
            List.of(
                    "aws.amazon.com",
                    "amazonaws.com",
                    "google",
                    "azure",
                    "microsoft",
                    "xms_",
                    "kubernetes.io",
                    "k8s.io",
                    "tollbridge.dev");

    /// Audiences by which clouds take a web identity token: what only the federation issuer may
    /// show (DESIGN 6). What follows one of them is still for that cloud.
    private static final List<String> CLOUD_AUDIENCES =
            List.of(
                    "sts.amazonaws.com",
                    "https://sts.amazonaws.com",
                    "api://azureadtokenexchange",
                    "//iam.googleapis.com",
                    "https://iam.googleapis.com",
                    "https://sts.googleapis.com");

    private ReservedNames() {}

    /// Whether only the bridge sets this claim.
    public static boolean registeredClaim(String claim) {
        return REGISTERED.contains(claim.toLowerCase(Locale.ROOT));
    }

    /// Whether a cloud or a cluster would believe this claim.
    public static boolean cloudClaim(String claim) {
        String folded = claim.toLowerCase(Locale.ROOT);
        return NAMESPACES.stream().anyMatch(folded::contains);
    }

    /// Whether a cloud takes tokens with this audience.
    public static boolean cloudAudience(String audience) {
        String folded = audience.strip().toLowerCase(Locale.ROOT);
        return CLOUD_AUDIENCES.stream().anyMatch(folded::startsWith);
    }
}
