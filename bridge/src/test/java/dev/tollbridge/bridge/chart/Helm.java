package dev.tollbridge.bridge.chart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollbridge.bridge.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The real `helm`, with the project's chart.
final class Helm {

    static final Path CHART = Path.of("../charts/tollbridge").toAbsolutePath().normalize();

    /// The values that there is no default for.
    static final String EXTERNAL_URL = "bridge.externalUrl=https://tollbridge.acme.example";

    static final String IMAGE = "image.repository=registry.acme.example/tollbridge";

    static final String NAMESPACE = "chart-test";

    private Helm() {}

    /// What a run printed, both streams.
    record Said(int exitCode, String text) {

        String succeeded() {
            assertThat(exitCode).as(text).isZero();
            return text;
        }
    }

    /// @param kubeconfig null: no cluster is asked
    static Said run(@Nullable Path kubeconfig, String... arguments) {
        try {
            List<String> command = new ArrayList<>(List.of(Tools.program("helm")));
            command.addAll(List.of(arguments));
            Path home = Files.createTempDirectory("helm-");
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("HELM_CACHE_HOME", home.toString());
            builder.environment().put("HELM_CONFIG_HOME", home.toString());
            builder.environment().put("HELM_DATA_HOME", home.toString());
            builder.environment()
                    .put("KUBECONFIG", kubeconfig == null ? "/dev/null" : kubeconfig.toString());
            Process process = builder.start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            return new Said(process.waitFor(), said);
        } catch (IOException e) {
            throw new IllegalStateException("helm could not be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// `helm template`, with values as `--set` has them.
    static Said template(List<String> values) {
        return run(null, with(values, "template", "tollbridge", CHART.toString()));
    }

    /// A command with the values and the namespace of the tests.
    static String[] with(List<String> values, String... command) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.add("--namespace");
        arguments.add(NAMESPACE);
        for (String value : values) {
            arguments.add("--set");
            arguments.add(value);
        }
        return arguments.toArray(String[]::new);
    }
}
