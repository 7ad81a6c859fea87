package dev.tollbridge.webhook.serve;

import dev.tollbridge.webhook.cluster.Leadership;
import dev.tollbridge.webhook.detect.Detectors;
import dev.tollbridge.webhook.detect.Fingerprints;
import dev.tollbridge.webhook.http.Limits;
import dev.tollbridge.webhook.http.ListenAt;
import dev.tollbridge.webhook.registration.Reachable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What `tollbridge webhook` was asked to do.
///
/// @param tls certificate and key that somebody else renews; null: its own
/// @param clientCa authority of the certificates that callers have to show; null: none asked
/// @param data where the key for fingerprints and the operators' token are kept; null: fingerprints
///   change with each start unless the TLS key is given, and nobody may list findings
/// @param detectors made with the fingerprints' key
/// @param cluster null: no API server is asked
public record WebhookOptions(
        ListenAt listen,
        ListenAt management,
        @Nullable TlsPair tls,
        @Nullable Path clientCa,
        @Nullable Path data,
        Limits limits,
        Function<Fingerprints, Detectors> detectors,
        @Nullable InCluster cluster) {

    /// The cluster that it serves.
    ///
    /// @param kubeconfig null: the cluster around this pod
    /// @param reachable how its API server reaches the webhook, without authorities
    /// @param namespace the webhook's own, where its certificates are kept
    /// @param names DNS names and addresses of its certificate
    /// @param authority of the given certificate, PEM; empty where it is its own, or somebody else
    ///   puts it in
    /// @param sweepEvery how often what is stored is listed; null: never
    /// @param settings reads settings that are custom resources; null: they are none
    /// @param leadership how fast a replica takes over from one that is gone
    public record InCluster(
            @Nullable Path kubeconfig,
            Reachable reachable,
            String namespace,
            List<String> names,
            String authority,
            @Nullable Duration sweepEvery,
            @Nullable SettingsDocuments settings,
            Leadership.Timing leadership) {}

    /// Two files, PEM.
    public record TlsPair(Path certificate, Path key) {}
}
