package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.cluster.ClusterClients;
import dev.tollbridge.bridge.cluster.PodWatch;
import dev.tollbridge.bridge.issuer.TrustedIssuer;
import dev.tollbridge.bridge.ledger.IssuanceState;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.lifecycle.PodIssuances;
import dev.tollbridge.bridge.lifecycle.PodIssuances.Pod;
import dev.tollbridge.bridge.lifecycle.Revocation;
import dev.tollbridge.bridge.refusal.Refusal;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends what was issued to a pod when the pod is deleted: for trusted issuers that say which
/// cluster reviews their tokens, because that cluster is the one their pods are in.
final class PodLives implements AutoCloseable {

    static final Duration EVERY = Duration.ofMillis(200);

    /// A pod that nobody has heard of yet may be one that the watch has not been told of yet: it is
    /// looked for again after so many turns, five seconds.
    private static final int TURNS_TO_APPEAR = 25;

    private static final String BY = "pod deleted";
    private static final Logger LOG = LoggerFactory.getLogger(PodLives.class);

    private final ClusterClients clusters;
    private final PodIssuances issuances;
    private final Ledger ledger;
    private final Revocation revocation;
    private final Supplier<List<IssuanceState>> open;
    private final Map<String, Watched> watches = new ConcurrentHashMap<>();
    private final Queue<Pod> gone = new ConcurrentLinkedQueue<>();

    private static final class Watched {
        private final PodWatch watch;

        /// Turns since every pod was seen once.
        private int turns;

        /// Pods that were not there then.
        private Set<Pod> missing = Set.of();

        Watched(PodWatch watch) {
            this.watch = watch;
        }
    }

    /// @param open issuances that have not ended, those of other bridges on the same ledger too
    PodLives(
            ClusterClients clusters,
            PodIssuances issuances,
            Ledger ledger,
            Revocation revocation,
            Supplier<List<IssuanceState>> open) {
        this.clusters = clusters;
        this.issuances = issuances;
        this.ledger = ledger;
        this.revocation = revocation;
        this.open = open;
    }

    /// One turn: watches whom it should, and ends what is to be ended. Blocks; one at a time.
    void turn(Collection<TrustedIssuer> enabled) {
        try {
            follow(enabled);
            watches.forEach(this::compare);
            Pod pod;
            while ((pod = gone.poll()) != null) {
                end(pod);
            }
        } catch (RuntimeException e) {
            LOG.warn("what was issued to deleted pods could not be ended: {}", e.toString());
        }
    }

    private void follow(Collection<TrustedIssuer> enabled) {
        Set<String> names = new LinkedHashSet<>();
        for (TrustedIssuer issuer : enabled) {
            if (issuer.tokenReview() != null && issuer.kubernetes()) {
                names.add(issuer.name());
                if (!watches.containsKey(issuer.name())) {
                    watches.put(issuer.name(), watch(issuer));
                }
            }
        }
        watches.entrySet()
                .removeIf(entry -> {
                    if (names.contains(entry.getKey())) {
                        return false;
                    }
                    entry.getValue().watch.close();
                    return true;
                });
    }

    private Watched watch(TrustedIssuer issuer) {
        if (issuer.tokenReview() == null) {
            throw new IllegalArgumentException(issuer.name() + " names no cluster");
        }
        return new Watched(
                new PodWatch(
                        clusters.client(issuer.tokenReview(), issuer.directory()),
                        uid -> gone.add(new Pod(issuer.name(), uid))));
    }

    /// Pods that went while no bridge looked, or before the watch had seen them.
    private void compare(String issuer, Watched watched) {
        if (watched.turns > TURNS_TO_APPEAR || !watched.watch.synced()) {
            return;
        }
        if (watched.turns == 0) {
            issuances.remember(open.get());
            Set<String> there = watched.watch.uids();
            watched.missing =
                    issuances.pods().stream()
                            .filter(pod -> pod.issuer().equals(issuer))
                            .filter(pod -> !there.contains(pod.uid()))
                            .collect(Collectors.toSet());
        } else if (watched.turns == TURNS_TO_APPEAR) {
            Set<String> there = watched.watch.uids();
            watched.missing.stream().filter(pod -> !there.contains(pod.uid())).forEach(gone::add);
            watched.missing = Set.of();
        }
        watched.turns++;
    }

    private void end(Pod pod) {
        Set<String> ids = new LinkedHashSet<>(issuances.gone(pod));
        try {
            ids.addAll(ledger.ofPod(pod.issuer(), pod.uid()));
            for (String id : ids) {
                revocation.revokeIssuance(id, BY);
            }
        } catch (Refusal refusal) {
            LOG.warn("what was issued to a deleted pod is ended later: {}", refusal.detail());
            issuances.again(pod, ids);
            gone.add(pod);
            throw refusal;
        }
    }

    @Override
    public void close() {
        watches.values().forEach(watched -> watched.watch.close());
    }
}
