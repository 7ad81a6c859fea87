package dev.tollbridge.bridge.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--namespace NAME`: the bridge's own.
final class NamespaceOption {

    private static final Path OWN =
            Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");

    @Option(
            names = "--namespace",
            paramLabel = "NAME",
            description =
                    "The bridge's own namespace, where its Secrets and issuances are. Default: the"
                            + " pod's.")
    private @Nullable String namespace;

    /// @throws CommandFailure when it is not given, and this is no pod
    String name() {
        if (namespace != null) {
            return namespace;
        }
        try {
            return Files.readString(OWN).strip();
        } catch (IOException e) {
            throw CommandFailure.usage(
                    "--namespace is missing: this is no pod, so nothing else says it");
        }
    }
}
