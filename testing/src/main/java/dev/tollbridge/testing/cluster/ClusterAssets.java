package dev.tollbridge.testing.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.opentest4j.TestAbortedException;

/// The folder with `etcd`, `kube-apiserver` and `kubectl`: `KUBEBUILDER_ASSETS` when it is set,
/// else built once from their Go modules by `testing/cluster/build`.
///
/// Where neither is possible the tests that need them are aborted with the reason; under
/// `-Dtollbridge.ci=true` they fail instead, so that CI can never be green by skipping.
final class ClusterAssets {

    private ClusterAssets() {}

    static Path find() {
        String given = System.getenv("KUBEBUILDER_ASSETS");
        if (given != null && Files.isExecutable(Path.of(given, "kube-apiserver"))) {
            return Path.of(given);
        }
        try {
            return build();
        } catch (IOException e) {
            String why =
                    "no Kubernetes API server for this test: "
                            + e.getMessage()
                            + "; set KUBEBUILDER_ASSETS or install Go 1.26";
            if (Boolean.getBoolean("tollbridge.ci")) {
                return Assertions.fail(why);
            }
            throw new TestAbortedException(why);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path build() throws IOException, InterruptedException {
        Path recipe = root().resolve("testing/cluster/build");
        Process process =
                new ProcessBuilder(recipe.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String folder = "";
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                folder = line;
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException(recipe + " ended with " + process.exitValue());
        }
        return Path.of(folder);
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (here != null && !Files.isDirectory(here.resolve("testing/cluster"))) {
            here = here.getParent();
        }
        if (here == null) {
            throw new IllegalStateException("not inside the project");
        }
        return here;
    }
}
