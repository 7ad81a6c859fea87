package dev.tollbridge.bridge.pod;

import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/// A cluster's projected tokens, and the document by which a bridge trusts it. A pod shows one
/// token many times, so its uses are recorded and not refused.
final class PodTokens {

    static final String SUBJECT = "system:serviceaccount:payments:deployer";

    private static final String AUDIENCE = "https://tollbridge.acme.example";
    private static final String ISSUER = "https://cluster.acme.example";

    private final TestIssuer keys = TestIssuer.rsa();

    /// The TrustedIssuer `cluster`, and the line that begins the next document.
    String trusted() {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: TrustedIssuer
        metadata: {name: cluster}
        spec: {issuer: "%s", audience: "%s", replay: record, keys: {inline: %s}}
        ---
        """
                .formatted(ISSUER, AUDIENCE, keys.jwks());
    }

    String token(Instant now, Duration life) {
        return keys.sign(
                Tokens.kubernetes(ISSUER, AUDIENCE, now)
                        .claim("sub", SUBJECT)
                        .claim("exp", now.plus(life).getEpochSecond())
                        .claim("jti", UUID.randomUUID().toString()),
                "key-1");
    }
}
