package dev.tollbridge.bridge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.testing.cluster.ClusterFixture;
import dev.tollbridge.testing.cluster.KubectlResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The chart's custom resources in the test cluster, by the real `kubectl`.
public final class Resources {

    private static final Path DEFINITIONS = Path.of("../charts/tollbridge/crds");

    private static boolean installed;

    private Resources() {}

    /// Puts the definitions into the one test cluster, once.
    public static synchronized ClusterFixture cluster() {
        ClusterFixture cluster = ClusterFixture.shared();
        if (!installed) {
            install(cluster);
            installed = true;
        }
        return cluster;
    }

    /// Puts the definitions into a cluster.
    public static void install(ClusterFixture cluster) {
        succeed(cluster.kubectl("apply", "-f", DEFINITIONS.toString()));
        succeed(
                cluster.kubectl(
                        "wait",
                        "--for=condition=Established",
                        "--timeout=30s",
                        "-f",
                        DEFINITIONS.toString()));
    }

    public static KubectlResult succeed(KubectlResult result) {
        assertThat(result.succeeded()).as(result.output()).isTrue();
        return result;
    }

    /// `kubectl ... -f` with a text.
    public static KubectlResult kubectl(String yaml, String... arguments) {
        return kubectl(cluster(), yaml, arguments);
    }

    /// The same, in a cluster of the caller's own.
    public static KubectlResult kubectl(ClusterFixture cluster, String yaml, String... arguments) {
        try {
            Path file = Files.createTempFile("resource-", ".yaml");
            try {
                Files.writeString(file, yaml);
                List<String> all = new ArrayList<>(List.of(arguments));
                all.addAll(List.of("-f", file.toString()));
                return cluster.kubectl(all.toArray(String[]::new));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public static KubectlResult apply(String yaml) {
        return succeed(kubectl(yaml, "apply"));
    }

    /// Asks the API server what it would say, without storing anything.
    public static KubectlResult rehearse(String yaml) {
        return kubectl(yaml, "apply", "--dry-run=server", "--validate=strict");
    }
}
