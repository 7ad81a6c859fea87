package dev.tollbridge.bridge.config;

import dev.tollbridge.bridge.config.Format.Invalid;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an `oauth` target may say of its requests.
final class OAuthNames {

    /// Parameters that say who asks, with which proof, and for what (RFC 6749, RFC 7521, RFC 8693,
    /// RFC 8707, RFC 9396): fields of their own or the bridge's to set. A secret is never written
    /// in a document.
    private static final Set<String> TAKEN =
            Set.of(
                    "grant_type",
                    "client_id",
                    "client_secret",
                    "client_assertion",
                    "client_assertion_type",
                    "assertion",
                    "subject_token",
                    "subject_token_type",
                    "actor_token",
                    "actor_token_type",
                    "requested_token_type",
                    "audience",
                    "scope",
                    "code",
                    "refresh_token",
                    "username",
                    "password",
                    "jwt");

    private OAuthNames() {}

    static String parameter(String written) throws Invalid {
        if (written.length() > 64 || !Checks.consistsOf(written, "_.-")) {
            throw new Invalid(Problems.quoted(written) + " is not a parameter's name", null);
        }
        if (TAKEN.contains(written.toLowerCase(Locale.ROOT))) {
            throw new Invalid(
                    Problems.quoted(written) + " is set by a field of its own or by the bridge",
                    null);
        }
        return written;
    }

    static void check(Values oauth, Report report) {
        if (oauth.text("clientAuth", "none").equals("private_key_jwt")
                && !oauth.isWritten("clientId")) {
            report.error(
                    SchemaRule.MISSING_FIELD,
                    oauth.line("clientAuth"),
                    oauth.path("clientId"),
                    "private_key_jwt says who the client is: clientId is missing",
                    null);
        }
        String audience = oauth.text("assertionAudience");
        if (audience != null && ReservedNames.cloudAudience(audience)) {
            report.error(
                    SchemaRule.FEDERATION_AUDIENCE,
                    oauth.line("assertionAudience"),
                    oauth.path("assertionAudience"),
                    "a cloud would take what this server is shown for the bridge's own proof",
                    "use a target of that cloud's kind");
        }
        if (oauth.isWritten("subjectTokenType")
                && oauth.text("grantType", "").endsWith("jwt-bearer")) {
            report.error(
                    SchemaRule.INVALID_VALUE,
                    oauth.line("subjectTokenType"),
                    oauth.path("subjectTokenType"),
                    "an assertion has no subject token type",
                    "leave it out");
        }
        revocation(oauth, report);
    }

    /// A token is shown to the server that gave it, and to no other.
    private static void revocation(Values oauth, Report report) {
        String revocation = oauth.text("revocationEndpoint");
        String token = oauth.text("tokenEndpoint");
        if (revocation != null && token != null && !origin(revocation).equals(origin(token))) {
            report.error(
                    SchemaRule.INVALID_VALUE,
                    oauth.line("revocationEndpoint"),
                    oauth.path("revocationEndpoint"),
                    "tokens would be shown to another server than gave them",
                    null);
        }
    }

    private static String origin(String endpoint) {
        URI uri = URI.create(endpoint);
        String scheme = String.valueOf(uri.getScheme());
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return scheme + "://" + host(uri.getHost()) + ":" + port;
    }

    private static String host(@Nullable String written) {
        return written == null ? "" : written.toLowerCase(Locale.ROOT);
    }
}
