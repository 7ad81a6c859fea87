package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.cluster.ClusterClients;
import dev.tollbridge.bridge.cluster.ClusterUnavailable;
import dev.tollbridge.bridge.serve.KeptIn;
import dev.tollbridge.bridge.serve.SigningKeys;
import dev.tollbridge.bridge.signing.Keyring;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/// The keys of a bridge, for commands that work beside it.
final class KeyringOption {

    @Mixin private final KeysOption keys = new KeysOption();
    @Mixin private final NamespaceOption namespace = new NamespaceOption();

    /// What a command does with the keys.
    interface Use<T, E extends Exception> {
        T of(Keyring keyring) throws E;
    }

    /// Whether they are in files of the data folder.
    boolean onDisk() {
        return where() instanceof KeptIn.OwnDisk;
    }

    private KeptIn where() {
        return keys.where(ClusterFlag.IN_CLUSTER, namespace);
    }

    /// @param data the data folder; null: none is given, which is enough for keys that are
    ///   elsewhere
    <T, E extends Exception> T with(@Nullable Path data, Use<T, E> use) throws E {
        try (ClusterClients clusters = new ClusterClients();
                Keyring keyring =
                        SigningKeys.open(
                                where(), data, clusters, InstantSource.system(), _ -> {})) {
            return use.of(keyring);
        } catch (ClusterUnavailable away) {
            throw CommandFailure.unavailable(String.valueOf(away.getMessage()));
        }
    }
}
