package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.serve.Bridge;
import dev.tollbridge.bridge.serve.ServeSettings;
import dev.tollbridge.bridge.testing.TestIssuer;
import dev.tollbridge.bridge.testing.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;

/// A real bridge in this process, with one trusted issuer whose key is at hand, and commands that
/// are pointed at it.
final class ServedPolicy implements AutoCloseable {

    static final String ISSUER = "https://ci.acme.example";
    static final String AUDIENCE = "https://tollbridge.acme.example";

    private final TestIssuer issuer = new TestIssuer().with("key-1", "ES256", "cli");
    private final Path folder;
    private final Bridge bridge;

    ServedPolicy(Path folder) throws IOException {
        this.folder = folder;
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.createDirectories(data());
        Files.writeString(config.resolve("all.yaml"), documents());
        bridge = Bridge.start(ServeSettings.local(config, data()).withRequiredDpopNonce());
    }

    private String documents() {
        return """
        apiVersion: tollbridge.dev/v1alpha1
        kind: TrustedIssuer
        metadata: {name: ci}
        spec:
          issuer: %s
          audience: %s
          algorithms: [ES256]
          keys: {inline: %s}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: internal-api}
        spec:
          owner: team@acme.example
          maxTtl: 15m
          jwt: {audience: "https://api.acme.example", scopes: [read, write]}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Target
        metadata: {name: bound-api}
        spec:
          owner: team@acme.example
          maxTtl: 15m
          senderConstraint: dpop
          jwt: {audience: "https://bound.acme.example", scopes: [read]}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Grant
        metadata: {name: job}
        spec:
          owner: team@acme.example
          issuer: ci
          match: {sub: job-42}
          allow:
            - {target: internal-api, scopes: [read, write], ttl: 10m}
            - {target: bound-api, scopes: [read], ttl: 10m}
        ---
        apiVersion: tollbridge.dev/v1alpha1
        kind: Grant
        metadata: {name: never-used}
        spec:
          owner: team@acme.example
          issuer: ci
          match: {sub: job-43}
          allow:
            - {target: internal-api, scopes: [read], ttl: 10m}
        """
                .formatted(ISSUER, AUDIENCE, issuer.jwks());
    }

    Path data() {
        return folder.resolve("data");
    }

    String url() {
        return bridge.url();
    }

    String managementUrl() {
        return bridge.managementUrl();
    }

    /// A token that has not been shown yet, as the platform would write it for a job.
    String token() {
        return issuer.sign(fresh(), "key-1");
    }

    String tokenOf(String subject) {
        return issuer.sign(fresh().claim("sub", subject), "key-1");
    }

    private static Tokens fresh() {
        return Tokens.plain(ISSUER, AUDIENCE, Instant.now())
                .claim("jti", UUID.randomUUID().toString());
    }

    Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    /// With `--management-url` and `--data`.
    Commands.Ran operator(String... args) {
        String[] all = java.util.Arrays.copyOf(args, args.length + 4);
        all[args.length] = "--management-url";
        all[args.length + 1] = managementUrl();
        all[args.length + 2] = "--data";
        all[args.length + 3] = data().toString();
        return Commands.run(all);
    }

    @Override
    public void close() {
        bridge.close();
    }
}
