package dev.tollbridge.bridge.serve;

import dev.tollbridge.bridge.rules.LiveRules;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where the documents are that a bridge goes by.
public sealed interface DocumentsFrom {

    /// How old the last look at them may be before the bridge answers 503 (DESIGN 14, rule 3).
    Duration within();

    /// Files of a directory.
    record Folder(Path path, Duration within) implements DocumentsFrom {

        public Folder(Path path) {
            this(path, LiveRules.LOOKED_AT_WITHIN);
        }
    }

    /// Custom resources of a cluster.
    ///
    /// @param kubeconfig how it is reached; null: the cluster the bridge runs in
    /// @param namespace the bridge's own, where the Secrets are that resources refer to
    record Cluster(@Nullable String kubeconfig, String namespace, Duration within)
            implements DocumentsFrom {}
}
