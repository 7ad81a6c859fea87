package dev.tollbridge.bridge.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.cli.TollbridgeCommand;
import dev.tollbridge.testing.cluster.ClusterFixture;
import dev.tollbridge.testing.cluster.KubectlResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;

/// The bridge's own account in a cluster, with the rights that `setup kubernetes` prints.
record BridgesOwn(ClusterFixture cluster, String namespace) {

    /// A kubeconfig of a new service account in a new namespace.
    Path kubeconfig() {
        kubectl("create", "namespace", namespace);
        kubectl("-n", namespace, "create", "serviceaccount", "bridge");
        return cluster.kubeconfig(
                namespace, kubectl("-n", namespace, "create", "token", "bridge").strip());
    }

    /// As a reader of the example would do it.
    void mayMint(Path config, String target) throws IOException {
        StringWriter out = new StringWriter();
        CommandLine command = TollbridgeCommand.commandLine().setOut(new PrintWriter(out, true));
        int exit =
                command.execute(
                        "setup",
                        "kubernetes",
                        "--config",
                        config.toString(),
                        "--target",
                        target,
                        "--url",
                        "https://tollbridge.acme.example");
        assertThat(exit).isZero();
        Path rbac =
                Files.writeString(
                        Files.createTempFile("rbac", ".yaml"),
                        out.toString()
                                .replace("TOLLBRIDGE_SERVICE_ACCOUNT", "bridge")
                                .replace("TOLLBRIDGE_NAMESPACE", namespace));
        kubectl("apply", "-f", rbac.toString());
        Files.delete(rbac);
    }

    String kubectl(String... words) {
        KubectlResult result = cluster.kubectl(words);
        assertThat(result.succeeded()).as(result.output()).isTrue();
        return result.output();
    }
}
