package dev.tollbridge.bridge.cluster;

import dev.tollbridge.bridge.config.TrustedIssuerSpec.TokenReviewSource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// One client per cluster that some document names, made when it is first needed: the Kubernetes
/// client is slow to start and most installations talk to one cluster or none.
public final class ClusterClients implements AutoCloseable {

    /// Longer than a healthy API server ever needs, shorter than a caller waits.
    private static final int TIMEOUT_MILLIS = 3_000;

    private final Map<String, KubernetesClient> clients = new ConcurrentHashMap<>();

    /// @param directory where a relative kubeconfig starts
    /// @throws RuntimeException when the kubeconfig cannot be read
    public KubernetesClient client(TokenReviewSource source, @Nullable Path directory) {
        String kubeconfig = source.kubeconfig();
        if (kubeconfig == null) {
            return clients.computeIfAbsent("", key -> connect(Config.autoConfigure(null)));
        }
        Path file = directory == null ? Path.of(kubeconfig) : directory.resolve(kubeconfig);
        return clients.computeIfAbsent(
                file.toString(), key -> connect(Config.fromKubeconfig(file.toFile())));
    }

    private static KubernetesClient connect(Config found) {
        Config bounded =
                new ConfigBuilder(found)
                        .withConnectionTimeout(TIMEOUT_MILLIS)
                        .withRequestTimeout(TIMEOUT_MILLIS)
                        .withRequestRetryBackoffLimit(0)
                        .build();
        return new KubernetesClientBuilder().withConfig(bounded).build();
    }

    @Override
    public void close() {
        clients.values().forEach(KubernetesClient::close);
        clients.clear();
    }
}
