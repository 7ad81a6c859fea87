package dev.tollbridge.bridge.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;

/// Whose turn it is among replicas, by a Lease: for work that one should do and that does no harm
/// when two do it for a moment.
public final class Turn implements AutoCloseable {

    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final Duration RENEW = Duration.ofSeconds(10);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final AtomicBoolean ours = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final LeaderElector elector;
    private volatile CompletableFuture<?> running;

    public Turn(KubernetesClient client, String namespace, String name) {
        elector =
                new LeaderElector(
                        client,
                        new LeaderElectionConfigBuilder()
                                .withName(name)
                                .withLeaseDuration(LEASE)
                                .withRenewDeadline(RENEW)
                                .withRetryPeriod(RETRY)
                                .withReleaseOnCancel(true)
                                .withLock(
                                        new LeaseLock(
                                                namespace, name, UUID.randomUUID().toString()))
                                .withLeaderCallbacks(
                                        new LeaderCallbacks(
                                                () -> ours.set(true), this::lost, _ -> {}))
                                .build(),
                        threads);
        running = elector.start();
    }

    /// A lease that could not be renewed in time ends the elector: another begins.
    private void lost() {
        ours.set(false);
        if (!closed.get()) {
            threads.execute(() -> running = elector.start());
        }
    }

    public boolean isOurs() {
        return ours.get();
    }

    @Override
    public void close() {
        closed.set(true);
        running.cancel(true);
        ours.set(false);
        threads.shutdown();
    }
}
