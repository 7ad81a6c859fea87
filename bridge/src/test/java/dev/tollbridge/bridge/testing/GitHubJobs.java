package dev.tollbridge.bridge.testing;

import java.time.Instant;
import java.util.UUID;

/// A GitHub job that deploys: the document by which a bridge trusts GitHub, the grant for that job,
/// and its tokens, none of them shown before.
public final class GitHubJobs {

    public static final String AUDIENCE = "https://tollbridge.acme.example";

    private final TestIssuer keys = TestIssuer.rsa();

    /// The TrustedIssuer `github`, and the line that begins the next document.
    public String trusted() {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: TrustedIssuer
        metadata: {name: github}
        spec:
          preset: github-actions
          audience: %s
          keys: {inline: %s}
        ---
        """
                .formatted(AUDIENCE, keys.jwks());
    }

    /// The Grant `payments-deploy`, after the line that begins it.
    ///
    /// @param allow its entries, each as `{target: name, ...}`
    public static String grant(String... allow) {
        return """
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Grant
        metadata: {name: payments-deploy}
        spec:
          owner: team-payments@acme.example
          issuer: github
          match: {repository_id: "2002", repository_owner_id: "1001", environment: production}
          condition: claims.ref == 'refs/heads/main' && claims.event_name in ['push']
          allow:
            - %s
        """
                .formatted(String.join("\n    - ", allow));
    }

    public String token() {
        return keys.sign(
                Tokens.github(AUDIENCE, Instant.now()).claim("jti", UUID.randomUUID().toString()),
                "key-1");
    }
}
