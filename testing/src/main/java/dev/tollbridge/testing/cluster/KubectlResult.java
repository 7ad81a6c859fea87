package dev.tollbridge.testing.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What a run of the real `kubectl` printed.
public record KubectlResult(int exitCode, String output) {

    static KubectlResult of(Path kubectl, Path kubeconfig, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(kubectl.toString(), "--kubeconfig", kubeconfig.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new KubectlResult(process.waitFor(), output);
        } catch (IOException e) {
            throw new IllegalStateException("kubectl could not be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public boolean succeeded() {
        return exitCode == 0;
    }
}
