package dev.tollbridge.bridge.serve;

import org.jspecify.annotations.Nullable;

/// Where something is kept that a bridge must not lose: issuances, signing keys.
public sealed interface KeptIn {

    /// In the data folder; for one bridge.
    record OwnDisk() implements KeptIn {}

    /// As objects of a cluster, shared by every bridge of the namespace.
    ///
    /// @param kubeconfig how the cluster is reached; null: the one the bridge runs in
    /// @param namespace the bridge's own
    record Cluster(@Nullable String kubeconfig, String namespace) implements KeptIn {}
}
