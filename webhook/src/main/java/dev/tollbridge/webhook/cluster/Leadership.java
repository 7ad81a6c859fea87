package dev.tollbridge.webhook.cluster;

import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which of the replicas does what has to be done once: whoever holds the Lease
/// (coordination.k8s.io). Whoever cannot renew it in time stops before another may begin.
public final class Leadership implements AutoCloseable {

    /// In the webhook's own namespace.
    public static final String LEASE = "tollbridge-webhook";

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    private final Cluster cluster;
    private final String namespace;
    private final String identity;
    private final Timing timing;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("leadership").factory());
    private volatile @Nullable CompletableFuture<?> election;
    private volatile boolean leads;
    private volatile boolean closed;

    /// @param lease how long the Lease holds without being renewed, after which another takes over
    /// @param renew how long its holder tries to renew it before it stops leading
    /// @param retry how long there is between two tries
    public record Timing(Duration lease, Duration renew, Duration retry) {
        /// As Kubernetes' own controllers have it.
        public static final Timing DEFAULT =
                new Timing(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
    }

    /// @param identity of this replica, unlike every other's
    public Leadership(Cluster cluster, String namespace, String identity, Timing timing) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.identity = identity;
        this.timing = timing;
    }

    public void start() {
        thread.execute(this::stand);
    }

    /// An election ends when leadership is lost: it is stood for again, with an elector of its own,
    /// for none can be used twice. That leadership is lost is taken from the callback: what the
    /// elector returns never ends when the API server was away at that moment.
    private void stand() {
        while (!closed) {
            CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
            try {
                LeaderElector elector =
                        new LeaderElector(
                                cluster.client(),
                                new LeaderElectionConfigBuilder()
                                        .withName(LEASE)
                                        .withLock(new LeaseLock(namespace, LEASE, identity))
                                        .withLeaseDuration(timing.lease())
                                        .withRenewDeadline(timing.renew())
                                        .withRetryPeriod(timing.retry())
                                        .withReleaseOnCancel(true)
                                        .withLeaderCallbacks(
                                                new LeaderCallbacks(
                                                        () -> leads(true),
                                                        () -> {
                                                            leads(false);
                                                            over.complete(null);
                                                        },
                                                        _ -> {}))
                                        .build(),
                                Runnable::run);
                CompletableFuture<?> standing = elector.start();
                election = standing;
                if (closed) {
                    standing.cancel(true);
                }
                var _ =
                        standing.whenComplete((_, failure) -> {
                            if (failure == null) {
                                over.complete(null);
                            } else {
                                over.completeExceptionally(failure);
                            }
                        });
                over.join();
            } catch (CancellationException _) {
                // It was closed.
            } catch (CompletionException e) {
                LOG.warn("an election ended: {}", Cluster.reasonOfWatch(e));
                LockSupport.parkNanos(timing.retry().toNanos());
            } finally {
                leads(false);
            }
        }
    }

    private void leads(boolean now) {
        if (leads != now) {
            leads = now;
            LOG.info(
                    "{} {}",
                    identity,
                    now ? "sweeps and repairs for all replicas" : "leads no longer");
        }
    }

    public boolean leads() {
        return leads;
    }

    /// Gives the Lease back, so that another need not wait until it ends.
    @Override
    public void close() {
        closed = true;
        CompletableFuture<?> standing = election;
        if (standing != null) {
            standing.cancel(true);
        }
        thread.shutdown();
        try {
            boolean _ = thread.awaitTermination(2, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        thread.shutdownNow();
    }
}
