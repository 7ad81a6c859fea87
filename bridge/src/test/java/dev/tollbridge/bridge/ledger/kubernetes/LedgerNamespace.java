package dev.tollbridge.bridge.ledger.kubernetes;

import dev.tollbridge.bridge.cluster.Resources;
import dev.tollbridge.bridge.ledger.file.FileLedger;
import dev.tollbridge.bridge.ledger.file.FileLedgerSettings;
import dev.tollbridge.testing.cluster.ClusterFixture;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.UUID;

/// A namespace of the test cluster for one ledger and its bridges.
final class LedgerNamespace implements AutoCloseable {

    private final ClusterFixture cluster;
    private final KubernetesClient client;
    private final String name = "ledger-" + UUID.randomUUID().toString().substring(0, 8);

    LedgerNamespace(ClusterFixture cluster) {
        this.cluster = cluster;
        this.client = cluster.client();
        Resources.succeed(cluster.kubectl("create", "namespace", name));
    }

    String name() {
        return name;
    }

    KubernetesLedger open(Path data, String replica, InstantSource clock) {
        return open(client, data, replica, clock);
    }

    /// The same by another way to the API server.
    KubernetesLedger open(KubernetesClient by, Path data, String replica, InstantSource clock) {
        return KubernetesLedger.open(
                FileLedger.open(data, FileLedgerSettings.standard(clock)),
                by,
                name,
                replica,
                clock);
    }

    /// What `kubectl` prints.
    String kubectl(String... arguments) {
        String[] all = new String[arguments.length + 2];
        all[0] = "-n";
        all[1] = name;
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return Resources.succeed(cluster.kubectl(all)).output();
    }

    @Override
    public void close() {
        client.close();
        cluster.kubectl("delete", "namespace", name, "--wait=false");
    }
}
