package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.cluster.ClusterClients;
import dev.tollbridge.bridge.ledger.Ledger;
import dev.tollbridge.bridge.ledger.file.FileLedger;
import dev.tollbridge.bridge.ledger.kubernetes.KubernetesLedger;
import dev.tollbridge.bridge.session.NoSessionStore;
import dev.tollbridge.bridge.session.RecordedSessions;
import dev.tollbridge.bridge.session.SessionRecord;
import dev.tollbridge.bridge.session.SessionStore;
import dev.tollbridge.bridge.signing.HandleKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A ledger, and what keeps the job sessions beside it.
///
/// @param sessions given the key that handles are made with and openings sealed
record OpenedLedger(Ledger ledger, Function<HandleKey, SessionStore> sessions) {

    private static final Logger LOG = LoggerFactory.getLogger(OpenedLedger.class);

    /// @param record where the lines go of what passes through this bridge
    /// @param deadline how long a line may take to become durable
    static OpenedLedger open(
            ServeSettings settings,
            FileLedger record,
            ClusterClients clusters,
            ScheduledExecutorService scheduler,
            ExecutorService threads,
            InstantSource clock,
            Duration deadline) {
        return switch (settings.stores().ledger()) {
            case KeptIn.OwnDisk _ ->
                    new OpenedLedger(
                            record,
                            key ->
                                    new RecordedSessions(
                                            key,
                                            record.sessionLines(),
                                            new SessionRecord(record.trail(), deadline),
                                            clock.instant()));
            case KeptIn.Cluster cluster -> {
                KubernetesLedger shared =
                        SharedLedger.open(
                                cluster,
                                record,
                                settings.data(),
                                clusters,
                                scheduler,
                                threads,
                                clock);
                yield new OpenedLedger(
                        shared, key -> shared(shared, key, settings.stores(), deadline));
            }
        };
    }

    /// Handles and openings of one bridge are the other's only if both have one key.
    private static SessionStore shared(
            KubernetesLedger ledger, HandleKey key, Stores stores, Duration deadline) {
        return switch (stores.keys()) {
            case KeptIn.Cluster _ -> ledger.sessions(key, deadline);
            case KeptIn.OwnDisk _ -> {
                LOG.warn(
                        "job sessions are refused: the ledger is shared, and the keys are not"
                                + " (--keys kubernetes shares them)");
                yield new NoSessionStore(
                        "the ledger is shared and the keys are not: --keys kubernetes");
            }
        };
    }
}
