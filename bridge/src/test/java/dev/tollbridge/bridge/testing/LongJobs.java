package dev.tollbridge.bridge.testing;

import dev.tollbridge.bridge.serve.ServeSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What a bridge has to know for jobs that outlive their credentials: an issuer that gives a job
/// its token once, and grants with and without a session.
public final class LongJobs {

    private final PlainJobs jobs = new PlainJobs();
    private final Path folder;

    /// Targets: `internal-api` for 4 s and `slow-api` for ten minutes, with a session;
    /// `no-session`.
    public LongJobs(Path folder) throws IOException {
        this.folder = folder;
        Path config = Files.createDirectories(folder.resolve("config"));
        Files.writeString(
                config.resolve("all.yaml"),
                jobs.trusted()
                        + """
                        apiVersion: tollbridge.dev/v1alpha1
                        kind: Grant
                        metadata: {name: jobs}
                        spec:
                          owner: team@acme.example
                          issuer: ci
                          match: {sub: job-42}
                          allow: [{target: internal-api, ttl: 4s}, {target: slow-api, ttl: 10m}]
                          session: {max: 2h}
                          mayOutliveSubject: true
                          acknowledge: [outlives-subject]
                        ---
                        apiVersion: tollbridge.dev/v1alpha1
                        kind: Grant
                        metadata: {name: short-jobs}
                        spec:
                          owner: team@acme.example
                          issuer: ci
                          match: {sub: job-42}
                          allow: [{target: no-session, ttl: 5m}]
                        """);
        for (String target : new String[] {"internal-api", "slow-api", "no-session"}) {
            Files.writeString(
                    config.resolve(target + ".yaml"),
                    """
                    apiVersion: tollbridge.dev/v1alpha1
                    kind: Target
                    metadata: {name: %s}
                    spec: {owner: team@acme.example, jwt: {audience: "https://%s.acme.example"}}
                    """
                            .formatted(target, target));
        }
    }

    /// Of a bridge of these documents.
    ///
    /// @param name of its data folder
    public ServeSettings settings(String name) {
        return ServeSettings.local(folder.resolve("config"), folder.resolve(name));
    }

    /// A job's token, not used before.
    public String token() {
        return jobs.token();
    }

    /// The same in a file.
    public Path tokenFile() throws IOException {
        return tokenFile(token());
    }

    public Path tokenFile(String token) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "token", ""), token);
    }
}
