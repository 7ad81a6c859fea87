package dev.tollbridge.webhook.cluster;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tollbridge.webhook.registration.Registration;
import dev.tollbridge.webhook.tls.Certificates;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One cluster, as the webhook uses it.
public final class Cluster implements AutoCloseable {

    /// Where the certificates are kept; in the webhook's own namespace.
    public static final String TLS_SECRET = "tollbridge-webhook-tls";

    /// The key of fingerprints; in the webhook's own namespace.
    public static final String KEY_SECRET = "tollbridge-webhook-key";

    /// Says when a sweep was through last; beside the Lease of the replica that sweeps.
    static final String SWEEP_LEASE = "tollbridge-webhook-sweep";

    private static final Path OWN_NAMESPACE =
            Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int CONFLICT = 409;
    private static final int NOT_FOUND = 404;
    private static final int MOST_TRIES = 5;

    private final KubernetesClient client;

    private Cluster(KubernetesClient client) {
        this.client = client;
    }

    /// Whether this process runs in a pod of a cluster.
    public static boolean around() {
        return Files.isReadable(OWN_NAMESPACE);
    }

    /// @param kubeconfig null: the cluster around this pod
    public static Cluster connect(@Nullable Path kubeconfig) {
        Config found =
                kubeconfig == null
                        ? Config.autoConfigure(null)
                        : Config.fromKubeconfig(kubeconfig.toFile());
        Config bounded =
                new ConfigBuilder(found)
                        .withConnectionTimeout(TIMEOUT_MILLIS)
                        .withRequestTimeout(TIMEOUT_MILLIS)
                        .withRequestRetryBackoffLimit(2)
                        .build();
        return new Cluster(
                new KubernetesClientBuilder()
                        .withConfig(bounded)
                        .withHttpClientBuilderConsumer(
                                http -> http.addOrReplaceInterceptor("gone", new GoneWatches()))
                        .build());
    }

    KubernetesClient client() {
        return client;
    }

    /// Tells the API server of the webhook, or of what changed about it.
    ///
    /// @throws ClusterUnavailable in words for the operator
    public void register(Registration registration) {
        try {
            apply(registration.validating());
            apply(registration.mutating());
        } catch (KubernetesClientException e) {
            throw new ClusterUnavailable("the webhook could not be registered: " + reason(e));
        }
    }

    /// Without the object, which the client quotes.
    static String reason(KubernetesClientException e) {
        return e.getStatus() != null && e.getStatus().getMessage() != null
                ? e.getStatus().getMessage()
                : "the API server cannot be reached";
    }

