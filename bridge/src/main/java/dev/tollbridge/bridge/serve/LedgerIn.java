package dev.tollbridge.bridge.serve;

import org.jspecify.annotations.Nullable;

/// Where issuances are kept.
public sealed interface LedgerIn {

    /// In the data folder; for one bridge.
    record OwnDisk() implements LedgerIn {}

    /// As custom resources, shared by every bridge of the namespace.
    ///
    /// @param kubeconfig how the cluster is reached; null: the one the bridge runs in
    /// @param namespace the bridge's own
    record Cluster(@Nullable String kubeconfig, String namespace) implements LedgerIn {}
}
