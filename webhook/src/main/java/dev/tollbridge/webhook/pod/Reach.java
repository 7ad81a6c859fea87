package dev.tollbridge.webhook.pod;

import dev.tollbridge.webhook.detect.Content;
import dev.tollbridge.webhook.stored.StoredKind;
import java.util.Set;

/// One way by which something reaches a container.
public sealed interface Reach {

    /// Where it stands in the object, such as `spec.containers[0].env[2].value`.
    String path();

    /// It is written out in the pod.
    record Literal(String path, Content content) implements Reach {}

    /// It is in a Secret or ConfigMap of the pod's namespace.
    ///
    /// @param keys which of its keys; empty: all that it has
    /// @param optional whether the pod starts without it
    record Reference(String path, StoredKind kind, String name, Set<String> keys, boolean optional)
            implements Reach {

        public Reference {
            keys = Set.copyOf(keys);
        }
    }

    /// Its content is not in the cluster's objects, or of a kind that is not known here.
    ///
    /// @param words what it is, for people
    record Opaque(String path, String words) implements Reach {}

    /// A disk or other storage that workloads fill: nothing says that it holds a login, nothing
    /// says that it does not. Recorded; no cluster could run if this were refused.
    record Storage(String path, String words) implements Reach {}
}
