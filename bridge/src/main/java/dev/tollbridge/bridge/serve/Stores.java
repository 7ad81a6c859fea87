package dev.tollbridge.bridge.serve;

/// Where a bridge keeps what it must not lose.
///
/// @param ledger issuances
/// @param keys signing keys
public record Stores(KeptIn ledger, KeptIn keys) {

    /// All in the data folder.
    public static final Stores ON_DISK = new Stores(new KeptIn.OwnDisk(), new KeptIn.OwnDisk());

    /// All shared by the bridges of a namespace.
    public static Stores shared(KeptIn.Cluster cluster) {
        return new Stores(cluster, cluster);
    }
}
