package dev.tollbridge.sidecar.handover;

import dev.tollbridge.sidecar.Credential;
import dev.tollbridge.sidecar.Handover;
import dev.tollbridge.sidecar.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One target's folder: `token`, `credentials.json`, and what its kind's tools read beside these
/// (`aws-credentials`, `kubeconfig`). Beside them lies `.handle`, with which a sidecar that follows
/// one that was killed ends what that one had got; it ends that and does nothing else.
public final class TargetFiles implements Handover {

    private static final List<String> FOR_TOOLS =
            List.of("token", "credentials.json", "aws-credentials", "kubeconfig");

    private static final String HANDLE = ".handle";
    private static final int MOST_BYTES = 256 * 1024;

    private final Path folder;
    private final Cluster cluster;
    private final @Nullable Path notify;
    private final @Nullable LocalEndpoint endpoint;

    /// Where Google's libraries find their token on loopback (AIP-4117: `external_account`).
    ///
    /// @param url `http://127.0.0.1:9911`
    /// @param bearerFile what is shown there
    public record LocalEndpoint(String url, Path bearerFile) {}

    /// Where kubectl goes with a Kubernetes target's token.
    ///
    /// @param caFile null: as the platform trusts
    public record Cluster(String server, @Nullable String caFile) {

        /// The one the pod runs in.
        public static final Cluster OWN =
                new Cluster(
                        "https://kubernetes.default.svc",
                        "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt");
    }

    /// @param notify touched after each change, for who watches one file; null: none
    /// @param endpoint null: nobody stays to answer
    public TargetFiles(
            Path folder, Cluster cluster, @Nullable Path notify, @Nullable LocalEndpoint endpoint) {
        this.folder = folder;
        this.cluster = cluster;
        this.notify = notify;
        this.endpoint = endpoint;
    }

    /// Halves of files are removed: nobody will finish them.
    @Override
    public @Nullable Left takeOver() {
        AtomicFile.removeHalves(folder);
        try {
            Map<String, @Nullable Object> kept = Json.object(read("credentials.json"));
            String handle = null;
            if (Files.exists(folder.resolve(HANDLE))) {
                handle = read(HANDLE).strip();
            }
            return new Left(Instant.parse(end(kept)), handle);
        } catch (IOException | DateTimeParseException | Json.Malformed e) {
            // There is none, or it is nobody's: whatever it is, it must not be used.
            removeAll();
            return null;
        }
    }

    private String read(String name) throws IOException {
        try (InputStream in = Files.newInputStream(folder.resolve(name))) {
            return new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
        }
    }

    /// As each kind's tools want it written.
    private static String end(Map<String, @Nullable Object> kept) {
        Object status = kept.get("status");
        Object end =
                status instanceof Map<?, ?> exec
                        ? exec.get("expirationTimestamp")
                        : kept.getOrDefault("expires_at", kept.get("Expiration"));
        return String.valueOf(end);
    }

    private void removeAll() {
        try {
            of(null);
        } catch (IOException e) {
            // Said when the next one cannot be written.
        }
    }

    @Override
    public void of(@Nullable Credential credential) throws IOException {
        Map<String, String> files = credential == null ? Map.of() : files(credential);
        if (!files.isEmpty()) {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwxr-x---")));
        }
        if (credential != null && credential.handle() != null) {
            AtomicFile.write(folder.resolve(HANDLE), credential.handle());
        } else {
            Files.deleteIfExists(folder.resolve(HANDLE));
        }
        for (Map.Entry<String, String> file : files.entrySet()) {
            AtomicFile.write(folder.resolve(file.getKey()), file.getValue());
        }
        for (String other : FOR_TOOLS) {
            if (!files.containsKey(other)) {
                Files.deleteIfExists(folder.resolve(other));
            }
        }
        if (notify != null) {
            if (!Files.exists(notify)) {
                AtomicFile.write(notify, "");
            }
            Files.setLastModifiedTime(notify, FileTime.from(Instant.now()));
        }
    }

    private Map<String, String> files(Credential credential) throws IOException {
        try {
            return switch (credential.form()) {
                case AWS -> aws(credential);
                case KUBERNETES -> kubernetes(credential);
                case TOKEN -> token(credential);
            };
        } catch (Json.Malformed e) {
            throw new IOException(e.getMessage());
        }
    }

    /// For scripts, and for Google's libraries, which ignore what they do not know.
    private Map<String, String> token(Credential credential) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("access_token", credential.value());
        tree.put("expires_at", credential.expiresAt());
        if (endpoint != null) {
            tree.put("type", "external_account");
            tree.put("audience", String.valueOf(folder.getFileName()));
            tree.put("subject_token_type", "urn:ietf:params:oauth:token-type:jwt");
            tree.put("token_url", endpoint.url() + "/token");
            tree.put("credential_source", Map.of("file", endpoint.bearerFile().toString()));
        }
        return Map.of("token", credential.value(), "credentials.json", Json.write(tree));
    }

    private static Map<String, String> aws(Credential credential) throws Json.Malformed {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("Version", 1L);
        tree.put("AccessKeyId", credential.member("AccessKeyId"));
        tree.put("SecretAccessKey", credential.member("SecretAccessKey"));
        tree.put("SessionToken", credential.member("Token"));
        tree.put("Expiration", credential.expiresAt());
        String ini =
                "[default]\naws_access_key_id = %s\naws_secret_access_key = %s\naws_session_token = %s\n"
                        .formatted(
                                oneLine(credential.member("AccessKeyId")),
                                oneLine(credential.member("SecretAccessKey")),
                                oneLine(credential.member("Token")));
        return Map.of("credentials.json", Json.write(tree), "aws-credentials", ini);
    }

    /// A line more would be a setting more.
    private static String oneLine(String value) throws Json.Malformed {
        if (value.chars().anyMatch(c -> c <= ' ' || c > '~')) {
            throw new Json.Malformed("a key holds what no key holds");
        }
        return value;
    }

    private Map<String, String> kubernetes(Credential credential) throws Json.Malformed {
        Path file = folder.resolve("credentials.json");
        Map<String, Object> where = new LinkedHashMap<>();
        where.put("server", cluster.server());
        if (cluster.caFile() != null) {
            where.put("certificate-authority", cluster.caFile());
        }
        Map<String, Object> exec = new LinkedHashMap<>();
        exec.put("apiVersion", "client.authentication.k8s.io/v1");
        // The file is an ExecCredential, so printing it is all that a plugin has to do.
        exec.put("command", "cat");
        exec.put("args", List.of(file.toString()));
        exec.put("interactiveMode", "Never");
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("apiVersion", "v1");
        config.put("kind", "Config");
        config.put("clusters", List.of(Map.of("name", "cluster", "cluster", where)));
        config.put("users", List.of(Map.of("name", "tollbridge", "user", Map.of("exec", exec))));
        config.put(
                "contexts",
                List.of(
                        Map.of(
                                "name",
                                "tollbridge",
                                "context",
                                Map.of("cluster", "cluster", "user", "tollbridge"))));
        config.put("current-context", "tollbridge");
        return Map.of(
                "token",
                credential.member("status", "token"),
                "credentials.json",
                credential.value(),
                "kubeconfig",
                Json.write(config));
    }
}
