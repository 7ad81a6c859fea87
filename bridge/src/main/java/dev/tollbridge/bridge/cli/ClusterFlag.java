package dev.tollbridge.bridge.cli;

import dev.tollbridge.bridge.config.TrustedIssuerSpec.TokenReviewSource;
import java.nio.file.Files;
import java.nio.file.Path;

/// What flags that name a cluster take: `in-cluster`, or `kubeconfig:FILE`.
final class ClusterFlag {

    static final String IN_CLUSTER = "in-cluster";
    private static final String KUBECONFIG = "kubeconfig:";

    private ClusterFlag() {}

    /// Whether it is meant to name one.
    static boolean names(String written) {
        return written.equals(IN_CLUSTER) || written.startsWith(KUBECONFIG);
    }

    /// @param option for messages
    /// @throws CommandFailure when it names none, or one that cannot be used here
    static TokenReviewSource read(String option, String written) {
        if (written.equals(IN_CLUSTER)) {
            if (System.getenv("KUBERNETES_SERVICE_HOST") == null) {
                throw CommandFailure.usage(
                        option
                                + " in-cluster: this is no pod (KUBERNETES_SERVICE_HOST is not"
                                + " set); give kubeconfig:FILE");
            }
            return new TokenReviewSource(null, true);
        }
        if (written.startsWith(KUBECONFIG) && written.length() > KUBECONFIG.length()) {
            Path file = Path.of(written.substring(KUBECONFIG.length()));
            if (!Files.isReadable(file)) {
                throw CommandFailure.usage(option + ": " + file + " cannot be read");
            }
            return new TokenReviewSource(file.toAbsolutePath().toString(), false);
        }
        throw CommandFailure.usage(option + " is in-cluster or kubeconfig:FILE");
    }
}