    /// Of what a watch ran into.
    static String reasonOfWatch(Throwable fault) {
        Throwable cause = fault;
        while (!(cause instanceof KubernetesClientException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (!(cause instanceof KubernetesClientException e)) {
            return cause.getClass().getSimpleName();
        }
        return e.getCode() == NOT_FOUND
                ? "the cluster has no such resource: apply charts/tollbridge/crds"
                : reason(e);
    }

    void apply(ObjectNode object) {
        // What others wrote into it, such as cert-manager's injector, stays where it is not ours.
        client.resource(object.toString())
                .fieldManager(Registration.NAME)
                .forceConflicts()
                .serverSideApply();
    }

    /// The certificates that all replicas share, made or renewed where it is time.
    public Certificates certificates(String namespace, Instant now, List<String> names) {
        for (int i = 1; ; i++) {
            Secret kept = kept(namespace);
            Certificates before = kept == null ? null : read(kept);
            Certificates after =
                    before == null ? Certificates.create(now, names) : before.at(now, names);
            if (after == before) {
                return after;
            }
            try {
                write(namespace, kept, after);
                return after;
            } catch (KubernetesClientException e) {
                // Another replica was quicker: what it wrote is as good.
                if (e.getCode() != CONFLICT || i == MOST_TRIES) {
                    throw new ClusterUnavailable("the certificate cannot be kept: " + reason(e));
                }
            }
        }
    }

    /// Notes for all replicas that a sweep was through.
    public void swept(String namespace, String by, Instant now) {
        ObjectNode lease = JsonNodeFactory.instance.objectNode();
        lease.put("apiVersion", "coordination.k8s.io/v1").put("kind", "Lease");
        lease.putObject("metadata").put("name", SWEEP_LEASE).put("namespace", namespace);
        lease.putObject("spec")
                .put("holderIdentity", by)
                .put("renewTime", now.truncatedTo(ChronoUnit.MICROS).toString());
        try {
            apply(lease);
        } catch (KubernetesClientException e) {
            throw new ClusterUnavailable("the sweep cannot be noted: " + reason(e));
        }
    }

    /// Whether any replica ever noted a sweep.
    public boolean wasSwept(String namespace) {
        try {
            return client.raw(
                            "/apis/coordination.k8s.io/v1/namespaces/"
                                    + namespace
                                    + "/leases/"
                                    + SWEEP_LEASE)
                    != null;
        } catch (KubernetesClientException _) {
            return false;
        }
    }

    /// What all replicas share and nobody else knows: made once, by whichever is first.
    ///
    /// @param random new bytes, used where there is none yet
    public byte[] sharedKey(String namespace, byte[] random) {
        try {
            for (int i = 0; i < MOST_TRIES; i++) {
                Secret kept = client.secrets().inNamespace(namespace).withName(KEY_SECRET).get();
                String key =
                        kept == null || kept.getData() == null ? null : kept.getData().get("key");
                if (key != null) {
                    return Base64.getDecoder().decode(key);
                }
                try {
                    var _ = client.resource(keySecret(namespace, random)).create();
                } catch (KubernetesClientException e) {
                    if (e.getCode() != CONFLICT) {
                        throw e;
                    }
                }
            }
            throw new ClusterUnavailable("the Secret " + KEY_SECRET + " holds no key");
        } catch (KubernetesClientException e) {
            throw new ClusterUnavailable("the shared key cannot be kept: " + reason(e));
        }
    }

    private static Secret keySecret(String namespace, byte[] random) {
        return new SecretBuilder()
                .withType("Opaque")
                .withImmutable(true)
                .withNewMetadata()
                .withName(KEY_SECRET)
                .withNamespace(namespace)
                .endMetadata()
                .withData(Map.of("key", Base64.getEncoder().encodeToString(random)))
                .build();
    }

    private @Nullable Secret kept(String namespace) {
        try {
            return client.secrets().inNamespace(namespace).withName(TLS_SECRET).get();
        } catch (KubernetesClientException e) {
            throw new ClusterUnavailable("the certificate cannot be read: " + reason(e));
        }
    }

    private void write(String namespace, @Nullable Secret kept, Certificates after) {
        Map<String, String> data = new LinkedHashMap<>();
        after.kept()
                .forEach((name, text) ->
                        data.put(
                                name,
                                Base64.getEncoder()
                                        .encodeToString(text.getBytes(StandardCharsets.UTF_8))));
        SecretBuilder secret =
                new SecretBuilder()
                        .withType("Opaque")
                        .withNewMetadata()
                        .withName(TLS_SECRET)
                        .withNamespace(namespace)
                        .withResourceVersion(
                                kept == null ? null : kept.getMetadata().getResourceVersion())
                        .endMetadata()
                        .withData(data);
        if (kept == null) {
            client.resource(secret.build()).create();
        } else {
            client.resource(secret.build()).update();
        }
    }

    private static @Nullable Certificates read(Secret secret) {
        Map<String, String> kept = new LinkedHashMap<>();
        Map<String, String> data = secret.getData();
        if (data == null) {
            return null;
        }
        try {
            data.forEach((name, base64) ->
                    kept.put(
                            name,
                            new String(
                                    Base64.getDecoder().decode(base64), StandardCharsets.UTF_8)));
            return Certificates.of(kept);
        } catch (IllegalArgumentException e) {
            // Damaged: made anew, which the registration tells right after.
            return null;
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
