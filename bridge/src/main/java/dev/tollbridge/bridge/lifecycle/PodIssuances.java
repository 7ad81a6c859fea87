package dev.tollbridge.bridge.lifecycle;

import dev.tollbridge.bridge.audit.AuditRecord;
import dev.tollbridge.bridge.ledger.IssuanceState;
import dev.tollbridge.bridge.ledger.IssuanceState.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What was issued to which pod, until it ends: so that it can be ended with the pod.
public final class PodIssuances {

    /// As the Kubernetes presets record it.
    public static final String POD_UID = "/kubernetes.io/pod/uid";

    /// Beyond that, what ends soonest is left to end by itself.
    private static final int MOST = 500_000;

    /// How long what could not be ended is tried again.
    private static final Duration AGAIN = Duration.ofMinutes(10);

    private final InstantSource clock;
    private final Map<Pod, Map<String, Instant>> byPod = new ConcurrentHashMap<>();

    /// @param issuer the trusted issuer's name: uids of two clusters are not compared
    public record Pod(String issuer, String uid) {}

    public PodIssuances(InstantSource clock) {
        this.clock = clock;
    }

    /// The pod that an issuance's subject runs in; null: none.
    static @Nullable Pod pod(@Nullable String issuer, Map<String, String> claims) {
        String uid = claims.get(POD_UID);
        return issuer == null || uid == null ? null : new Pod(issuer, uid);
    }

    void issued(@Nullable Pod pod, String issuance, Instant expires) {
        if (pod == null) {
            return;
        }
        if (byPod.size() >= MOST) {
            tidy();
        }
        if (byPod.size() < MOST) {
            byPod.computeIfAbsent(pod, _ -> new ConcurrentHashMap<>()).put(issuance, expires);
        }
    }

    /// What an earlier process issued.
    public void remember(List<IssuanceState> states) {
        for (IssuanceState state : states) {
            AuditRecord record = state.record();
            boolean open = state.status() == Status.ISSUED || state.status() == Status.UNCERTAIN;
            if (open && record.id() != null && record.expires() != null) {
                issued(pod(record.issuer(), record.claims()), record.id(), record.expires());
            }
        }
    }

    /// Pods that something was issued to that has not ended.
    public Set<Pod> pods() {
        tidy();
        return Set.copyOf(byPod.keySet());
    }

    /// Takes away what is known of a pod that is gone.
    ///
    /// @return its issuances that have not ended
    public List<String> gone(Pod pod) {
        Map<String, Instant> issuances = byPod.remove(pod);
        Instant now = clock.instant();
        List<String> open = new ArrayList<>();
        if (issuances != null) {
            issuances.forEach((id, expires) -> {
                if (expires.isAfter(now)) {
                    open.add(id);
                }
            });
        }
        return open;
    }

    /// Puts back what could not be ended.
    public void again(Pod pod, Set<String> issuances) {
        Instant later = clock.instant().plus(AGAIN);
        issuances.forEach(id -> issued(pod, id, later));
    }

    /// Forgets what ended.
    public void tidy() {
        Instant now = clock.instant();
        byPod.values().forEach(some -> some.values().removeIf(expires -> !expires.isAfter(now)));
        byPod.values().removeIf(Map::isEmpty);
    }
}
