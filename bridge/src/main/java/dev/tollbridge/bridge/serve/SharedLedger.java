package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.cluster.ClusterClients;
import dev.tollbridge.bridge.cluster.ClusterUnavailable;
import dev.tollbridge.bridge.ledger.file.FileLedger;
import dev.tollbridge.bridge.ledger.kubernetes.KubernetesLedger;
import dev.tollbridge.bridge.refusal.Refusal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

/// Opens the ledger that bridges of one namespace share, and keeps it looked after.
final class SharedLedger {

    private static final Duration COLLECT_EVERY = Duration.ofMinutes(1);

    private SharedLedger() {}

    /// @throws ClusterUnavailable when the API server does not answer
    static KubernetesLedger open(
            KeptIn.Cluster cluster,
            FileLedger record,
            Path data,
            ClusterClients clusters,
            ScheduledExecutorService scheduler,
            ExecutorService threads,
            InstantSource clock) {
        KubernetesLedger ledger;
        try {
            ledger =
                    KubernetesLedger.open(
                            record,
                            clusters.reachable(cluster.kubeconfig()),
                            cluster.namespace(),
                            replica(data),
                            clock);
        } catch (Refusal refusal) {
            throw new ClusterUnavailable(
                    "the ledger in namespace "
                            + cluster.namespace()
                            + " cannot be opened: "
                            + refusal.detail()
                            + "; are the definitions installed, and may this service account write"
                            + " issuances, tokenuses, jobsessions and ledgerstates there?");
        }
        OneAtATime.repeat(ledger::look, KubernetesLedger.every(), scheduler, threads);
        OneAtATime.repeat(ledger::collect, COLLECT_EVERY, scheduler, threads);
        return ledger;
    }

    /// In a pod the host's name is the pod's. The folder tells bridges of one machine apart.
    private static String replica(Path data) {
        String host = System.getenv("HOSTNAME");
        return (host == null || host.isBlank() ? "bridge" : host)
                + "-"
                + Integer.toHexString(data.toAbsolutePath().toString().hashCode());
    }
}
