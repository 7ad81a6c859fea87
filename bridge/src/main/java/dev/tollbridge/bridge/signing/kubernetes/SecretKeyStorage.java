package dev.tollbridge.bridge.signing.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tollbridge.bridge.cluster.ApiTrouble;
import dev.tollbridge.bridge.cluster.ClusterUnavailable;
import dev.tollbridge.bridge.signing.KeyStorage;
import dev.tollbridge.bridge.signing.KeyringUnavailable;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keys in one Secret of the bridge's namespace.
///
/// The first keys are created with the Secret, so of bridges that start at once one makes them and
/// all have the same. Later changes name the `resourceVersion` that they were made of: the API
/// server refuses them when somebody was faster (optimistic concurrency, Kubernetes API
/// conventions).
public final class SecretKeyStorage implements KeyStorage {

    /// One bridge installation has a namespace to itself.
    public static final String NAME = "tollbridge-signing-keys";

    /// The API server lets nobody change a Secret's type, so a Secret that somebody else made does
    /// not become ours, nor ours somebody else's.
    public static final String TYPE = "tollbridge.dev/signing-keys";

    private static final Map<String, String> LABELS =
            Map.of(
                    "app.kubernetes.io/name", "tollbridge",
                    "app.kubernetes.io/component", "bridge",
                    "app.kubernetes.io/managed-by", "tollbridge");

    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Supplier<KubernetesClient> client;
    private final String namespace;

    /// @param client of the cluster, asked for each time; not closed here
    /// @param namespace the bridge's own
    public SecretKeyStorage(Supplier<KubernetesClient> client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    @Override
    public String place(String entry) {
        String secret = "the Secret " + namespace + "/" + NAME;
        return entry.isEmpty() ? secret : entry + " in " + secret;
    }

    private Resource<Secret> secret() {
        return client.get().secrets().inNamespace(namespace).withName(NAME);
    }

    @Override
    public @Nullable String version() {
        return read().version();
    }

    @Override
    public Kept read() {
        Secret secret = ask(() -> secret().get());
        return secret == null ? new Kept(Map.of(), null) : kept(secret);
    }

    private Kept kept(Secret secret) {
        if (!TYPE.equals(secret.getType())) {
            throw foreign("it is of another type than " + TYPE);
        }
        Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
        Map<String, byte[]> entries = new HashMap<>();
        for (Map.Entry<String, String> entry : data.entrySet()) {
            if (!ENTRIES.contains(entry.getKey())) {
                throw foreign("it has an entry that the bridge does not know");
            }
            entries.put(entry.getKey(), bytes(entry.getKey(), entry.getValue()));
        }
        for (String entry : ENTRIES) {
            // All were created together: a Secret without one has been tampered with.
            if (!entries.containsKey(entry)) {
                throw foreign("it has no entry " + entry);
            }
        }
        return new Kept(entries, secret.getMetadata().getResourceVersion());
    }

    private byte[] bytes(String entry, String encoded) {
        if (encoded.length() > LONGEST_ENTRY / 3 * 4) {
            throw new KeyringUnavailable(place(entry) + " cannot be used: it is too large", null);
        }
        try {
            return Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            // Its message quotes a part of what may be a key.
            throw new KeyringUnavailable(place(entry) + " cannot be used: it is no base64", null);
        }
    }

    private KeyringUnavailable foreign(String why) {
        return new KeyringUnavailable(
                place("") + " cannot be used: " + why + ". It is left as it is", null);
    }

    @Override
    public Optional<Kept> replace(Kept seen, Map<String, byte[]> changed) {
        Map<String, String> data = new TreeMap<>();
        changed.forEach(
                (entry, bytes) -> data.put(entry, Base64.getEncoder().encodeToString(bytes)));
        String version = seen.version();
        Secret stored = ask(() -> version == null ? created(data) : patched(version, data));
        return Optional.ofNullable(stored).map(this::kept);
    }

    private @Nullable Secret created(Map<String, String> data) {
        Secret fresh =
                new SecretBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .withNamespace(namespace)
                        .withLabels(LABELS)
                        .endMetadata()
                        .withType(TYPE)
                        .withData(data)
                        .build();
        return unless(
                CONFLICT,
                () -> client.get().secrets().inNamespace(namespace).resource(fresh).create());
    }

    /// A patch, so that other tools' labels and annotations stay as they are.
    private @Nullable Secret patched(String version, Map<String, String> data) {
        String patch = json(version, data);
        return unless(
                CONFLICT,
                () ->
                        // Gone is changed, too: whoever reads again finds out.
                        unless(
                                NOT_FOUND,
                                () ->
                                        secret().patch(
                                                        PatchContext.of(PatchType.JSON_MERGE),
                                                        patch)));
    }

    private static String json(String version, Map<String, String> data) {
        try {
            return JSON.writeValueAsString(
                    Map.of("metadata", Map.of("resourceVersion", version), "data", data));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("text can be written as JSON");
        }
    }

    private static @Nullable Secret unless(int code, Supplier<@Nullable Secret> write) {
        try {
            return write.get();
        } catch (KubernetesClientException e) {
            if (e.getCode() == code) {
                return null;
            }
            throw e;
        }
    }

    private <T extends @Nullable Object> T ask(Supplier<T> question) {
        try {
            return question.get();
        } catch (ClusterUnavailable e) {
            throw new KeyringUnavailable(place("") + " cannot be used: " + e.getMessage(), null);
        } catch (KubernetesClientException e) {
            // Without the cause, which may quote the Secret.
            throw new KeyringUnavailable(
                    place("") + " cannot be used: " + ApiTrouble.reason(e) + advice(e), null);
        }
    }

    private static String advice(KubernetesClientException e) {
        return e.getCode() == FORBIDDEN
                ? "; may this service account create Secrets in its namespace, and get and patch"
                        + " this one?"
                : "";
    }
}
