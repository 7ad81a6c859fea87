package dev.tollbridge.bridge.cluster;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ReducedStateItemStore;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells of pods of a cluster that are gone, by uid. Of those that are there it keeps the uid
/// alone.
///
/// Needs the right to list and watch pods. Without it, or while the API server is away, nothing is
/// told; what went meanwhile is told when it is back.
public final class PodWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PodWatch.class);

    private final WatchPace<Pod> pace = new WatchPace<>();
    private final SharedIndexInformer<Pod> informer;

    /// @param client of the cluster; not closed here
    /// @param gone called with the uid of each pod that was there and is not any more; must not
    ///   block
    public PodWatch(KubernetesClient client, Consumer<String> gone) {
        informer =
                client.pods()
                        .inAnyNamespace()
                        .runnableInformer(0)
                        .itemStore(
                                new ReducedStateItemStore<>(
                                        ReducedStateItemStore.UID_KEY_STATE,
                                        Pod.class,
                                        client.getKubernetesSerialization()))
                        .addEventHandler(new Gone(gone))
                        .addEventHandler(pace)
                        .exceptionHandler((_, failure) -> {
                            LOG.warn(
                                    "pods cannot be watched right now: {}",
                                    failure.getClass().getSimpleName());
                            return true;
                        });
        informer.start();
    }

    private record Gone(Consumer<String> told) implements ResourceEventHandler<Pod> {
        @Override
        public void onAdd(Pod pod) {}

        @Override
        public void onUpdate(Pod before, Pod after) {}

        @Override
        public void onDelete(Pod pod, boolean unknownFinalState) {
            told.accept(pod.getMetadata().getUid());
        }
    }

    /// Whether it has seen every pod once.
    public boolean synced() {
        return informer.hasSynced();
    }

    /// The pods that are there.
    public Set<String> uids() {
        return informer.getStore().list().stream()
                .map(pod -> pod.getMetadata().getUid())
                .collect(Collectors.toSet());
    }

    @Override
    public void close() {
        pace.close();
        informer.close();
    }
}
