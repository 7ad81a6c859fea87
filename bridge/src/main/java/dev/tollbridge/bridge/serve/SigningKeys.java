package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.cluster.ClusterClients;
import dev.tollbridge.bridge.signing.KeyEvent;
import dev.tollbridge.bridge.signing.Keyring;
import dev.tollbridge.bridge.signing.KeyringSettings;
import dev.tollbridge.bridge.signing.kubernetes.SecretKeyStorage;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Opens the signing keys where they are kept: for the bridge, and for commands that look at them.
public final class SigningKeys {

    private SigningKeys() {}

    /// @param data the data folder; null: none is given, which is enough for keys that are
    ///   elsewhere
    /// @param listener told of every key that appears or changes
    /// @throws dev.tollbridge.bridge.cluster.ClusterUnavailable when the cluster cannot be used
    /// @throws dev.tollbridge.bridge.signing.KeyringUnavailable when the keys cannot
    public static Keyring open(
            KeptIn where,
            @Nullable Path data,
            ClusterClients clusters,
            InstantSource clock,
            Consumer<KeyEvent> listener) {
        return switch (where) {
            case KeptIn.OwnDisk _ ->
                    Keyring.open(
                            Objects.requireNonNull(data, "files need a folder"),
                            KeyringSettings.DEFAULT,
                            clock,
                            listener);
            case KeptIn.Cluster cluster ->
                    Keyring.open(
                            new SecretKeyStorage(
                                    () -> clusters.reachable(cluster.kubeconfig()),
                                    cluster.namespace()),
                            data,
                            KeyringSettings.DEFAULT,
                            clock,
                            listener);
        };
    }
}
