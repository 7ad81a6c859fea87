package dev.tollbridge.bridge.cluster;

import dev.tollbridge.bridge.config.TrustedIssuerSpec.TokenReviewSource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One client per cluster that some document names, made when it is first needed: the Kubernetes
/// client is slow to start and most installations talk to one cluster or none. A kubeconfig that is
/// written anew is read anew.
public final class ClusterClients implements AutoCloseable {

    /// Clients of earlier kubeconfigs that requests may still be using.
    private static final int MOST_REPLACED = 4;

    private final Path inCluster;
    private final Function<String, @Nullable String> environment;
    private final Map<String, Known> clients = new ConcurrentHashMap<>();
    private final Deque<KubernetesClient> replaced = new ArrayDeque<>();

    /// @param state what the kubeconfig's file looked like when it was read
    private record Known(String state, KubernetesClient client) {}

    public ClusterClients() {
        this(ClusterConfig.IN_CLUSTER, System::getenv);
    }

    ClusterClients(Path inCluster, Function<String, @Nullable String> environment) {
        this.inCluster = inCluster;
        this.environment = environment;
    }

    /// @param directory where a relative kubeconfig starts
    /// @throws RuntimeException when the kubeconfig cannot be used; its message names what is
    ///   wrong, without quoting the file
    public KubernetesClient client(TokenReviewSource source, @Nullable Path directory) {
        return client(source.kubeconfig(), directory);
    }

    /// @param kubeconfig null: the cluster that the bridge runs in
    /// @param directory where a relative kubeconfig starts
    /// @throws RuntimeException as above
    public KubernetesClient client(@Nullable String kubeconfig, @Nullable Path directory) {
        if (kubeconfig == null) {
            return clients.computeIfAbsent("", _ -> new Known("", inCluster())).client();
        }
        Path file = directory == null ? Path.of(kubeconfig) : directory.resolve(kubeconfig);
        String state = state(file);
        Known known =
                clients.compute(
                        file.toString(),
                        (_, before) ->
                                before != null && before.state().equals(state)
                                        ? before
                                        : anew(file, state, before));
        return known.client();
    }

    /// The same, for what a start depends on.
    ///
    /// @throws ClusterUnavailable in words for the operator
    public KubernetesClient reachable(@Nullable String kubeconfig) {
        try {
            return client(kubeconfig, null);
        } catch (RuntimeException e) {
            // Its message may quote the file, which holds credentials.
            throw new ClusterUnavailable(
                    unusable(e)
                            ? String.valueOf(e.getMessage())
                            : "the cluster cannot be reached: " + e.getClass().getSimpleName());
        }
    }

    private Known anew(Path file, String state, @Nullable Known before) {
        KubernetesClient client = connect(ClusterConfig.kubeconfig(file));
        if (before != null) {
            retire(before.client());
        }
        return new Known(state, client);
    }

    /// Somebody may be in the middle of a question: it is closed when some more have come after it.
    private void retire(KubernetesClient client) {
        KubernetesClient oldest = null;
        synchronized (replaced) {
            replaced.add(client);
            if (replaced.size() > MOST_REPLACED) {
                oldest = replaced.poll();
            }
        }
        if (oldest != null) {
            oldest.close();
        }
    }

    private KubernetesClient inCluster() {
        return connect(ClusterConfig.inCluster(inCluster, environment));
    }

    private static KubernetesClient connect(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(new NoRedirects())
                .withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor("gone", new GoneWatches()))
                .build();
    }

    /// The library follows redirects, and carries the bridge's own token along.
    private static final class NoRedirects extends JdkHttpClientFactory {
        @Override
        protected void additionalConfig(HttpClient.Builder builder) {
            builder.followRedirects(HttpClient.Redirect.NEVER);
        }
    }

    private static String state(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.lastModifiedTime() + " " + now.size() + " " + now.fileKey();
        } catch (IOException e) {
            throw new ClusterConfig.Unusable(
                    "the kubeconfig cannot be read: " + e.getClass().getSimpleName());
        }
    }

    /// Whether a failure is about how the cluster is reached, before anybody was asked. Its message
    /// may be shown to operators.
    public static boolean unusable(RuntimeException failure) {
        return failure instanceof ClusterConfig.Unusable;
    }

    @Override
    public void close() {
        clients.values().forEach(known -> known.client().close());
        clients.clear();
        synchronized (replaced) {
            replaced.forEach(KubernetesClient::close);
            replaced.clear();
        }
    }
}
