package dev.tollbridge.bridge.cluster;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whose turn it is among replicas, by a Lease: for work that one should do and that does no harm
/// when two do it for a moment.
///
/// Clocks of replicas are not compared: a Lease has ended when this replica has seen it unchanged
/// for as long as it says (as client-go has it). And a replica's own turn ends by its own clock,
/// when it could not renew the Lease in time, before another may take it.
///
/// Not the client's own elector: that one cannot stand a second time, so a replica that lost the
/// Lease once, as when the API server was away, would never have it again; and it compares the
/// clocks of machines.
public final class Turn implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Turn.class);
    private static final int CONFLICT = 409;
    private static final Duration GIVE_BACK_WITHIN = Duration.ofSeconds(2);

    private final KubernetesClient client;
    private final String namespace;
    private final String name;
    private final String identity = UUID.randomUUID().toString();
    private final Timing timing;
    private final LongSupplier nanos;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;

    /// Until when it is ours, of {@link #nanos}.
    private volatile long until;

    private @Nullable String seen;
    private long seenAt;
    private String trouble = "";

    /// @param lease how long the Lease holds without being renewed, after which another takes it
    /// @param renew how long the turn is ours after it was renewed; less than `lease`
    /// @param retry how long there is between two looks
    public record Timing(Duration lease, Duration renew, Duration retry) {
        /// As Kubernetes' own controllers have it.
        public static final Timing DEFAULT =
                new Timing(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofSeconds(2));
    }

    /// @param client of the cluster; not closed here
    /// @param namespace the bridge's own
    /// @param name of the Lease
    public Turn(KubernetesClient client, String namespace, String name) {
        this(client, namespace, name, Timing.DEFAULT, System::nanoTime);
    }

    Turn(
            KubernetesClient client,
            String namespace,
            String name,
            Timing timing,
            LongSupplier nanos) {
        this.client = client;
        this.namespace = namespace;
        this.name = name;
        this.timing = timing;
        this.nanos = nanos;
        this.until = nanos.getAsLong();
        this.thread = Thread.ofVirtual().name("turn-" + name).start(this::standUntilClosed);
    }

    /// Whether it is this replica's turn at this moment. Work that takes long asks again.
    public boolean isOurs() {
        return closed.getCount() > 0 && isHeld();
    }

    private boolean isHeld() {
        return nanos.getAsLong() - until < 0;
    }

    private void standUntilClosed() {
        try {
            do {
                stand();
            } while (!closed.await(timing.retry().toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (isHeld()) {
            until = nanos.getAsLong();
            giveBack();
        }
    }

    private void stand() {
        try {
            // Before the API server is asked: what it grants counts from then.
            long asked = nanos.getAsLong();
            Lease lease = lease().get();
            if (lease == null ? created() : !heldByAnother(lease, asked) && taken(lease)) {
                until = asked + timing.renew().toNanos();
            } else {
                until = asked;
            }
            trouble = "";
        } catch (KubernetesClientException e) {
            say(ApiTrouble.reason(e));
        } catch (RuntimeException e) {
            say(e.getClass().getSimpleName());
        }
    }

    /// Once, not at every look.
    private void say(String what) {
        if (!what.equals(trouble)) {
            trouble = what;
            LOG.warn("the Lease {} cannot be looked at: {}", name, what);
        }
    }

    private Resource<Lease> lease() {
        return client.leases().inNamespace(namespace).withName(name);
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
                client.leases()
                        .inNamespace(namespace)
                        .resource(
                                new LeaseBuilder()
                                        .withNewMetadata()
                                        .withName(name)
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
                () -> client.leases().inNamespace(namespace).resource(next).update());
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
                client.leases()
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
            LOG.debug("the Lease {} was not given back", name);
        }
    }

    /// Gives the turn back.
    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(GIVE_BACK_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
