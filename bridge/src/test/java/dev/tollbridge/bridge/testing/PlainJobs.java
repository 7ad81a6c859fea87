package dev.tollbridge.bridge.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/// Jobs of a CI system that follows no preset: the document by which a bridge trusts it, and their
/// tokens, each of `sub` `job-42` and never shown before.
public final class PlainJobs {

    public static final String ISSUER = "https://ci.acme.example";
    public static final String AUDIENCE = "https://tollbridge.acme.example";

    private final TestIssuer keys = TestIssuer.rsa();

    /// The TrustedIssuer `ci`, and the line that begins the next document.
    public String trusted() {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: TrustedIssuer
        metadata: {name: ci}
        spec: {issuer: "%s", audience: "%s", keys: {inline: %s}}
        ---
        """
                .formatted(ISSUER, AUDIENCE, keys.jwks());
    }

    /// Of five minutes.
    public String token() {
        return token(Duration.ofMinutes(5));
    }

    public String token(Duration life) {
        Instant now = Instant.now();
        return keys.sign(
                Tokens.plain(ISSUER, AUDIENCE, now)
                        .claim("jti", UUID.randomUUID().toString())
                        .claim("exp", now.plus(life).getEpochSecond()),
                "key-1");
    }
}
