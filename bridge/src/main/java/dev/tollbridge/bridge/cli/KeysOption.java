package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.serve.KeptIn;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--keys file|kubernetes`: where the signing keys are kept.
final class KeysOption {

    @Option(
            names = "--keys",
            paramLabel = "file|kubernetes",
            defaultValue = "file",
            description =
                    "Where signing keys are kept: file, in the data folder; kubernetes, in the"
                            + " Secret tollbridge-signing-keys, shared by all bridges of a"
                            + " namespace. Default: ${DEFAULT-VALUE}.")
    private String keys = "file";

    @Option(
            names = "--keys-cluster",
            paramLabel = "CLUSTER",
            description =
                    "The cluster of --keys kubernetes: in-cluster, or kubeconfig:FILE. Default:"
                            + " that of --config where there is one, else in-cluster.")
    private @Nullable String cluster;

    /// @param otherwise the cluster, where none is given
    KeptIn where(String otherwise, NamespaceOption namespace) {
        return switch (keys) {
            case "kubernetes" ->
                    new KeptIn.Cluster(
                            ClusterFlag.read(
                                            "--keys-cluster", cluster == null ? otherwise : cluster)
                                    .kubeconfig(),
                            namespace.name());
            case "file" -> {
                if (cluster != null) {
                    throw CommandFailure.usage("--keys-cluster goes with --keys kubernetes");
                }
                yield new KeptIn.OwnDisk();
            }
            default -> throw CommandFailure.usage("--keys is file or kubernetes");
        };
    }
}
