package dev.tollbridge.webhook.cluster;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Which of the replicas does what has to be done once: whoever holds the Lease
/// (coordination.k8s.io). Whoever cannot renew it in time stops before another may begin.
///
/// Clocks of replicas are not compared: a Lease has ended when this replica has seen it unchanged
/// for as long as it says (as client-go has it). And a replica's own leadership ends by its own
/// clock, when it could not renew the Lease in time.
///
/// Not the client's own elector: with it, elections that met an API server away began no more. It
/// asks on the one thread on which the client tries requests again, where a request that waits for
/// its own second try waits for ever, and watches with it.
public final class Leadership implements AutoCloseable {

    /// In the webhook's own namespace.
    public static final String LEASE = "tollbridge-webhook";

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);
    private static final int CONFLICT = 409;
    private static final Duration GIVE_BACK_WITHIN = Duration.ofSeconds(2);

    private final Cluster cluster;
    private final String namespace;
    private final String identity;
    private final Timing timing;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread =
            Thread.ofVirtual().name("leadership").unstarted(this::standUntilClosed);

    /// Until when it leads, of {@link System#nanoTime}.
    private volatile long until = System.nanoTime();

    private boolean led;

    private @Nullable String seen;
    private long seenAt;
    private String trouble = "";

    /// @param lease how long the Lease holds without being renewed, after which another takes over
    /// @param renew how long a replica leads after it renewed it; less than `lease`
    /// @param retry how long there is between two looks
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
        thread.start();
    }

    /// Whether it leads at this moment. Work that takes long asks again.
    public boolean leads() {
        return closed.getCount() > 0 && isHeld();
    }

    private boolean isHeld() {
        return System.nanoTime() - until < 0;
    }

    private void standUntilClosed() {
        try {
            do {
                stand();
                tell();
            } while (!closed.await(timing.retry().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (isHeld()) {
            until = System.nanoTime();
            giveBack();
        }
    }

    private void tell() {
        boolean now = isHeld();
        if (led != now) {
            led = now;
            LOG.info(
                    "{} {}",
                    identity,
                    now ? "sweeps and repairs for all replicas" : "leads no longer");
        }
    }

    private void stand() {
        try {
            // Before the API server is asked: what it grants counts from then.
            long asked = System.nanoTime();
            Lease lease = lease().get();
            if (lease == null ? created() : !heldByAnother(lease, asked) && taken(lease)) {
                until = asked + timing.renew().toNanos();
            } else {
                until = asked;
            }
            trouble = "";
        } catch (KubernetesClientException e) {
            say(Cluster.reason(e));
        } catch (RuntimeException e) {
            say(e.getClass().getSimpleName());
        }
    }

    /// Once, not at every look.
    private void say(String what) {
        if (!what.equals(trouble)) {
            trouble = what;
            LOG.warn("the Lease {} cannot be looked at: {}", LEASE, what);
        }
    }

    private Resource<Lease> lease() {
        return cluster.client().leases().inNamespace(namespace).withName(LEASE);
    }

    private boolean heldByAnother(Lease lease, long now) {
        LeaseSpec spec = lease.getSpec();
        String holder = spec == null ? null : spec.getHolderIdentity();
        if (spec == null || holder == null || holder.isEmpty() || holder.equals(identity)) {
            return false;
        }
        String version = lease.getMetadata().getResourceVersion();
        if (!Objects.equals(version, seen)) {
            seen = version;
            seenAt = now;
        }
        Integer seconds = spec.getLeaseDurationSeconds();
        long holds =
                seconds == null ? timing.lease().toNanos() : Duration.ofSeconds(seconds).toNanos();
        return now - seenAt < holds;
    }

    private boolean created() {
        return unlessSomebodyWasFaster(() ->
                cluster.client()
                        .leases()
                        .inNamespace(namespace)
                        .resource(
                                new LeaseBuilder()
                                        .withNewMetadata()
                                        .withName(LEASE)
                                        .withNamespace(namespace)
                                        .endMetadata()
                                        .withSpec(ours(null))
                                        .build())
                        .create());
    }

    /// With the version that was seen: of two that take it one does.
    private boolean taken(Lease lease) {
        Lease next = new LeaseBuilder(lease).withSpec(ours(lease.getSpec())).build();
        return unlessSomebodyWasFaster(
                () -> cluster.client().leases().inNamespace(namespace).resource(next).update());
    }

    private LeaseSpec ours(@Nullable LeaseSpec before) {
        ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
        boolean stays = before != null && identity.equals(before.getHolderIdentity());
        LeaseSpec spec = new LeaseSpec();
        spec.setHolderIdentity(identity);
        spec.setLeaseDurationSeconds(Math.toIntExact(timing.lease().toSeconds()));
        spec.setRenewTime(now);
        spec.setAcquireTime(before == null || !stays ? now : before.getAcquireTime());
        Integer transitions = before == null ? null : before.getLeaseTransitions();
        spec.setLeaseTransitions((transitions == null ? 0 : transitions) + (stays ? 0 : 1));
        return spec;
    }

    private static boolean unlessSomebodyWasFaster(Runnable write) {
        try {
            write.run();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == CONFLICT) {
                return false;
            }
            throw e;
        }
    }

    /// So that another need not wait until the Lease ends.
    private void giveBack() {
        try {
            Lease lease = lease().get();
            if (lease != null && identity.equals(lease.getSpec().getHolderIdentity())) {
                cluster.client()
                        .leases()
                        .inNamespace(namespace)
                        .resource(
                                new LeaseBuilder(lease)
                                        .editSpec()
                                        .withHolderIdentity("")
                                        .endSpec()
                                        .build())
                        .update();
            }
        } catch (RuntimeException e) {
            LOG.debug("the Lease {} was not given back", LEASE);
        }
    }

    /// Whether it was closed and stands no longer.
    boolean over() {
        return !thread.isAlive();
    }

    /// Gives the Lease back, so that another need not wait until it ends. An API server that does
    /// not answer is not waited for.
    @Override
    public void close() {
        closed.countDown();
        try {
            boolean _ = thread.getState() == Thread.State.NEW || thread.join(GIVE_BACK_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
