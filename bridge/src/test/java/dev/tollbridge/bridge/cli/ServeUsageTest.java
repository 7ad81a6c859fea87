package dev.tollbridge.bridge.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.cli.Commands.Ran;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `serve` refuses before it makes anything: each with the option and what it should be.
class ServeUsageTest {

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "--operators nobody, --operators is in-cluster or kubeconfig:FILE",
        "--operators kubeconfig:/nowhere, cannot be read",
        "--operators in-cluster, this is no pod",
        "--audit-retention 1d, --audit-retention is at least 7d",
        "--audit-webhook-token-file x, --audit-webhook-token-file goes with --audit-webhook",
        "--audit-otlp-token-file x, --audit-otlp-token-file goes with --audit-otlp",
        "--ledger-cluster in-cluster, --ledger-cluster goes with --ledger kubernetes",
        "--config-max-age 1m, --config-max-age is for custom resources",
        "--config in-cluster, this is no pod",
        "--config kubeconfig:/nowhere, cannot be read",
        "--ledger kubernetes --ledger-cluster nobody, in-cluster or kubeconfig:FILE",
        "--endpoint-ca /nowhere, cannot be read",
        "--allow-endpoint nonsense, --allow-endpoint",
        "--tls-key x, --tls-cert and --tls-key go together",
        "--management 8081, --management"
    })
    void isSaidWithTheOption(String options, String said) {
        List<String> arguments =
                new ArrayList<>(
                        List.of("serve", "--data", folder.toString(), "--listen", "127.0.0.1:0"));
        if (!options.startsWith("--config ")) {
            arguments.addAll(List.of("--config", folder.toString()));
        }
        arguments.addAll(List.of(options.split(" ")));
        Ran ran = Commands.run(arguments.toArray(String[]::new));
        assertThat(ran.exit()).as(ran.err()).isEqualTo(ExitCode.USAGE);
        assertThat(ran.err()).contains(said);
        assertThat(ran.out()).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }
}
